from odoo import api, fields, models
from odoo.exceptions import AccessError

from .car_three_guarantee_standing import RUNNING

CUSTOMER_DATA = "car_aftersales.car_aftersales_group_customer_data"


class CarThreeGuaranteeMobility(models.Model):
    """A loaner car or transport money for a repair that takes too many days.

    Proposed by the daily job; the advisor hands the car over or the cashier pays, the
    customer signs. Without it the car is not given back as complete.
    """

    _name = "car.three.guarantee.mobility"
    _description = "Loaner Car or Transport Money"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "id desc"
    _rec_name = "order_id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    vehicle_id = fields.Many2one(related="order_id.vehicle_id", string="Car in Repair")
    advisor_id = fields.Many2one(related="order_id.advisor_id", string="Advisor")
    state = fields.Selection(
        [
            ("proposed", "Due"),
            ("given", "Given"),
            ("done", "Settled"),
            ("waived", "Customer Wants None"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    kind = fields.Selection(
        [("loaner", "Loaner Car"), ("money", "Transport Money")],
        default="loaner",
        required=True,
        tracking=True,
    )
    due_on = fields.Date("Due Since", readonly=True)
    # loaner
    loaner_id = fields.Many2one("car.vehicle", check_company=True)
    loaner_text = fields.Char("Loaner's Plate", help="Of a car that is not ours.")
    from_at = fields.Datetime("Lent From", tracking=True)
    to_at = fields.Datetime("Lent Until", tracking=True)
    # money
    amount = fields.Monetary("Transport Money Paid", tracking=True)
    paid_on = fields.Date()
    # the customer
    signed_by = fields.Char()
    signature = fields.Image(attachment=True, max_width=1024, max_height=1024)
    reason = fields.Char("Why None Is Wanted")

    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "Transport money is not negative."
    )
    _lent_in_order = models.Constraint(
        "CHECK (to_at IS NULL OR from_at IS NULL OR to_at >= from_at)",
        "A loaner comes back after it was lent.",
    )
    _one_per_order = models.UniqueIndex(
        "(order_id, kind)", "The order has one of this kind already."
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and not set(vals) <= {"state", "message_main_attachment_id"}:
            for mobility in self:
                closed = mobility.state in ("done", "waived")
                back = mobility.state == "given" and set(vals) <= {"to_at"}
                if closed or (mobility.state == "given" and not back):
                    mobility._raise_missing(self.env._("it is settled and stays so"))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_give(self):
        """The loaner is handed over."""
        return self.write({"state": "given"})

    def action_settle(self):
        """The loaner is back, or the transport money is paid."""
        return self.write({"state": "done"})

    def action_waive(self):
        """The customer wants neither, signed."""
        return self.write({"state": "waived"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "proposed": {"given": "give", "done": "settle", "waived": "waive"},
            "given": {"done": "settle"},
            "done": {},
            "waived": {},
        }

    def _require_desk(self):
        if not self.env["car.repair.order"]._has_group(
            "advisor", "warranty_clerk", "cashier"
        ):
            raise AccessError(
                self.env._(
                    "%(documents)s: your role may not take this step.",
                    documents=", ".join(self.mapped("display_name")),
                )
            )

    def _check_signed(self):
        for mobility in self:
            if not (mobility.signature and (mobility.signed_by or "").strip()):
                mobility._raise_missing(self.env._("the customer has not signed"))

    def _check_give(self):
        self._require_desk()
        for mobility in self:
            if mobility.kind != "loaner":
                mobility._raise_missing(self.env._("transport money is paid, not lent"))
            if not (mobility.loaner_id or (mobility.loaner_text or "").strip()):
                mobility._raise_missing(self.env._("enter the loaner car"))
            if not mobility.from_at:
                mobility._raise_missing(self.env._("enter from when it is lent"))
        self._check_signed()

    def _check_settle(self):
        self._require_desk()
        for mobility in self:
            if mobility.kind == "money":
                if not mobility.amount or not mobility.paid_on:
                    mobility._raise_missing(
                        self.env._("enter the amount and the day it was paid")
                    )
            elif mobility.state != "given" or not mobility.to_at:
                mobility._raise_missing(self.env._("enter when the loaner came back"))
        self._check_signed()

    def _check_waive(self):
        self._require_desk()
        for mobility in self:
            if not (mobility.reason or "").strip():
                mobility._raise_missing(self.env._("say why he wants none"))
        self._check_signed()


class CarRepairOrder(models.Model):
    """Whether the repair takes so long that a loaner or transport money is due."""

    _inherit = "car.repair.order"

    mobility_ids = fields.One2many(
        "car.three.guarantee.mobility",
        "order_id",
        "Loaner or Transport Money",
        groups=CUSTOMER_DATA,
    )
    towing_amount = fields.Monetary(
        "Towing Paid", copy=False, help="For the car that broke down; on the record."
    )
    is_mobility_due = fields.Boolean(
        "Loaner or Transport Money Due",
        compute="_compute_is_mobility_due",
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "job_ids.three_guarantee_mark", "mobility_ids.state")
    def _compute_is_mobility_due(self):
        due = self._get_mobility_due()
        for order in self:
            order.is_mobility_due = bool(due.get(order)) and not any(
                mobility.state != "proposed" for mobility in order.mobility_ids
            )

    @api.depends("mobility_ids.state")
    def _compute_release_missing(self):
        return super()._compute_release_missing()

    # === ACTION METHODS === #

    def action_mobility(self):
        """Open the loaner or transport money of the order; propose it first."""
        self.ensure_one()
        if not self.mobility_ids:
            self.check_access("read")
            # Safe: proposed for an order that the user sees.
            self.sudo()._propose_mobility(force=True)
            self.invalidate_recordset(["mobility_ids"])
        return self.mobility_ids[:1]._get_records_action()

    def action_missing(self, key):
        if key == "mobility":
            return self.action_mobility()
        return super().action_missing(key)

    # === BUSINESS METHODS === #

    def _get_mobility_due(self):
        """Return the orders whose repair for quality passes its days, since when.

        Waiting for parts counts here. It is due within the repair period, which is
        longer than that of the three guarantees.

        :return: dict of order to the day from which it is due
        """
        due = {}
        for order in self:
            if not order.company_id.car_cn_law or order.state not in (
                *RUNNING,
                "delivered",
            ):
                continue
            rule = order.vehicle_id.three_guarantee_rule_id
            jobs = order._get_quality_jobs()
            started = jobs and order._get_repair_start(jobs)
            if not rule or not started:
                continue
            common = order._prepare_three_guarantee_common(started)
            if order.vehicle_id._get_three_guarantee_refusal(
                common["date"], common["odometer_km"], "repair"
            ):
                continue
            ended = order._get_repair_end(jobs, rule) or fields.Datetime.now()
            days = rule._count_days(max(ended, started) - started)
            if days > rule.loaner_after_days:
                due[order] = fields.Date.add(
                    common["date"], days=rule.loaner_after_days
                )
        return due

    def _propose_mobility(self, force=False):
        """Propose a loaner or transport money where it is due; tell the advisor."""
        due = self._get_mobility_due()
        today = self.env.company._get_car_today()
        orders = (self if force else self.browse().concat(*due)).filtered(
            lambda order: not order.mobility_ids
        )
        made = self.env["car.three.guarantee.mobility"].create(
            [
                {
                    "order_id": order.id,
                    "due_on": due.get(order, today),
                    "kind": order.company_id.car_mobility_kind,
                }
                for order in orders
            ]
        )
        if force:
            return made
        for mobility in made:
            order = mobility.order_id
            advisor = order.advisor_id
            env = self.with_context(lang=advisor.lang or self.env.lang).env
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=advisor.id or self.env.uid,
                summary=env._("Loaner car or transport money is due"),
            )
        return made

    def _watch_three_guarantees(self, company):
        result = super()._watch_three_guarantees(company)
        self._propose_mobility()
        return result

    def _get_release_missing(self):
        missing = super()._get_release_missing()
        if self.company_id.car_cn_law and (
            self.is_mobility_due
            or any(mobility.state == "given" for mobility in self.mobility_ids)
        ):
            text = self.env._("Loaner car or transport money to settle")
            missing.append(self._missing("mobility", text))
        return missing
