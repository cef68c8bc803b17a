from . import car_cn_certificate_issue
from . import car_cn_paper_void
from . import car_vehicle_plate_change
