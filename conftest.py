"""Run the tests in earnest: no browser test is skipped, durations are real."""

import freezegun
import pytest

from odoo.tests import common

SILENT_SKIPS = ("chrome", "websocket", "--odoo-http")

# On a busy machine the first start of the browser takes longer than the ten
# seconds after which Odoo skips the test.
common.CHECK_BROWSER_ITERATIONS = 900

# Tests with a frozen clock still take real time.
freezegun.configure(extend_ignore_list=["_pytest."])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    reason = str(report.longrepr).lower()
    if report.skipped and any(text in reason for text in SILENT_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"The test was skipped: {report.longrepr}"
