from . import car_cn_certificate_issue
from . import car_cn_paper_void
from . import car_vehicle_plate_change
from . import car_repair_archive_export
from . import car_three_guarantee_correct
