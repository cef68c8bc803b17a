from odoo import api, models


class CarDemo(models.AbstractModel):
    """The way from the demo data files to the visits played in ``demo/``.

    Only demo data calls it; nothing of it can be called from outside.
    """

    _name = "car.demo"
    _description = "Demo Data of the Service Department"

    @api.model
    def _prepare_company(self):
        """Give the dealer his name, books, tax, cash desk and categories."""
        from ..demo.company import prepare_company  # only where demo data is loaded

        prepare_company(self.env)

    @api.model
    def _play_visits(self):
        """Fill the shelves and play visits in every state through the actions."""
        from ..demo.visits import play_visits  # only where demo data is loaded

        # Odoo loads our translations only after the data: the visits use them already.
        self.env.ref("base.module_car_aftersales")._update_translations()
        play_visits(self.with_context(lang=self.env.user.lang).env)

    @api.model
    def _play_release(self):
        """Play cars that are judged and given back, once the types ask for it."""
        from ..demo.dealer import Dealer  # only where demo data is loaded
        from ..demo.release import play_release

        play_release(Dealer(self.with_context(lang=self.env.user.lang).env))

    @api.model
    def _play_follow_up(self):
        """Play the follow-up of the visits played before."""
        from ..demo.dealer import Dealer  # only where demo data is loaded
        from ..demo.follow_up import play_follow_up

        play_follow_up(Dealer(self.with_context(lang=self.env.user.lang).env))

    @api.model
    def _play_reports(self):
        """Lay down targets and hand in the summary of last month."""
        from ..demo.dealer import Dealer  # only where demo data is loaded
        from ..demo.reports import play_reports

        play_reports(Dealer(self.with_context(lang=self.env.user.lang).env))

    @api.model
    def _play_complaints(self):
        """Play complaints in every state, and ratings of the visits played before."""
        from ..demo.complaints import play_complaints  # only where demo data is loaded
        from ..demo.dealer import Dealer

        play_complaints(Dealer(self.with_context(lang=self.env.user.lang).env))

    @api.model
    def _play_letters(self):
        """Play letters to customers, and the registers of calls and letters."""
        from ..demo.dealer import Dealer  # only where demo data is loaded
        from ..demo.letters import play_letters

        play_letters(Dealer(self.with_context(lang=self.env.user.lang).env))

    @api.model
    def _play_recalls(self):
        """Play a recall that runs and a service action."""
        from ..demo.dealer import Dealer  # only where demo data is loaded
        from ..demo.recalls import play_recalls

        play_recalls(Dealer(self.with_context(lang=self.env.user.lang).env))
