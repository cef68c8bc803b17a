from . import test_workshop_masters
from . import test_flow_visit
from . import test_billing
from . import test_parts
from . import test_refusals
from . import test_one_winner
from . import test_confidential
