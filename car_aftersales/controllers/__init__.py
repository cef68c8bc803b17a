from . import car_board
