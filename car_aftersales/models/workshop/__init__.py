# Master data
from . import car_order_part_mixin
from . import car_site_mixin
from . import car_repair_class
from . import car_repair_type
from . import car_repair_type_quality
from . import car_repair_system_price
from . import car_labor_time
from . import product_product
from . import car_workshop_skill
from . import car_workshop_team
from . import car_workshop_bay
from . import car_technician
from . import car_technician_user
from . import res_company
from . import res_config_settings
from . import car_custody
from . import car_inspection_template

# The visit
from . import car_repair_order
from . import car_repair_order_guard
from . import car_repair_order_steps
from . import car_repair_job
from . import car_repair_job_estimate
from . import car_repair_job_guard
from . import car_repair_line
from . import car_repair_line_price
from . import car_repair_line_consent
from . import car_repair_line_guarantee
from . import car_repair_line_share
from . import car_repair_line_stock
from . import car_repair_line_purchase
from . import car_repair_authorization
from . import car_repair_estimate
from . import car_repair_promise
from . import car_repair_contract
from . import car_repair_contract_file
from . import car_repair_contract_sequel
from . import car_repair_payer
from . import car_repair_billing
from . import car_repair_payer_billing
from . import car_repair_payer_amounts
from . import car_exit_pass
from . import car_repair_order_summary
from . import car_repair_order_screen
from . import car_repair_job_screen
from . import car_repair_order_catalog
from . import car_repair_paper
from . import car_repair_paper_amounts
from . import ir_attachment
from . import car_vehicle
from . import car_vehicle_event

# Booking: occupied time, what is free, who wants it
from . import car_workshop_slot
from . import car_workshop_capacity
from . import car_repair_job_slots
from . import car_caller_mixin
from . import car_enquiry
from . import car_appointment
from . import car_appointment_line
from . import car_appointment_booking
from . import car_appointment_steps
from . import car_appointment_part
from . import car_appointment_board
from . import car_appointment_message
from . import car_repair_order_booking
from . import car_repair_promise_load
from . import car_repair_order_booked
from . import car_repair_job_booked
from . import car_repair_ask_again
from . import car_repair_fee_credit
from . import car_repair_line_credit
from . import car_appointment_estimate

# The front desk: who arrives and what becomes of it
from . import car_reception
from . import car_reception_steps
from . import car_reception_search
from . import car_reception_desk
from . import car_reception_cards
from . import car_reception_offers
from . import car_repair_order_reception

# What is looked at: intake, diagnosis, health check
from . import car_inspection
from . import car_inspection_steps
from . import car_inspection_line
from . import car_inspection_document
from . import car_inspection_belonging
from . import car_inspection_signature
from . import car_repair_type_intake
from . import car_repair_order_custody
from . import car_repair_order_intake
from . import car_inspection_intake
from . import car_inspection_diagnosis
from . import car_inspection_paper
from . import car_specialist_call

# Work on the floor: who works on what, for how long
from . import car_work_session
from . import car_work_session_typed
from . import car_work_session_forgotten
from . import car_repair_job_work
from . import car_technician_day
from . import car_workshop_terminal
from . import car_repair_job_record
from . import car_hand_over
from . import car_wash
from . import car_repair_job_dispatch
from . import car_repair_job_deferred
from . import car_repair_order_carry
from . import car_reception_deferred
from . import car_vehicle_model
from . import product_template
from . import car_additional_work
from . import car_additional_work_steps
from . import car_repair_order_additional

# The finished work: judged link by link, then given back
from . import car_quality_check
from . import car_repair_order_quality
from . import car_repair_order_ask
from . import car_repair_job_quality
from . import car_inspection_release
from . import car_customer_remark
from . import car_repair_order_release
from . import car_repair_order_notice
from . import car_repair_order_return
from . import car_repair_pickup
from . import car_exit_pass_gate

# Progress: who waits for whom, what the boards show
from . import car_state_log
from . import car_repair_order_risk
from . import car_board
from . import car_board_content

# Where it meets stock, purchase and accounting
from . import ir_sequence
from . import stock_warehouse
from . import stock_picking
from . import stock_move
from . import car_appointment_part_stock
from . import purchase_order_line
from . import account_move
from . import account_move_line
from . import account_payment_register

# Where a dealer begins
from . import car_setup
