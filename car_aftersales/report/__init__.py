from . import car_repair_report
from . import car_satisfaction_report
from . import car_visit_report
from . import car_contact_clerk_report
from . import car_contact_clerk_report_open
from . import car_contact_report
from . import car_campaign_report
from . import car_loss_report
