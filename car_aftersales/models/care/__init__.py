# Who may be contacted, how, and what is told
from . import res_company
from . import res_config_settings
from . import car_contact_permission
from . import res_partner
from . import car_repair_order
from . import car_reception
from . import car_contact_topic
from . import car_knowledge_article

# The queue of planned contacts
from . import car_contact_festival
from . import car_contact_rule
from . import car_contact_rule_source
from . import car_contact_task
from . import car_contact_task_steps
from . import car_contact_task_calendar
from . import car_contact_task_make
from . import car_contact_task_withdraw
from . import car_contact_deputy

# What was said
from . import car_contact_call
from . import car_contact_call_outcome
from . import car_contact_call_talk
from . import car_contact_point
from . import car_contact_point_steps
from . import car_customer_remark

# The customer file
from . import car_customer_file
from . import car_customer_file_hub
from . import car_customer_file_open

# Reports, targets, trainings
from . import reports_settings
from . import car_calendar_period_mixin
from . import car_training
from . import car_target
from . import car_target_actual
from . import car_target_daily
from . import car_period_report
from . import car_period_report_line
from . import car_period_report_figures
from . import car_period_report_sections
from . import car_period_report_rooms
from . import car_period_report_meeting
from . import car_period_report_remind

# Complaints
from . import complaints_settings
from . import car_complaint_category
from . import car_complaint
from . import car_complaint_guard
from . import car_complaint_steps
from . import car_complaint_clock
from . import car_complaint_remedy
from . import car_complaint_measure
from . import car_complaint_mail
from . import car_complaint_warning
from . import car_complaint_point
from . import car_complaint_links

# How customers rate a visit
from . import satisfaction_settings
from . import car_satisfaction_question
from . import car_satisfaction
from . import car_satisfaction_request

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

# Campaigns and what they bring
from . import campaigns_settings
from . import car_campaign
from . import car_campaign_steps
from . import car_campaign_target
from . import car_campaign_contact
from . import car_campaign_result
from . import car_campaign_letter

# Who comes, who does not come any more
from . import car_customer_segment
from . import car_customer_value
from . import car_customer_value_refresh
from . import car_customer_loss
from . import car_customer_loss_contact
from . import car_customer_standing

# What customers allow, and answer by a link
from . import car_contact_link
from . import mail_thread
from . import car_contact_permission_screen
from . import car_campaign_message

# Insurances of customers' cars
from . import car_insurance_policy
from . import car_insurance_contact
from . import car_target_insurance

# Personal data: copied and erased
from . import car_contact_suppression
from . import car_privacy_data
from . import car_privacy_blocks
from . import car_privacy_erase
from . import car_privacy_request

# Recalls
from . import car_recall_contact
