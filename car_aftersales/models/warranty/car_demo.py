from odoo import api, models


class CarDemo(models.AbstractModel):
    _inherit = "car.demo"

    @api.model
    def _play_guarantee(self):
        """Let the guarantees begin when the cars of the demo left; some come back."""
        from ...demo.dealer import Dealer  # only where demo data is loaded
        from ...demo.guarantee import play_guarantee

        play_guarantee(Dealer(self.with_context(lang=self.env.user.lang).env))

    @api.model
    def _play_coverage(self):
        """Write down the maker's policy and give it to some cars."""
        from ...demo.coverage import play_coverage  # only where demo data is loaded
        from ...demo.dealer import Dealer

        play_coverage(Dealer(self.with_context(lang=self.env.user.lang).env))
