from . import car_warranty_maker
from . import car_repair_law

# Policies and coverage
from . import w_cover_settings
from . import car_warranty_policy
from . import car_warranty_component
from . import car_warranty_coverage
from . import car_vehicle_coverage
from . import car_vehicle_missed_service
from . import car_repair_line_coverage
from . import car_repair_line_coverage_answer
from . import car_part_warranty
from . import car_repair_line_proposal
from . import car_repair_payer_terms
from . import car_repair_payer_split
from . import car_reception
