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

# What is written to customers, and what is on record
from . import letters_settings
from . import car_contact_letter_template
from . import car_contact_letter
from . import car_contact_letter_merge
from . import car_contact_letter_steps
from . import car_contact_letter_task
from . import car_contact_call_letter
from . import car_contact_call_kept
from . import res_partner_letter
from . import car_vehicle_contact
from . import car_contact_register
from . import car_contact_register_rows
from . import car_contact_register_files
from . import car_contact_register_closed
from . import car_contact_paper
from . import ir_actions_report
from . import ir_attachment
