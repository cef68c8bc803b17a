from . import car_board
from . import car_rating
from . import car_contact
from . import workshop_terminal
