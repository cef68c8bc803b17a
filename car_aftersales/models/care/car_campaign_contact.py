from odoo import api, fields, models
from odoo.tools import SQL

from .car_campaign_target import ANSWERS


class CarContactRule(models.Model):
    _inherit = "car.contact.rule"

    kind = fields.Selection(
        selection_add=[("campaign", "Campaign")], ondelete={"campaign": "cascade"}
    )
    trigger = fields.Selection(
        selection_add=[("campaign", "A campaign was decided")],
        ondelete={"campaign": "cascade"},
    )

    # === BUSINESS METHODS === #

    def _get_source_campaign(self, company, today):
        """Everybody invited; the event is the last day on which he is to be called."""
        return "car.campaign.target", SQL(
            """
            SELECT t.id AS res_id, t.partner_id, t.vehicle_id, NULL::int AS order_id,
                   NULL::int AS enquiry_id, c.call_until AS anchor
              FROM car_campaign c
              JOIN car_campaign_target t ON t.campaign_id = c.id
             WHERE c.company_id = %(company)s AND c.state IN ('decided', 'running')
               AND c.call_until BETWEEN %(first)s AND %(last)s
               AND c.date_to >= %(today)s
               AND t.answer IS NULL AND t.is_attended IS NOT TRUE
            """,
            company=company.id,
            first=self._get_first_anchor(company, today),
            last=self._get_last_anchor(company, today),
            today=today,
        )


class CarContactTask(models.Model):
    _inherit = "car.contact.task"

    kind = fields.Selection(
        selection_add=[("campaign", "Campaign")], ondelete={"campaign": "cascade"}
    )

    # === BUSINESS METHODS === #

    def _after_planned(self):
        """Tell the clerk which campaign it is, and the campaign who is called."""
        ours = self.filtered(lambda task: task.res_model == "car.campaign.target")
        if ours:
            targets = self.env["car.campaign.target"].browse(ours.mapped("res_id"))
            names = {target.id: target.campaign_id.name for target in targets}
            for task in ours:
                task.subject = names[task.res_id]
            targets._link_tasks(ours)
        return super()._after_planned()

    @api.model
    def _get_gone_conditions(self):
        over = SQL(
            """
            t.kind = 'campaign' AND t.res_model = 'car.campaign.target'
            AND NOT EXISTS (SELECT FROM car_campaign_target i
                              JOIN car_campaign c ON c.id = i.campaign_id
                             WHERE i.id = t.res_id
                               AND c.state IN ('decided', 'running')
                               AND c.date_to >= %s
                               AND i.is_attended IS NOT TRUE)
            """,
            self.env.company._get_car_today(),
        )
        return [*super()._get_gone_conditions(), ("obsolete", over)]

    def _get_campaign_targets(self):
        """Return the invited customers whom these contacts are about."""
        return self.env["car.campaign.target"].browse(
            [task.res_id for task in self if task.res_model == "car.campaign.target"]
        )


class CarContactCall(models.Model):
    """What a customer answers when he is told of a campaign."""

    _inherit = "car.contact.call"

    kind = fields.Selection(
        selection_add=[("campaign", "Campaign")], ondelete={"campaign": "set default"}
    )
    campaign_ids = fields.Many2many(
        "car.campaign", string="Campaigns", compute="_compute_campaign_ids"
    )
    campaign_text = fields.Text(
        "What the Campaign Offers", compute="_compute_campaign_ids"
    )
    campaign_answer = fields.Selection(ANSWERS[:3], "Comes to the Campaign", copy=False)

    # === COMPUTE METHODS === #

    @api.depends("task_ids")
    def _compute_campaign_ids(self):
        for call in self:
            # Safe: what is to be told, and that it is to be told, stand in one record.
            campaigns = call.sudo().task_ids._get_campaign_targets().campaign_id
            call.campaign_ids = campaigns
            call.campaign_text = "\n\n".join(
                campaign._get_words() for campaign in campaigns
            )

    # === BUSINESS METHODS === #

    def _check_hold(self):
        result = super()._check_hold()
        for call in self:
            if (
                call.campaign_ids
                and call.outcome == "reached"
                and not call.campaign_answer
            ):
                call._raise_missing(
                    self.env._(
                        "does he come to %(campaigns)s?",
                        campaigns=", ".join(call.campaign_ids.mapped("name")),
                    )
                )
        return result

    def _after_hold(self):
        result = super()._after_hold()
        for call in self:
            targets = call.task_ids._get_campaign_targets()
            if targets:
                # Safe: what he said in the call, on the list he was called from.
                targets.sudo().write(call._prepare_campaign_vals())
        return result

    def _prepare_campaign_vals(self):
        """Return what a call says about the customers invited."""
        self.ensure_one()
        today = self.company_id._get_car_today()
        company = self.company_id.sudo()  # Safe: a setting.
        vals = {"call_id": self.id, "called_on": today}
        if self.outcome in ("reached", "booked"):
            vals["is_reached"] = True
            vals["answer"] = self.campaign_answer or "comes"
            vals["letter_until"] = company._add_car_days(today, company.car_letter_days)
            if self.letter_decision:
                vals["letter_decision"] = self.letter_decision
        elif self.outcome == "refused":
            vals.update(is_reached=True, answer="not", letter_decision="not_needed")
        elif self.outcome == "sold":
            vals.update(is_reached=True, answer="not")
        elif all(task.state == "closed" for task in self.task_ids):
            vals["answer"] = "not_reached"
        return vals
