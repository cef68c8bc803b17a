from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give every company the runs of numbers of enquiries, appointments, inspections."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["res.company"].search([])._create_car_sequences()
