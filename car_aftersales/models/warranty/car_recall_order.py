from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_recall_job import LIVE_JOBS


class CarRecallVehicle(models.Model):
    _inherit = "car.recall.vehicle"

    # === ACTION METHODS === #

    def action_add_to_order(self):
        """Put the work on the car's open order as a job of its own."""
        for row in self:
            orders = self.env["car.repair.order"].search(
                fields.Domain("vehicle_id", "=", row.vehicle_id.id)
                & fields.Domain("company_id", "=", row.company_id.id)
                & self.env["car.repair.order"]._get_open_domain(),
                limit=1,
            )
            if not orders:
                row._raise_missing(self.env._("the car has no open order"))
            orders._add_recalls(row)
        return True

    # === BUSINESS METHODS === #

    def _prepare_job_vals(self, order):
        """Return values of the job that does the work. Extend to add fields."""
        self.ensure_one()
        campaign = self.campaign_id
        vals = {
            "name": campaign.display_name,
            "recall_vehicle_id": self.id,
            "package_id": campaign.package_id.id,
            "system_id": campaign.package_id.system_id.id,
            "estimate_method": "item",
            "item_reason": "ordered",
        }
        if payer := campaign._get_payer(order):
            vals["payer_id"] = payer.id
        return vals

    def _get_titles(self):
        """Return the campaigns of these rows as one text."""
        return ", ".join(self.campaign_id.mapped("display_name")) or False


class CarRecallCampaign(models.Model):
    _inherit = "car.recall.campaign"

    # === BUSINESS METHODS === #

    def _get_payer(self, order):
        """Return the payer of the work on an order, made where it is missing."""
        self.ensure_one()
        if self.payer_kind == "customer" and not self.payer_partner_id:
            return order._get_customer_payer()
        partner = self.payer_partner_id
        found = order.payer_ids.filtered(
            lambda payer: payer.kind == self.payer_kind and payer.partner_id == partner
        )
        return found[:1] or found.create(self._prepare_payer_vals(order))

    def _prepare_payer_vals(self, order):
        """Return values of the payer: at the maker's rates. Extend to add fields."""
        self.ensure_one()
        vals = {
            "order_id": order.id,
            "kind": self.payer_kind,
            "partner_id": self.payer_partner_id.id,
        }
        maker = self.maker_id
        if maker.partner_id == self.payer_partner_id:
            if maker.labor_rate:
                vals["labor_rate"] = maker.labor_rate
            if maker.pricelist_id.currency_id == order.currency_id:
                vals["pricelist_id"] = maker.pricelist_id.id
        return vals


