from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Number arrivals in every company; cars that have left are with the customer."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"].search([])._create_car_sequences()
    cr.execute(
        "UPDATE car_repair_order o SET car_place = 'customer' "
        "WHERE o.state IN ('delivered', 'cancelled') OR EXISTS ("
        "SELECT 1 FROM car_exit_pass p WHERE p.order_id = o.id "
        "AND p.kind = 'final' AND p.state = 'used')"
    )
