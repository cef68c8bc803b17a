from . import test_module

from .care import *
from .workshop import *
from .vehicle import *
