from . import test_module_cn

# three guarantees and electronic archive
from . import test_three_guarantee_ledger
from . import test_three_guarantee_limits
from . import test_three_guarantee_mobility
from . import test_three_guarantee_papers
from . import test_car_repair_archive
from . import test_car_repair_archive_one_winner
