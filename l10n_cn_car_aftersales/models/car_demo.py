from odoo import api, models


class CarDemo(models.AbstractModel):
    _inherit = "car.demo"

    @api.model
    def _play_china(self):
        """Let China's law apply to the demo dealer, and fill its papers and ledgers."""
        # Only where demo data is loaded.
        from odoo.addons.car_aftersales.demo.dealer import Dealer

        from ..demo.china import play_china

        # Odoo loads our translations only after the data: the papers use them already.
        self.env.ref("base.module_l10n_cn_car_aftersales")._update_translations()
        play_china(Dealer(self.with_context(lang=self.env.user.lang).env))
