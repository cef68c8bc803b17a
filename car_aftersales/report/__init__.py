from . import car_repair_report
