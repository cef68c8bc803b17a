from . import test_comeback
from . import test_comeback_money
from . import test_comeback_report
from . import test_flow_comeback
from . import test_guarantee
from . import test_guarantee_one_winner
