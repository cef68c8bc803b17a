"""Run in `odoo shell` on a database with the add-on: hands over to the program.

The shell holds a connection to its database, which could not be copied then; and its
registry would be stale after `repair` is installed.
"""

import os
import sys
from pathlib import Path

from odoo.tools import config

import odoo.addons.car_aftersales

root = Path(odoo.addons.car_aftersales.__file__).parents[1]
paths = [str(root), *odoo.__path__[:1]]
paths[1:] = [str(Path(path).parent) for path in paths[1:]]
os.environ["PYTHONPATH"] = os.pathsep.join(
    [*paths, *filter(None, [os.environ.get("PYTHONPATH")])]
)
arguments = ["-c", config["config"], "-d", env.cr.dbname, "--no-http"]
if config["logfile"]:
    arguments.append(f"--logfile={config['logfile']}")
sys.stdout.flush()
os.execv(sys.executable, [sys.executable, "-m", "bench", *arguments])
