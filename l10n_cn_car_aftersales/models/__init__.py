from . import account_chart_template
from . import res_company
from . import res_config_settings
from . import car_cn_confirm_mixin
from . import car_cn_paper_mixin
from . import car_cn_plate_rule
from . import car_cn_vehicle
from . import car_law_guarantee
from . import cn_law_settings
from . import car_cn_certificate
from . import car_cn_certificate_order
from . import car_cn_settlement
from . import car_cn_settlement_paper
from . import car_cn_inspection_record
from . import ir_actions_report

# three guarantees
from . import car_three_guarantee_rule
from . import car_three_guarantee_assembly
from . import car_three_guarantee_wear_part
from . import car_three_guarantee_open
from . import car_three_guarantee_time
from . import car_three_guarantee_vehicle
from . import car_three_guarantee_job
from . import car_three_guarantee_entry
from . import car_three_guarantee_ledger
from . import car_three_guarantee_follow
from . import car_three_guarantee_standing
from . import car_three_guarantee_screen
from . import car_three_guarantee_warning
from . import car_three_guarantee_mobility
from . import car_three_guarantee_paper
from . import cn_three_settings

# electronic repair archive
from . import car_archive_adapter
from . import car_repair_archive
from . import car_repair_archive_build
from . import car_repair_archive_send
from . import cn_archive_settings

# demonstration
from . import car_demo
