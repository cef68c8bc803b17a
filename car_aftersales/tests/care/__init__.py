from . import test_car_complaint
from . import test_car_complaint_clock
from . import test_car_complaint_remedy
from . import test_car_complaint_sources
from . import test_car_complaint_warning
from . import test_car_rating_page
from . import test_car_satisfaction
