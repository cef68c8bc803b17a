from . import car_repair_report
from . import car_visit_report
from . import car_campaign_report
from . import car_loss_report
