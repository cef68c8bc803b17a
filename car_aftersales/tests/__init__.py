from . import test_module

from .workshop import *
from .vehicle import *
from .care import *
