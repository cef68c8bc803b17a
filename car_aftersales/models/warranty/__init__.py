from . import car_warranty_maker
from . import car_repair_law
