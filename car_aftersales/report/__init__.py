from . import car_repair_report
from . import car_satisfaction_report
from . import car_visit_report
