from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Write on the valid settlement lists what the customer pays of them.

    Without it the next print would take them for outdated and make them anew.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    for settlement in env["car.cn.settlement"].search([("state", "=", "valid")]):
        amounts = settlement.order_id._prepare_settlement_amounts()
        settlement.amount_customer = amounts["amount_customer"]
