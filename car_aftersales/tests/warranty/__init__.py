from . import test_flow_claim
