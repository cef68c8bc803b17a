from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Number files, calls, letters and complaints in every company."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"].with_context(active_test=False).search(
        [("id", "!=", False)]
    )._create_car_sequences()
