from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What stands on a pass from the moment it is issued
ISSUED_FIELDS = {
    "order_id",
    "kind",
    "reason",
    "name",
    "issued_at",
    "issued_by_id",
    "amount_settled",
    "amount_open",
    "credit_reason",
}
TEMPORARY = ("road_test", "outside_work", "waiting_parts")


class CarExitPass(models.Model):
    """The notice on which a car leaves the site; every leaving car needs one.

    The cashier issues the final one when everything due is paid or credit is
    authorized; a temporary one (road test, outside work, waiting for parts) brings the
    car back.
    """

    _name = "car.exit.pass"
    _description = "Exit Pass"
    _inherit = ["car.order.part.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    warehouse_id = fields.Many2one(
        related="order_id.warehouse_id", store=True, precompute=True, string="Site"
    )
    license_plate = fields.Char(
        related="order_id.vehicle_id.license_plate",
        tracking=False,
        store=True,
        precompute=True,
        index="trigram",
    )
    vehicle_name = fields.Char("Vehicle", compute="_compute_vehicle_name")
    kind = fields.Selection(
        [("final", "Final"), ("temporary", "Temporary")], default="final", required=True
    )
    reason = fields.Selection(
        [
            ("repaired", "Repaired"),
            ("declined", "Not repaired"),
            ("booked", "Booked for later"),
            ("road_test", "Road test"),
            ("outside_work", "Outside work"),
            ("waiting_parts", "Waiting for parts"),
        ],
        compute="_compute_reason",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    state = fields.Selection(
        [("valid", "Valid"), ("used", "Used"), ("void", "Withdrawn")],
        default="valid",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    issued_by_id = fields.Many2one("res.users", readonly=True)
    issued_at = fields.Datetime(readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount_settled = fields.Monetary("Settled", readonly=True)
    amount_open = fields.Monetary("Open on Credit", readonly=True)
    credit_reason = fields.Char(readonly=True)
    out_at = fields.Datetime("Time Out", readonly=True, copy=False)
    back_at = fields.Datetime("Time Back", readonly=True, copy=False)
    void_reason = fields.Char("Reason for Withdrawal", copy=False)

    _final_uniq = models.UniqueIndex(
        "(order_id) WHERE kind = 'final' AND state != 'void'",
        "This order has its final exit pass already.",
    )
    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This pass number is taken already."
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_vehicle_name(self):
        for exit_pass in self:
            # Safe: the gate sees the car, not the order.
            exit_pass.vehicle_name = exit_pass.sudo().order_id.vehicle_id.display_name

    @api.depends("order_id", "kind")
    def _compute_reason(self):
        for exit_pass in self:
            if exit_pass.kind == "temporary":
                exit_pass.reason = exit_pass.reason or "road_test"
            elif exit_pass.order_id.state == "declined":
                booked = exit_pass.order_id.outcome == "booked"
                exit_pass.reason = "booked" if booked else "declined"
            else:
                exit_pass.reason = "repaired"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["car.repair.order"].browse(
            [vals["order_id"] for vals in vals_list]
        )
        orders._take_turn()
        for vals, order in zip(vals_list, orders, strict=True):
            final = vals.get("kind", "final") == "final"
            if final:
                vals.update(order._prepare_settlement_snapshot())
            else:
                order._check_temporary_pass()
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, order.company_id.id
            )
            vals["issued_by_id"] = self.env.uid
            vals["issued_at"] = fields.Datetime.now()
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        passes = super(CarExitPass, quiet).create(vals_list).with_env(self.env)
        passes._check_reason()
        return passes

    def write(self, vals):
        if kept := ISSUED_FIELDS.intersection(vals):
            raise UserError(
                self.env._(
                    "%(pass)s is issued: %(fields)s stay as they are.",
                    **{"pass": self[:1].name, "fields": ", ".join(sorted(kept))},
                )
            )
        if vals.get("back_at"):
            self._check_return()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%(pass)s is kept for the records. Withdraw it instead.",
                **{"pass": self[:1].name},
            )
        )

    # === ACTION METHODS === #

    def action_leave(self):
        """Record at the gate that the car has left."""
        return self.write({"state": "used"})

    def action_return(self):
        """Record at the gate that the car is back from its temporary leave."""
        return self.write({"back_at": fields.Datetime.now()})

    def action_void(self, reason=None):
        """Withdraw a pass that has not been used."""
        if not reason:
            action = self.order_id._get_reason_action(
                "void", self.env._("Withdraw the Exit Pass")
            )
            action["context"]["default_exit_pass_id"] = self[:1].id
            return action
        return self.write({"state": "void", "void_reason": reason})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "valid": {"used": "leave", "void": "void"},
            "used": {},
            "void": {},
        }

    def _check_reason(self):
        """Refuse reasons that do not fit the kind of pass."""
        for exit_pass in self:
            if (exit_pass.reason in TEMPORARY) != (exit_pass.kind == "temporary"):
                raise UserError(
                    self.env._(
                        "%(order)s: choose a reason that fits this kind of pass.",
                        order=exit_pass.order_id.name,
                    )
                )

    def _check_leave(self):
        # Safe: reads the state of the order for the gate.
        for exit_pass in self.sudo():
            final = exit_pass.kind == "final"
            if final and exit_pass.order_id.state not in ("delivered", "declined"):
                raise UserError(
                    self.env._(
                        "%(pass)s: the car has not been handed over yet.",
                        **{"pass": exit_pass.name},
                    )
                )

    def _check_return(self):
        """Refuse bringing back what is not out on a temporary pass, or is back."""
        for exit_pass in self:
            if (exit_pass.kind, exit_pass.state) != ("temporary", "used"):
                raise UserError(
                    self.env._(
                        "%(pass)s: only a car out on a temporary pass comes back.",
                        **{"pass": exit_pass.name},
                    )
                )
            if exit_pass.back_at:
                raise UserError(
                    self.env._(
                        "%(pass)s: the car is back already.",
                        **{"pass": exit_pass.name},
                    )
                )

    def _after_leave(self):
        self.out_at = fields.Datetime.now()

    def _check_void(self):
        if not self.env["car.repair.order"]._has_group("cashier", "supervisor"):
            raise AccessError(self.env._("The cashier withdraws exit passes."))
        self.order_id._take_turn()
        for exit_pass in self:
            if not exit_pass.void_reason or exit_pass.order_id.state == "delivered":
                raise UserError(
                    self.env._(
                        "%(pass)s: a reason is needed, and the car must still be here.",
                        **{"pass": exit_pass.name},
                    )
                )


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    def action_issue_exit_pass(self):
        """Issue the final exit pass.

        :raise UserError: naming what is still to settle.
        """
        return self.env["car.exit.pass"].create(
            [{"order_id": order.id} for order in self]
        )

    def _get_due(self, payers):
        """Return what the customer still owes before the car may leave.

        His part only: open money of the maker or insurer never keeps a car here.

        :param payers: those whose open money keeps the car here.
        :return: (amount open, amount paid, payers with unbilled lines)
        """
        self.ensure_one()
        unbilled = payers.browse()
        if self.billing_state in ("to_bill", "partly", "to_credit"):
            unbilled = payers.filtered(
                lambda payer: payer.billing_state in ("to_bill", "partly", "to_credit")
            )
        due = sum(payers.mapped("amount_due"))
        return due, sum(payers.mapped("amount_billed")) - due, unbilled

    def _prepare_settlement_snapshot(self):
        """Return what was settled when the final pass is issued.

        :raise UserError: when the car may not leave yet.
        """
        self.ensure_one()
        self._require_group("cashier", "supervisor")
        self._refuse(
            lambda order: order.state not in ("ready", "declined"),
            self.env._("the car is neither ready nor declined"),
        )
        self._refuse(
            lambda order: order.exit_pass_ids.filtered(
                lambda exit_pass: (
                    exit_pass.kind == "final" and exit_pass.state != "void"
                )
            ),
            self.env._("it has its final exit pass already"),
        )
        due, paid, credit = self._check_settled()
        return {
            "amount_settled": paid,
            "amount_open": due,
            "credit_reason": ", ".join(
                payer.credit_reason for payer in credit if payer.credit_reason
            )
            or False,
        }

    def _check_settled(self):
        """Refuse to let the car go before the customer's part is settled.

        :return: (amount open, amount paid, payers who leave on credit)
        """
        self.ensure_one()
        payers = self._get_due_payers()
        due, paid, unbilled = self._get_due(payers)
        credit = payers.filtered("is_credit_authorized")
        if unbilled:
            self._raise_for_each(
                self.env._(
                    "not everything is billed: %(payers)s",
                    payers=", ".join(unbilled.mapped("display_name")),
                )
            )
        owing = (payers - credit).filtered(
            lambda payer: payer.currency_id.compare_amounts(payer.amount_due, 0.0) > 0
        )
        if owing:
            self._raise_for_each(
                self.env._(
                    "%(amount).2f is still to pay by %(payers)s",
                    amount=sum(owing.mapped("amount_due")),
                    payers=", ".join(owing.mapped("display_name")),
                )
            )
        return due, paid, credit

    def _get_due_payers(self):
        """Return the payers whose open money keeps the car here: the customer's.

        That is he himself, whatever kind of payer he is called.
        """
        payers = self.env["car.repair.payer"].search_fetch(
            [("order_id", "in", self.ids)],
            ["kind", "order_id", "partner_id", "is_credit_authorized", "credit_reason"],
        )
        return payers.filtered(
            lambda payer: (
                payer.kind == "customer"
                or (
                    payer.partner_id.commercial_partner_id
                    and payer.partner_id.commercial_partner_id
                    == self.partner_id.commercial_partner_id
                )
            )
        )

    def _check_temporary_pass(self):
        self._require_group("advisor", "workshop_supervisor", "inspector")
        self._refuse(
            lambda order: order.state in ("delivered", "cancelled"),
            self.env._("the car is not in the workshop's hands"),
        )
