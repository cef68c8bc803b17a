from odoo import api, models


class CarDemo(models.AbstractModel):
    _inherit = "car.demo"

    @api.model
    def _play_claims(self):
        """Play claims on the maker of the visits played before."""
        from ...demo.claims import play_claims  # only where demo data is loaded
        from ...demo.dealer import Dealer

        play_claims(Dealer(self.with_context(lang=self.env.user.lang).env))