class CarRepairOrder(models.Model):
    """A visit of a car that a recall names."""

    _inherit = "car.repair.order"

    recall_ids = fields.Many2many(
        "car.recall.vehicle", string="Open Recalls", compute="_compute_recalls"
    )
    recall_text = fields.Char("Recalls to Offer", compute="_compute_recalls")
    recall_mandatory_text = fields.Char(
        "Recalls before Delivery", compute="_compute_recalls"
    )
    recall_planned_text = fields.Char("Recalls Planned", compute="_compute_recalls")
    recall_refused_text = fields.Char("Recalls Refused", compute="_compute_recalls")

    # === COMPUTE METHODS === #

    @api.depends("vehicle_id", "state", "job_ids.state")
    def _compute_recalls(self):
        """Tell what is to be done on these visits, in a constant number of queries."""
        still_here = self.filtered(
            lambda one: one.state not in ("delivered", "cancelled")
        )
        by_car = still_here._get_recalls()
        for order in self:
            rows = by_car.get(order.vehicle_id._origin, self.env["car.recall.vehicle"])
            rows = rows.filtered(lambda row, o=order: row.company_id == o.company_id)
            if order not in still_here:
                rows = rows.browse()
            refused = rows.filtered(lambda row: row.state == "refused")
            planned = rows & order._get_planned_recalls()
            put_off = rows.filtered(
                lambda row, o=order: row.put_off_order_id == o._origin
            )
            asked = rows - refused - planned - put_off
            mandatory = asked.filtered("campaign_id.is_mandatory")
            order.recall_ids = asked
            order.recall_mandatory_text = mandatory._get_titles()
            order.recall_text = (asked - mandatory)._get_titles()
            order.recall_planned_text = planned._get_titles()
            order.recall_refused_text = refused._get_titles()

    # === ACTION METHODS === #

    def action_add_recalls(self):
        """Put the work of all open recalls on the order, each as a job of its own."""
        for order in self:
            order._add_recalls(order.recall_ids)
        return True

    def action_answer_recalls(self):
        """Open the recalls of the car, to record a refusal or to put them off."""
        self.ensure_one()
        action = self.vehicle_id.action_view_recalls()
        action["context"] = {"recall_order_id": self.id}
        return action

    # === BUSINESS METHODS === #

    def _get_recalls(self):
        """Map cars to the recalls that are not done, of campaigns that run."""
        campaigns = self.env["car.recall.campaign"]
        if not campaigns._is_any_open():
            return {}
        running = campaigns._get_running_domain()
        rows = self.env["car.recall.vehicle"].search(
            fields.Domain("vehicle_id", "in", self.vehicle_id.ids)
            & fields.Domain("state", "not in", ("done", "not_ours"))
            & fields.Domain("campaign_id", "any", running),
            order="id",
        )
        return rows.grouped("vehicle_id")

    def _get_planned_recalls(self):
        """Return the recalls whose work is among the jobs of the order."""
        self.ensure_one()
        jobs = self.job_ids.filtered(lambda job: job.state in LIVE_JOBS)
        return jobs.recall_vehicle_id._origin

    def _add_recalls(self, rows):
        """Make the jobs of recalls: work package, parts and payer as agreed.

        The customer pays nothing; he is told and agrees like to any other job.
        """
        self.ensure_one()
        self._require_group("advisor")
        self._take_turn()
        self.invalidate_recordset(["job_ids"])
        for row in rows - self._get_planned_recalls():
            if row.vehicle_id != self.vehicle_id:
                row._raise_missing(
                    self.env._("%(order)s is of another car", order=self.display_name)
                )
            if row.campaign_id.state != "open":
                row._raise_missing(self.env._("its campaign does not run"))
            job = self.env["car.repair.job"].create(
                {"order_id": self.id, **row._prepare_job_vals(self)}
            )
            if job.package_id:
                job.action_apply_package()

    def _get_left_open(self):
        """Return the recalls with which the car would leave, by what they ask.

        :return: (mandatory ones that hold the car back, others)
        """
        self.ensure_one()
        rows = self._get_recalls().get(self.vehicle_id, self.env["car.recall.vehicle"])
        passed = self.job_ids.filtered(lambda job: job.state == "passed")
        rows = rows.filtered(
            lambda row: row.company_id == self.company_id and row.state != "refused"
        )
        rows -= passed.recall_vehicle_id
        mandatory = rows.filtered("campaign_id.is_mandatory")
        held = mandatory.filtered(
            lambda row: row.put_off_order_id != self or not row.campaign_id.may_leave
        )
        return held, rows - mandatory

    def _check_deliver(self):
        result = super()._check_deliver()
        for order in self:
            # Safe: names the campaigns that hold the car back.
            held, _others = order.sudo()._get_left_open()
            if held:
                raise UserError(order._get_recall_refusal(held))
        return result

    def _get_recall_refusal(self, rows):
        """Return in plain words why the car does not leave, and what is left to do."""
        lines = []
        for row in rows:
            campaign = row.campaign_id
            text = self.env._(
                "- %(campaign)s: do it, or let the customer refuse it with his "
                "signature",
                campaign=campaign.display_name,
            )
            if campaign.may_leave:
                text += self.env._(", or put it off with his signature")
            else:
                text += self.env._("; the car must not be driven before it is done")
            lines.append(text)
        return self.env._(
            "%(order)s: mandatory recalls of the car are open:\n%(recalls)s",
            order=self.display_name,
            recalls="\n".join(lines),
        )

    def _after_deliver(self):
        result = super()._after_deliver()
        for order in self.sudo():  # Safe: follows from the delivery just checked.
            order._finish_recalls()
            _held, others = order._get_left_open()
            if others:
                order._message_log(
                    body=self.env._(
                        "Left without: %(recalls)s", recalls=others._get_titles()
                    )
                )
        return result

    def _finish_recalls(self):
        """Call the recalls done whose job has passed on this visit."""
        self.ensure_one()
        jobs = self.job_ids.filtered(
            lambda job: job.state == "passed" and job.recall_vehicle_id
        )
        done_on = self.company_id._get_car_local_day(self.delivered_at)
        for row in jobs.recall_vehicle_id:
            if row.state != "done":
                row.write(
                    {
                        "state": "done",
                        "order_id": self.id,
                        "done_source": "here",
                        "done_on": done_on,
                        "done_km": self.odometer_km,
                        "done_by": self.name,
                    }
                )
