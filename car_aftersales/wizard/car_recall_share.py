from odoo import api, fields, models


class CarRecallShare(models.TransientModel):
    """Let other companies of the group take over a campaign with its list of cars."""

    _name = "car.recall.share"
    _description = "Recall for Other Companies"

    campaign_id = fields.Many2one(
        "car.recall.campaign", "Recall Campaign", required=True, readonly=True
    )
    choice_ids = fields.Many2many("res.company", compute="_compute_choice_ids")
    company_ids = fields.Many2many(
        "res.company", string="Companies", domain="[('id', 'in', choice_ids)]"
    )

    # === COMPUTE METHODS === #

    @api.depends("campaign_id")
    def _compute_choice_ids(self):
        for wizard in self:
            own = wizard.campaign_id.company_id
            wizard.choice_ids = self.env.user.company_ids - own

    # === ACTION METHODS === #

    def action_share(self):
        """Give them the list; tell in how many companies, and how many cars."""
        self.ensure_one()
        campaigns, count = self.campaign_id._share_with(self.company_ids)
        message = self.env._(
            "%(companies)s: %(count)s cars were added. What is a draft there has to be "
            "looked at and let run.",
            companies=", ".join(campaigns.company_id.mapped("name")),
            count=count,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
