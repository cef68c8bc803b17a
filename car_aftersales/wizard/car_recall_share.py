from odoo import fields, models
from odoo.fields import Command


class CarRecallShare(models.TransientModel):
    """Let other companies of the group take over a campaign with its list of cars."""

    _name = "car.recall.share"
    _description = "Recall for Other Companies"

    campaign_id = fields.Many2one(
        "car.recall.campaign", "Recall Campaign", required=True, readonly=True
    )
    line_ids = fields.One2many("car.recall.share.line", "share_id", "Companies")

    # === ACTION METHODS === #

    def action_share(self):
        """Give them the list; tell in how many companies, and how many cars."""
        self.ensure_one()
        companies = self.line_ids.filtered("is_chosen").company_id
        campaigns, count = self.campaign_id._share_with(companies)
        message = self.env._(
            "%(companies)s: %(count)s cars were added. What is a draft there has to be "
            "looked at and let run.",
            # Safe: the names of companies for which the user works.
            companies=", ".join(campaigns.sudo().company_id.mapped("name")),
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

    # === BUSINESS METHODS === #

    def _fill(self):
        """List the other companies of the user, and what they have of the campaign."""
        self.ensure_one()
        # Safe: companies for which the user works, though not switched on just now.
        companies = self.env.user.sudo().company_ids - self.campaign_id.company_id
        known = self.campaign_id._get_group().grouped("company_id")
        self.line_ids = [
            Command.create(
                {
                    "company_id": company.id,
                    "name": company.name,
                    "state_text": company in known
                    and known[company][:1]._get_state_label(known[company][:1].state),
                }
            )
            for company in companies
        ]


class CarRecallShareLine(models.TransientModel):
    """A company that may take over the list.

    Its name is kept as text: a company that is not switched on is not read on screens.
    """

    _name = "car.recall.share.line"
    _description = "Company That May Take Over a Recall"

    share_id = fields.Many2one("car.recall.share", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", "Company to Choose", required=True, ondelete="cascade"
    )
    name = fields.Char("Company", readonly=True)
    state_text = fields.Char("Has It As", readonly=True)
    is_chosen = fields.Boolean("Give the List")
