from . import car_board
from . import car_rating
from . import workshop_terminal
