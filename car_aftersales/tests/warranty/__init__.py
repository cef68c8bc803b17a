from . import test_recall_import
