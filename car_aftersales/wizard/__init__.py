from . import car_repair_down_payment
from . import car_repair_promise_change
from . import car_repair_reason
from . import car_repair_reason_intake
from . import car_repair_swap
from . import car_vehicle_owner_change
from . import car_vehicle_plate_change
from . import car_vehicle_reading_correct
