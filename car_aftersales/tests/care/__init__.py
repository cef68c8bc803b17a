from . import test_campaign
from . import test_customer_value
from . import test_contact_link
from . import test_insurance_policy
from . import test_privacy
