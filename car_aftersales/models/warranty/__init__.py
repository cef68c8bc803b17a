from . import car_warranty_maker
from . import car_repair_law

# Our own guarantee, and cars that come back under it
from . import guarantee_settings
from . import car_guarantee_promise
from . import car_repair_line_term
from . import car_repair_line_term_state
from . import car_repair_line_term_paper
from . import car_repair_comeback
from . import car_repair_comeback_steps
from . import car_repair_job_comeback
from . import car_repair_payer_comeback
from . import car_reception_guarantee
from . import car_demo
