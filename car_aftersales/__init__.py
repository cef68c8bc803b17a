from . import controllers
from . import models
from . import report
from . import wizard
from .hooks import _post_init_hook as post_init_hook
from .hooks import _uninstall_hook as uninstall_hook
