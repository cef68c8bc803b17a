from . import car_board
from . import workshop_terminal
