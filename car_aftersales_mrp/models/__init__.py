from . import account_move_line
from . import car_appointment_part
from . import car_repair_line
from . import stock_move
