from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command

REMEDY_KINDS = [
    ("redo", "Done again"),
    ("discount", "Discount"),
    ("refund", "Refund"),
    ("goodwill", "Goodwill"),
    ("apology", "Apology"),
    ("other", "Other"),
]
# What costs money: it is approved by who may spend so much
PAID = ("discount", "refund", "goodwill")
GRANTED = ("approved", "done")


class CarComplaintRemedy(models.Model):
    """How a complaint is made good: proposed, approved by who may, carried out.

    Compensation is decided openly and by fixed limits (R-150): the clerk up to his, the
    business supervisor up to his, the manager above. What counts is the sum of a
    complaint, so that it cannot be split.
    """

    _name = "car.complaint.remedy"
    _description = "Remedy of a Complaint"
    _inherit = ["car.workflow.mixin"]
    _order = "complaint_id, id"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "car.complaint",
        "Customer Complaint",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("done", "Carried Out"),
            ("refused", "Turned Down"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    kind = fields.Selection(REMEDY_KINDS, required=True, default="apology")
    amount = fields.Monetary(help="What it costs the house, taxes included.")
    note = fields.Char("What Exactly")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_at = fields.Datetime("Approved On", readonly=True, copy=False)
    new_order_id = fields.Many2one(
        "car.repair.order",
        "Comeback Order",
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    credit_note_id = fields.Many2one(
        "account.move",
        copy=False,
        index="btree_not_null",
        check_company=True,
        domain="[('move_type', '=', 'out_refund'),"
        " ('car_repair_order_ids', 'in', order_id)]",
    )
    order_id = fields.Many2one(related="complaint_id.order_id")

    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "The amount of a remedy is not negative."
    )
    _credit_note_uniq = models.UniqueIndex(
        "(credit_note_id) WHERE credit_note_id IS NOT NULL",
        "This credit note stands for another remedy already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "complaint_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for remedy in self:
            remedy.display_name = (
                f"{remedy.complaint_id.name}: {kinds.get(remedy.kind)}"
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("new_order_id", "credit_note_id", "complaint_id")
    def _check_documents(self):
        for remedy in self:
            complaint = remedy.complaint_id
            new_order = remedy.new_order_id
            # Safe: only what they belong to.
            credit_note = remedy.credit_note_id.sudo()
            if new_order and new_order.vehicle_id != complaint.vehicle_id:
                raise ValidationError(
                    self.env._(
                        "%(remedy)s: the comeback order is of another vehicle.",
                        remedy=remedy.display_name,
                    )
                )
            if credit_note and (
                credit_note.move_type != "out_refund"
                or complaint.order_id not in credit_note.car_repair_order_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(remedy)s: choose a credit note of the order complained of.",
                        remedy=remedy.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("approved_by_id", None)
            vals.pop("approved_at", None)
        remedies = super().create(vals_list)
        remedies._check_changeable()
        return remedies

    def write(self, vals):
        if not self.env.su:
            if {"approved_by_id", "approved_at"} & set(vals):
                raise AccessError(
                    self.env._("Who approved a remedy, and when, is not typed.")
                )
            self._check_changeable()
            granted = self.filtered(lambda remedy: remedy.state != "proposed")
            if granted and {"kind", "amount", "complaint_id"} & set(vals):
                granted._raise_missing(
                    self.env._("it was decided on and is not changed any more")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proposed(self):
        self._check_changeable()
        if decided := self.filtered(lambda remedy: remedy.state != "proposed"):
            decided._raise_missing(self.env._("it was decided on and stays on record"))

    # === ACTION METHODS === #

    def action_approve(self):
        return self.write({"state": "approved"})

    def action_refuse(self):
        return self.write({"state": "refused"})

    def action_carry_out(self):
        """The customer has got what he was promised."""
        return self.write({"state": "done"})

    def action_redo(self):
        """Open the comeback order in which the work is done again."""
        self.ensure_one()
        if not self.new_order_id:
            if self.kind != "redo" or self.state != "approved":
                self._raise_missing(
                    self.env._("work is done again once that was approved")
                )
            if not self.complaint_id.vehicle_id:
                self._raise_missing(self.env._("the complaint names no vehicle"))
            order = self.env["car.repair.order"].create(self._prepare_new_order_vals())
            self.new_order_id = order
        return self.new_order_id._get_records_action()

    def action_refund(self):
        """Open Odoo's own dialog for the credit note of the order's invoice."""
        self.ensure_one()
        if self.credit_note_id:
            return self.credit_note_id._get_records_action()
        self._check_refundable()
        invoices = self.complaint_id.order_id.invoice_ids.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.partner_id.commercial_partner_id
                == self.complaint_id.partner_id.commercial_partner_id
            )
        )
        if not invoices:
            self._raise_missing(
                self.env._("the order has no posted invoice to the customer")
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        action["context"] = {
            "active_model": "account.move",
            "active_ids": invoices[:1].ids,
            "default_reason": self.complaint_id.name,
            "car_remedy_id": self.id,
        }
        return action

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "proposed": {"approved": "approve", "refused": "refuse"},
            "approved": {"done": "carry_out", "refused": "refuse"},
            "done": {},
            "refused": {},
        }

    def _check_changeable(self):
        """Let those who handle the complaint work on its remedies, until it ends."""
        if self.env.su:
            return
        self.complaint_id._require_handler()
        if ended := self.complaint_id.filtered(lambda each: each._has_ended()):
            ended._raise_missing(self.env._("it has ended and stays as it is"))

    def _get_limit(self, company):
        """Return up to which sum the user approves remedies; None without a limit."""
        has_group = self.env["car.repair.order"]._has_group
        company = company.sudo()  # Safe: settings.
        if has_group("manager"):
            return None
        if has_group("supervisor"):
            return company.car_complaint_limit_supervisor
        return company.car_complaint_limit_clerk

    def _check_approve(self):
        for remedy in self:
            if remedy.kind in PAID and not remedy.amount:
                remedy._raise_missing(self.env._("enter the amount"))
            limit = remedy._get_limit(remedy.company_id)
            granted = remedy.complaint_id.remedy_ids.filtered(
                lambda each: each.state in GRANTED
            )
            # Approved together, they count together.
            total = sum(
                (granted | remedy.complaint_id.remedy_ids & self).mapped("amount")
            )
            if limit is not None and remedy.amount:
                if remedy.currency_id.compare_amounts(total, limit) > 0:
                    raise AccessError(
                        self.env._(
                            "%(remedy)s: together %(total)s are above your limit of "
                            "%(limit)s. A higher role approves it.",
                            remedy=remedy.display_name,
                            total=remedy.currency_id.format(total),
                            limit=remedy.currency_id.format(limit),
                        )
                    )

    def _after_approve(self):
        # Safe: who took the step and when.
        self.sudo().write(
            {"approved_by_id": self.env.uid, "approved_at": fields.Datetime.now()}
        )

    def _check_carry_out(self):
        for remedy in self:
            if remedy.kind == "redo" and not remedy.new_order_id:
                remedy._raise_missing(self.env._("the comeback order is missing"))
            if remedy.kind == "refund":
                remedy._check_credit_note()

    def _check_credit_note(self):
        self.ensure_one()
        move = self.credit_note_id.sudo()  # Safe: state and total only.
        if not move or move.state != "posted":
            self._raise_missing(self.env._("the posted credit note is missing"))
        total = abs(move.amount_total_signed)
        if self.currency_id.compare_amounts(total, self.amount) > 0:
            self._raise_missing(
                self.env._(
                    "the credit note of %(total)s is more than the approved %(amount)s",
                    total=self.currency_id.format(total),
                    amount=self.currency_id.format(self.amount),
                )
            )

    def _check_refundable(self):
        if self.kind != "refund" or self.state != "approved":
            self._raise_missing(
                self.env._("money is given back once that was approved")
            )

    def _prepare_new_order_vals(self):
        """Return the values of the comeback order. Extend to add fields."""
        self.ensure_one()
        complaint = self.complaint_id
        vals = {
            "company_id": complaint.company_id.id,
            "vehicle_id": complaint.vehicle_id.id,
            "previous_order_id": complaint.order_id.id,
            "job_ids": [Command.create({"name": complaint.text[:200]})],
        }
        if complaint.partner_id:
            vals["partner_id"] = complaint.partner_id.id
        if complaint.order_id:
            vals["warehouse_id"] = complaint.order_id.warehouse_id.id
        comeback = self.env["car.repair.type"].search(
            [
                ("kind", "=", "comeback"),
                ("company_id", "in", [complaint.company_id.id, False]),
            ],
            limit=1,
        )
        if comeback:
            vals["type_id"] = comeback.id
        return vals


class CarComplaint(models.Model):
    _inherit = "car.complaint"

    remedy_amount = fields.Monetary(
        "Remedies Granted",
        compute="_compute_remedy_amount",
        store=True,
        help="Approved or carried out.",
    )
    redo_count = fields.Integer(
        "Done Again", compute="_compute_remedy_amount", store=True
    )

    # === COMPUTE METHODS === #

    @api.depends("remedy_ids.state", "remedy_ids.amount", "remedy_ids.kind")
    def _compute_remedy_amount(self):
        for complaint in self:
            granted = complaint.remedy_ids.filtered(lambda each: each.state in GRANTED)
            complaint.remedy_amount = sum(granted.mapped("amount"))
            complaint.redo_count = len(
                granted.filtered(lambda remedy: remedy.kind == "redo")
            )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Tie the credit note made for a complaint to its remedy."""
        moves = super()._reverse_moves(default_values_list, cancel=cancel)
        remedy_id = self.env.context.get("car_remedy_id")
        if isinstance(remedy_id, int) and len(moves) == 1:
            remedy = self.env["car.complaint.remedy"].browse(remedy_id).exists()
            if remedy.has_access("write") and not remedy.credit_note_id:
                remedy._check_refundable()
                remedy.credit_note_id = moves
        return moves
