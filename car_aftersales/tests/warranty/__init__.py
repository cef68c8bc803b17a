from . import test_claim
from . import test_claim_billing
from . import test_claim_import
from . import test_claim_one_winner
from . import test_claim_report
from . import test_claim_security
from . import test_flow_claim
from . import test_old_part
