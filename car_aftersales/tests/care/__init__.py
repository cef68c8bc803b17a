from . import test_contact_queue
from . import test_contact_call
from . import test_contact_point
from . import test_contact_deputy
from . import test_customer_file
from . import test_contact_security
from . import test_flow_follow_up
