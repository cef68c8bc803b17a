from . import car_warranty_maker
from . import car_repair_law

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
