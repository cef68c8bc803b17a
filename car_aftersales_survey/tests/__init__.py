from . import test_module_survey
from . import test_survey
