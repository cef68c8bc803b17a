from . import workshop_terminal
