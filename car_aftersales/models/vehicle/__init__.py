# The car and what kind of car it is
from . import car_vehicle_system
from . import car_vehicle_brand
from . import car_vehicle_model
from . import car_vehicle

# Its history
from . import car_vehicle_period_mixin
from . import car_vehicle_plate
from . import car_vehicle_ownership
from . import car_odometer_reading
from . import car_vehicle_odometer

# Its service
from . import car_repair_package
from . import car_maintenance_plan
from . import car_maintenance_record
from . import car_vehicle_maintenance

# Finding and loading it
from . import car_vehicle_search
from . import car_vehicle_import
from . import car_vehicle_import_check
from . import base_import
from . import car_vehicle_event

# Odoo's own models
from . import product_template
from . import product_product
from . import res_partner
