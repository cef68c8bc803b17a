# What every room uses
from . import car_workflow_mixin
from . import car_confidential_mixin
from . import ir_actions_report
from . import res_company
from . import car_clock
from . import res_config_settings
from . import car_demo

# The rooms, lower layers first
from . import vehicle
from . import workshop
from . import warranty
from . import care
