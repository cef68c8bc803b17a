from odoo import models


class CarRepairLine(models.Model):
    """What the law of a country asks at least; its own add-on answers."""

    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _get_statutory_guarantee(self):
        """Return the guarantee on our work that the law asks at least.

        :return: dict of line to a pair: days, kilometers; a line that is missing in it
            has none
        """
        return {}
