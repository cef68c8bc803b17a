from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.labels import spell_fields
from .car_repair_order import CUSTOMER_DATA


class CarSpecialistCall(models.Model):
    """A specialist called to the reception bay at once (通知技术部专职技术员).

    Several may be called; the first who answers comes. Both moments are kept: when he
    said that he is coming and when he was there.
    """

    _name = "car.specialist.call"
    _description = "Specialist Call"
    _inherit = ["car.workflow.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    warehouse_id = fields.Many2one(
        related="order_id.warehouse_id", store=True, precompute=True, string="Site"
    )
    order_number = fields.Char(
        related="order_id.name", store=True, precompute=True, string="Order Number"
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, precompute=True, tracking=False
    )
    bay_id = fields.Many2one(
        "car.workshop.bay",
        check_company=True,
        domain="[('warehouse_id', '=', warehouse_id)]",
    )
    note = fields.Char("Question", help="What the specialist is needed for.")
    skill_id = fields.Many2one("car.workshop.skill")
    technician_ids = fields.Many2many(
        "car.technician",
        string="Specialists Called",
        check_company=True,
        compute="_compute_technician_ids",
        store=True,
        readonly=False,
        precompute=True,
        help="Everybody with the skill is called, unless you choose otherwise.",
    )
    state = fields.Selection(
        [
            ("calling", "Called"),
            ("coming", "Coming"),
            ("there", "There"),
            ("cancelled", "Cancelled"),
        ],
        default="calling",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    called_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, default=lambda self: self.env.user
    )
    called_at = fields.Datetime(readonly=True, copy=False, default=fields.Datetime.now)
    technician_id = fields.Many2one(
        "car.technician",
        "Who Comes",
        copy=False,
        index="btree_not_null",
        check_company=True,
        domain="[('id', 'in', technician_ids)]",
    )
    coming_at = fields.Datetime("Answered At", readonly=True, copy=False)
    there_at = fields.Datetime(readonly=True, copy=False)
    answer_seconds = fields.Integer(
        "Until Answered (s)", readonly=True, copy=False, aggregator="avg"
    )
    arrival_seconds = fields.Integer(
        "Until There (s)", readonly=True, copy=False, aggregator="avg"
    )

    # === COMPUTE METHODS === #

    @api.depends("skill_id", "order_id")
    def _compute_technician_ids(self):
        """Propose everybody of the company who has the skill."""
        technicians = self.env["car.technician"].search(
            [
                ("skill_ids", "in", self.skill_id.ids),
                ("company_id", "in", self.company_id.ids or self.env.company.ids),
            ]
        )
        for call in self.filtered("skill_id"):
            company = call.company_id or self.env.company
            call.technician_ids = technicians.filtered(
                lambda technician, call=call, company=company: (
                    call.skill_id._origin in technician.skill_ids
                    and technician.company_id == company
                )
            )

    @api.depends("order_number", "vehicle_id.license_plate")
    def _compute_display_name(self):
        for call in self:
            plate = call.vehicle_id.license_plate or ""
            call.display_name = f"{call.order_number or ''} {plate}".strip()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.update(
                called_by_id=self.env.uid,
                called_at=fields.Datetime.now(),
                technician_id=False,
                coming_at=False,
                there_at=False,
            )
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        calls = super(CarSpecialistCall, quiet).create(vals_list).with_env(self.env)
        calls._check_called()
        calls._notify_called()
        return calls

    def write(self, vals):
        if not self.env.su:
            allowed = {"state", "technician_id", "message_main_attachment_id"}
            if foreign := set(vals) - allowed:
                raise UserError(
                    self.env._(
                        "%(call)s is made: %(fields)s stay as they are.",
                        call=self[:1].display_name,
                        fields=spell_fields(self, foreign),
                    )
                )
            if "technician_id" in vals and vals.get("state") != "coming":
                raise UserError(self.env._("Who answers first comes."))
            if vals.get("state") == "coming":
                self._check_first()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A call is kept for the records. Cancel it instead.")
        )

    # === ACTION METHODS === #

    def action_coming(self):
        """Answer the call: I am coming."""
        return self.write({"state": "coming"})

    def action_there(self):
        """Record that the specialist is at the bay."""
        return self.write({"state": "there"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "calling": {"coming": "answer", "there": "arrive", "cancelled": "cancel"},
            "coming": {"there": "arrive", "cancelled": "cancel"},
            "there": {},
            "cancelled": {},
        }

    def _check_first(self):
        """Tell a latecomer who is coming already."""
        for call in self.filtered("technician_id"):
            if call.technician_id.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(call)s: %(name)s has answered already.",
                        call=call.display_name,
                        name=call.technician_id.name,
                    )
                )

    def _check_called(self):
        """Refuse a call that reaches nobody."""
        for call in self:
            if not call.technician_ids.user_id:
                raise UserError(
                    self.env._(
                        "%(call)s: choose a specialist who logs in; nobody else gets "
                        "the call.",
                        call=call.display_name,
                    )
                )

    def _notify_called(self):
        """Call them at once: on their screen, in their inbox or by e-mail."""
        for call in self:
            users = call.technician_ids.user_id
            title = self.env._("You are called to the reception bay")
            details = (call.bay_id.name, call.display_name, call.note)
            text = " · ".join(part for part in details if part)
            users._bus_send(
                "simple_notification",
                {"type": "warning", "title": title, "message": text, "sticky": True},
            )
            call.message_notify(
                partner_ids=users.partner_id.ids, subject=title, body=text
            )

    def _get_own_technician(self):
        """Return as which of the called technicians the user answers."""
        self.ensure_one()
        own = self.technician_ids.filtered(
            lambda technician: technician.user_id == self.env.user
        )
        return own[:1]

    def _check_answer(self):
        for call in self:
            if call.technician_id:
                heads = self.env["car.repair.order"]._has_group("workshop_supervisor")
                if not heads and call.technician_id.user_id != self.env.user:
                    raise AccessError(self.env._("Everybody answers for himself."))
            elif own := call._get_own_technician():
                # Safe: he answers for himself.
                call.sudo().technician_id = own
            else:
                raise AccessError(
                    self.env._("%(call)s: you are not called.", call=call.display_name)
                )

    def _after_answer(self):
        now = fields.Datetime.now()
        for call in self:
            # Safe: the moment of the step just taken.
            call.sudo().write(
                {
                    "coming_at": now,
                    "answer_seconds": (now - call.called_at).total_seconds(),
                }
            )
            call.called_by_id.sudo()._bus_send(
                "simple_notification",
                {
                    "type": "info",
                    "title": call.display_name,
                    "message": self.env._(
                        "%(name)s is coming.", name=call.technician_id.name
                    ),
                },
            )

    def _check_arrive(self):
        """The specialist says so himself, or whoever called him sees him."""
        desks = ("advisor", "workshop_supervisor")
        for call in self:
            own = call._get_own_technician()
            if not own and not self.env["car.repair.order"]._has_group(*desks):
                raise AccessError(
                    self.env._("%(call)s: you are not called.", call=call.display_name)
                )
            if own:
                call._check_first()
            if not call.technician_id:
                if not own:
                    raise UserError(
                        self.env._(
                            "%(call)s: nobody has answered yet.", call=call.display_name
                        )
                    )
                call.sudo().technician_id = own  # Safe: he stands there himself.

    def _after_arrive(self):
        now = fields.Datetime.now()
        for call in self:
            seconds = (now - call.called_at).total_seconds()
            # Safe: the moments of the step just taken.
            values = {"there_at": now, "arrival_seconds": seconds}
            if not call.coming_at:
                values.update(coming_at=now, answer_seconds=seconds)
            call.sudo().write(values)

    def _check_cancel(self):
        if not self.env["car.repair.order"]._has_group(
            "advisor", "workshop_supervisor"
        ):
            raise AccessError(self.env._("Whoever has called cancels the call."))


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    specialist_call_ids = fields.One2many(
        "car.specialist.call", "order_id", "Specialist Calls", groups=CUSTOMER_DATA
    )

    def action_call_specialist(self):
        """Open the dialog that calls a specialist to the bay."""
        self.ensure_one()
        view = self.env.ref("car_aftersales.car_specialist_call_view_form_call")
        bay = self.env["car.workshop.bay"].search(
            [("warehouse_id", "=", self.warehouse_id.id), ("kind", "=", "reception")],
            limit=1,
        )
        return {
            "name": self.env._("Call a Specialist"),
            "type": "ir.actions.act_window",
            "res_model": "car.specialist.call",
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {"default_order_id": self.id, "default_bay_id": bay.id},
        }
