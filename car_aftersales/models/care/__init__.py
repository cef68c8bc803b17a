# Who may be contacted, how, and what is told
from . import res_company
from . import res_config_settings
from . import car_contact_permission
from . import res_partner
from . import car_repair_order
from . import car_contact_topic
from . import car_knowledge_article

# The queue of planned contacts
from . import car_contact_festival
from . import car_contact_rule
from . import car_contact_rule_source
from . import car_contact_task
from . import car_contact_task_calendar
from . import car_contact_task_make
from . import car_contact_task_withdraw
from . import car_contact_deputy

# What was said
from . import car_contact_call
from . import car_contact_call_talk
from . import car_contact_point
from . import car_customer_remark

# The customer file
from . import car_customer_file
from . import car_customer_file_open

# Campaigns and what they bring
from . import campaigns_settings
from . import car_campaign
from . import car_campaign_steps
from . import car_campaign_target
from . import car_campaign_contact
from . import car_campaign_result

# Who comes, who does not come any more
from . import car_customer_segment
from . import car_customer_value
from . import car_customer_value_refresh
from . import car_customer_loss
from . import car_customer_loss_contact
from . import car_customer_standing

# What customers allow, and answer by a link
from . import car_contact_link
from . import car_contact_permission_screen
from . import car_campaign_message

# Insurances of customers' cars
from . import car_insurance_policy
from . import car_insurance_contact

# Personal data: copied and erased
from . import car_contact_suppression
from . import car_privacy_data
from . import car_privacy_blocks
from . import car_privacy_erase
from . import car_privacy_request
