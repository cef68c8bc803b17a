from . import test_module_cn
from . import test_cn_certificate
from . import test_cn_guarantee
from . import test_cn_guarantee_stamp
from . import test_cn_papers
from . import test_cn_plates
from . import test_tours_cn
from . import test_flow_china

# three guarantees and electronic archive
from . import test_three_guarantee_ledger
from . import test_three_guarantee_follow
from . import test_three_guarantee_limits
from . import test_three_guarantee_mobility
from . import test_three_guarantee_open
from . import test_three_guarantee_papers
from . import test_car_repair_archive
from . import test_car_repair_archive_one_winner
