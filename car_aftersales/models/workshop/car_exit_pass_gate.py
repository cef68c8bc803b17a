from odoo import api, models
from odoo.fields import Domain

from ...tools.plate import normalize_plate


class CarExitPass(models.Model):
    """The gate: a pass is found by what is scanned or read, its number or the plate."""

    _inherit = "car.exit.pass"

    # === BUSINESS METHODS === #

    @api.model
    def _find_at_gate(self, code):
        """Return the passes on which a car goes out or comes back now.

        :param code: number of the pass or plate, whichever way it is typed.
        """
        code = (code or "").strip()
        if not code:
            return self.browse()
        valid = Domain("state", "=", "valid")
        out = (
            Domain("state", "=", "used")
            & Domain("kind", "=", "temporary")
            & Domain("back_at", "=", False)
        )
        here = valid | out
        if found := self.search(here & Domain("name", "in", [code, code.upper()])):
            return found
        key = normalize_plate(code)
        if not key:
            return self.browse()
        # Safe: which passes these are; the user's rules decide on what he reads.
        cars = self.env["car.vehicle"].sudo().search([("plate_key", "=", key)])
        orders = self.env["car.repair.order"].sudo()
        known = orders._search([("vehicle_id", "in", cars.ids)])
        return self.search(here & Domain("order_id", "in", known))
