from . import test_part_trace
from . import test_recall_campaign
from . import test_recall_contact
from . import test_recall_import
from . import test_recall_visit
from . import test_tours_recall
