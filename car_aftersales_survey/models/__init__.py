from . import res_company
from . import res_config_settings
from . import survey_user_input
from . import car_repair_order
from . import car_customer_file
