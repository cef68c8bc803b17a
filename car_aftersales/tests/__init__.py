from . import test_module

from .workshop import *
from .vehicle import *
from .warranty import *
from .care import *
