from . import car_warranty_maker
from . import car_repair_law

# Policies and coverage
from . import coverage_settings
from . import car_warranty_policy
from . import car_warranty_policy_use
from . import car_warranty_component
from . import car_warranty_coverage
from . import car_warranty_coverage_state
from . import car_warranty_coverage_kept
from . import car_vehicle_coverage
from . import car_vehicle_missed_service
from . import car_repair_line_coverage
from . import car_repair_line_coverage_answer
from . import car_part_warranty
from . import car_repair_line_proposal
from . import car_repair_payer_terms
from . import car_repair_payer_split
from . import car_reception

# Our own guarantee, and cars that come back under it
from . import guarantee_settings
from . import car_guarantee_promise
from . import car_repair_line_term
from . import car_repair_line_term_state
from . import car_repair_line_term_paper
from . import car_repair_comeback
from . import car_repair_comeback_steps
from . import car_repair_job_comeback
from . import car_repair_payer_comeback
from . import car_reception_guarantee
from . import car_demo
from . import car_warranty_maker_claim
from . import car_warranty_claim
from . import car_warranty_claim_line
from . import car_warranty_claim_collect
from . import car_warranty_claim_missing
from . import car_warranty_claim_steps
from . import car_warranty_claim_answer
from . import car_warranty_claim_money
from . import car_warranty_claim_allowance
from . import car_warranty_claim_books
from . import car_warranty_claim_payment
from . import car_warranty_claim_set_off
from . import car_warranty_claim_move
from . import car_warranty_claim_format
from . import car_warranty_old_part
from . import car_warranty_old_part_stock
from . import car_warranty_claim_links
from . import car_demo_claims

# Recalls and service actions
from . import car_recall_campaign
from . import car_recall_progress
from . import car_recall_fill
from . import car_recall_part
from . import car_recall_vehicle
from . import car_recall_vehicle_steps
from . import car_recall_import
from . import car_recall_link
from . import car_recall_job
from . import car_recall_order
from . import car_recall_appointment
from . import car_recall_reception

# Which car has which part
from . import stock_move_line
from . import car_part_trace
from . import car_part_trace_links
from . import car_part_trace_contact
