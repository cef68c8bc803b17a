from . import test_module_cn
from . import test_cn_certificate
from . import test_cn_guarantee
from . import test_cn_papers
from . import test_cn_plates
