from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Number the documents of the warranty in every company."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"].with_context(active_test=False).search(
        [("id", "!=", False)]
    )._create_car_sequences()
