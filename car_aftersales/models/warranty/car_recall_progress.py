from odoo import api, fields, models

from .car_recall_campaign import WAITING


class CarRecallCampaign(models.Model):
    """How far a campaign has come, for any number of them in one query."""

    _inherit = "car.recall.campaign"

    affected_count = fields.Integer("Affected", compute="_compute_progress")
    known_count = fields.Integer(
        "Known Here", compute="_compute_progress", help="Cars that we have on file."
    )
    waiting_count = fields.Integer("To Do", compute="_compute_progress")
    done_count = fields.Integer("Done", compute="_compute_progress")
    refused_count = fields.Integer("Refused", compute="_compute_progress")
    gone_count = fields.Integer("Not Ours", compute="_compute_progress")
    completion_rate = fields.Float(
        "Completed (%)",
        compute="_compute_progress",
        help="Done, of the affected cars without those that are not ours any more.",
    )
    informed_rate = fields.Float(
        "Informed (%)",
        compute="_compute_progress",
        help="Customers who know of it, of the same cars.",
    )
    is_past_end = fields.Boolean(
        "Past Its End",
        compute="_compute_is_past_end",
        search="_search_is_past_end",
        help="It still runs, but its last day has passed: nothing is asked any more.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "date_to")
    def _compute_is_past_end(self):
        today = {company: company._get_car_today() for company in self.company_id}
        for campaign in self:
            campaign.is_past_end = bool(
                campaign.state == "open"
                and campaign.date_to
                and campaign.date_to < today[campaign.company_id]
            )

    @api.model
    def _search_is_past_end(self, operator, value):
        """Find what still runs although its last day has passed at its company."""
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        over = self.env["res.company"]._get_car_day_domain("date_to", "<")
        return fields.Domain("state", "=", "open") & over

    def _compute_progress(self):
        counts, known = {}, {}
        for campaign, state, count, cars in self.env["car.recall.vehicle"]._read_group(
            [("campaign_id", "in", self.ids)],
            ["campaign_id", "state"],
            ["__count", "vehicle_id:count"],
        ):
            counts.setdefault(campaign.id, {})[state] = count
            known[campaign.id] = known.get(campaign.id, 0) + cars
        for campaign in self:
            states = counts.get(campaign.id, {})
            total, gone = sum(states.values()), states.get("not_ours", 0)
            ours = total - gone
            campaign.affected_count = total
            campaign.known_count = known.get(campaign.id, 0)
            campaign.waiting_count = sum(states.get(state, 0) for state in WAITING)
            campaign.done_count = states.get("done", 0)
            campaign.refused_count = states.get("refused", 0)
            campaign.gone_count = gone
            campaign.completion_rate = (
                100.0 * campaign.done_count / ours if ours else 0.0
            )
            informed = ours - states.get("open", 0)
            campaign.informed_rate = 100.0 * informed / ours if ours else 0.0

    # === ACTION METHODS === #

    def action_view_waiting(self):
        """Open the cars that wait for the work."""
        return self._view_vehicles(WAITING)

    def action_view_done(self):
        """Open the cars on which the work is done."""
        return self._view_vehicles(("done",))

    # === BUSINESS METHODS === #

    def _view_vehicles(self, states):
        action = self.action_view_vehicles()
        action["domain"] = [*action["domain"], ("state", "in", states)]
        return action
