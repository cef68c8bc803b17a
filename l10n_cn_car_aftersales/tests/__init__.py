from . import test_module_cn
