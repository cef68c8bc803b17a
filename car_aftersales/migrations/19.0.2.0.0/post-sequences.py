from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give companies their numbers of enquiries, appointments and inspections."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"].search([])._create_car_sequences()
