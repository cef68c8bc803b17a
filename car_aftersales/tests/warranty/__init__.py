from . import test_coverage
from . import test_coverage_answer
from . import test_coverage_payers
from . import test_coverage_service
from . import test_flow_warranty_visit
