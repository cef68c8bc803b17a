from . import car_repair_archive_export
from . import car_three_guarantee_correct
