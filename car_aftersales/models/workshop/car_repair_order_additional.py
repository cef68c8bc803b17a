from odoo import api, fields, models

from .car_repair_order import CUSTOMER_DATA


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    additional_work_id = fields.Many2one(
        "car.additional.work",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    def _apply_answer(self, is_diagnosis=False):
        """Carry the answer to what was found, too."""
        result = super()._apply_answer(is_diagnosis=is_diagnosis)
        # Safe: follows from the answer whose recorder was checked.
        works = self.sudo().additional_work_id
        for work in works:
            states = {line.authorization_state for line in work.line_ids}
            if states & {"authorized", "partly", "exceeded"}:
                answer = "agreed"
            elif states == {"declined"}:
                answer = "refused"
            else:
                continue
            work.filtered(
                lambda each, answer=answer: (
                    each.state != answer and each.state != "withdrawn"
                )
            ).write({"state": answer})
        return result


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    additional_work_ids = fields.One2many(
        "car.additional.work", "job_id", "Found During the Work", copy=False
    )

    def action_report_additional(self):
        """Open the dialog in which more work or parts are reported."""
        self.ensure_one()
        view = self.env.ref("car_aftersales.car_additional_work_view_form_report")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Report Additional Work"),
            "res_model": "car.additional.work",
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_job_id": self.id},
        }


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    additional_work_ids = fields.One2many(
        "car.additional.work", "order_id", groups=CUSTOMER_DATA
    )
    has_reported_work = fields.Boolean(
        compute="_compute_has_reported_work",
        store=True,
        precompute=True,
        compute_sudo=True,
        help="Additional work was reported, and the customer was not asked yet.",
    )
    additional_open_count = fields.Integer(
        "Additional Work to Ask For",
        compute="_compute_additional_open_count",
        groups=CUSTOMER_DATA,
    )
    # agreed beforehand
    preauthorized_limit = fields.Monetary(
        "Agreed Beforehand Up To",
        tracking=True,
        copy=False,
        groups=CUSTOMER_DATA,
        help="Additional work up to this amount, taxes included, needs no call: the "
        "customer said so when he left the car.",
    )
    preauthorized_used = fields.Monetary(
        "Of Which Used", compute="_compute_preauthorized", groups=CUSTOMER_DATA
    )
    preauthorized_left = fields.Monetary(
        "Agreed Beforehand, Left",
        compute="_compute_preauthorized",
        groups=CUSTOMER_DATA,
    )

    _preauthorized_positive = models.Constraint(
        "CHECK (preauthorized_limit >= 0)", "A limit cannot be negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("additional_work_ids.state")
    def _compute_additional_open_count(self):
        for order in self:
            order.additional_open_count = len(
                order.additional_work_ids.filtered(
                    lambda work: work.state in ("reported", "offered")
                )
            )

    @api.depends("additional_work_ids.state")
    def _compute_has_reported_work(self):
        for order in self:
            order.has_reported_work = any(
                work.state == "reported" for work in order.additional_work_ids
            )

    @api.depends("has_reported_work")
    def _compute_waiting_for(self):
        return super()._compute_waiting_for()

    def _get_waiting_in_workshop(self):
        if self.has_reported_work:
            return "advisor", self.env._("Additional work reported: ask the customer")
        return super()._get_waiting_in_workshop()

    @api.depends("preauthorized_limit", "authorization_ids.amount_told")
    def _compute_preauthorized(self):
        for order in self:
            entries = order.authorization_ids.filtered(
                lambda entry: entry.channel == "preauthorized"
            )
            order.preauthorized_used = sum(entries.mapped("amount_told"))
            order.preauthorized_left = (
                order.preauthorized_limit - order.preauthorized_used
            )

    # === CRUD METHODS === #

    def write(self, vals):
        if "preauthorized_limit" in vals and not self.env.su:
            self._check_preauthorized_limit(vals["preauthorized_limit"] or 0.0)
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _check_preauthorized_limit(self, limit):
        """Keep the limit as the customer signed it; he may only be asked for less.

        :raise UserError: naming the order.
        """
        self._refuse(
            lambda order: (
                order.currency_id.compare_amounts(limit, order.preauthorized_limit) > 0
                and order._get_signed_consents()
            ),
            self.env._(
                "the customer has signed what he agrees to beforehand; ask him about "
                "the additional work itself"
            ),
        )
        self._refuse(
            lambda order: (
                order.currency_id.compare_amounts(limit, order.preauthorized_used) < 0
            ),
            self.env._("more than that was agreed to beforehand and used already"),
        )


class CarRepairAuthorization(models.Model):
    _inherit = "car.repair.authorization"

    channel = fields.Selection(
        selection_add=[("preauthorized", "Agreed beforehand")],
        ondelete={"preauthorized": "set default"},
    )

    def _check_answer(self):
        result = super()._check_answer()
        for authorization in self:
            if authorization.channel == "preauthorized":
                authorization._check_preauthorized()
        return result

    def _check_preauthorized(self):
        """Keep what was agreed beforehand to additional work within its limit.

        :raise UserError: naming the order and what is left.
        """
        order = self.order_id
        if any(not line.additional_work_id for line in self.line_ids.line_id):
            order._raise_for_each(
                self.env._(
                    "only additional work is agreed to beforehand; ask the customer "
                    "for the rest"
                )
            )
        order.invalidate_recordset(["preauthorized_used", "preauthorized_left"])
        if order.currency_id.compare_amounts(order.preauthorized_left, 0.0) < 0:
            order._raise_for_each(
                self.env._(
                    "the customer agreed beforehand to %(limit).2f, and %(over).2f are "
                    "above it; ask him",
                    limit=order.preauthorized_limit,
                    over=-order.preauthorized_left,
                )
            )
