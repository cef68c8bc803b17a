"""Run the tests in earnest: no browser test is skipped, durations are real."""

import os
import shutil
from unittest import mock

import freezegun
import pytest
from xdist.scheduler import LoadScopeScheduling

from odoo.tests import common
from odoo.tools import config

SILENT_SKIPS = ("chrome", "websocket", "--odoo-http")

# On a busy machine the first start of the browser takes longer than the ten
# seconds after which Odoo skips the test.
common.CHECK_BROWSER_ITERATIONS = 900

# Tests with a frozen clock still take real time.
freezegun.configure(extend_ignore_list=["_pytest."])


@pytest.fixture(scope="session", autouse=True)
def own_files(load_registry):
    """Give each of several workers a filestore of its own.

    After each class Odoo removes files that its database does not know: from a
    filestore that is shared, those of the others.
    """
    worker = os.getenv("PYTEST_XDIST_WORKER")
    if not worker:
        yield
        return
    shared = config.filestore(config["db_name"])
    files = f"{shared}-{worker}"
    shutil.copytree(shared, files, dirs_exist_ok=True)
    with mock.patch.object(config, "filestore", return_value=files):
        yield
    shutil.rmtree(files)


class OneBrowser(LoadScopeScheduling):
    """Several workers share the classes; all tours go to one of them.

    A tour gives up when a step takes ten seconds: two browsers at once beside two
    servers come near to it on a small machine.
    """

    def _split_scope(self, nodeid):
        return "tours" if "/test_tours" in nodeid else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return OneBrowser(config, log)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    reason = str(report.longrepr).lower()
    if report.skipped and any(text in reason for text in SILENT_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"The test was skipped: {report.longrepr}"
