from odoo import api, fields, models

TOPICS = [
    ("booking", "Booking"),
    ("price", "Prices"),
    ("technical", "Technical"),
    ("parts", "Parts"),
    ("warranty", "Warranty and Guarantee"),
    ("insurance", "Insurance and Accident"),
    ("progress", "Progress of a Repair"),
    ("other", "Other"),
]


class CarEnquiry(models.Model):
    """Somebody walks in or calls with a question and is answered on the spot.

    Logged and closed in one step; it may turn into an appointment or an order.
    """

    _name = "car.enquiry"
    _description = "Enquiry"
    _inherit = [
        "car.confidential.mixin",
        "car.caller.mixin",
        "car.workflow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "asked_at desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("answered", "Answer Given"),
            ("booked", "Appointment Made"),
            ("received", "Order Opened"),
        ],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    channel = fields.Selection(
        [("walk_in", "Walk-in"), ("phone", "Phone"), ("message", "Message")],
        "Came By",
        default="phone",
        required=True,
    )
    topic = fields.Selection(TOPICS, default="other", required=True)
    question = fields.Text(required=True, help="What is asked, in the caller's words.")
    answer = fields.Text(copy=False, help="Filled in, it closes the enquiry.")
    advisor_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, index=True, tracking=True
    )
    asked_at = fields.Datetime(default=fields.Datetime.now, required=True, copy=False)
    answered_at = fields.Datetime(readonly=True, copy=False)
    appointment_id = fields.Many2one(
        "car.appointment",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    turn = fields.Integer(copy=False, default=0, readonly=True)

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This enquiry number is taken already."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "license_plate", "contact_name")
    def _compute_display_name(self):
        for enquiry in self:
            parts = (
                enquiry._origin.name,
                enquiry.license_plate or enquiry.contact_name,
            )
            enquiry.display_name = " ".join(part for part in parts if part)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, vals.get("company_id")
            )
        enquiries = super().create(vals_list)
        enquiries._close_answered()
        return enquiries

    def write(self, vals):
        if not self.env.su:
            protected = ("appointment_id", "order_id", "answered_at", "turn", "name")
            vals = {key: vals[key] for key in vals if key not in protected}
        result = super().write(vals)
        if vals.get("answer") and "state" not in vals:
            self._close_answered()
        return result

    # === ACTION METHODS === #

    def action_answer(self):
        """Close the enquiry: it was answered on the spot."""
        return self.write({"state": "answered"})

    def action_reopen(self):
        return self.write({"state": "open"})

    def action_book(self):
        """Make an appointment of it, without typing anything again."""
        self.ensure_one()
        self._take_turn()
        if not self.appointment_id:
            appointment = self.env["car.appointment"].create(
                self._prepare_appointment_vals()
            )
            # Safe: the link to what was just made.
            self.sudo().appointment_id = appointment
            self.write({"state": "booked"})
        return self.appointment_id._get_records_action()

    def action_open_order(self):
        """Receive the car at once, because it is here already."""
        self.ensure_one()
        self._take_turn()
        if not self.order_id:
            order = self.env["car.repair.order"].create(self._prepare_order_vals())
            # Safe: the link to what was just made.
            self.sudo().order_id = order
            self.write({"state": "received"})
        return self.order_id._get_records_action()

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        onward = {"booked": "book", "received": "receive"}
        return {
            "open": {"answered": "answer", **onward},
            "answered": {"open": "reopen", **onward},
            "booked": {"received": "receive"},
            "received": {},
        }

    def _take_turn(self):
        """Write the row first: two at once must not both make a document."""
        self.flush_recordset()
        self.env["res.company"]._take_car_turn(self)

    def _close_answered(self):
        self.filtered(lambda enquiry: enquiry.answer and enquiry.state == "open").write(
            {"state": "answered"}
        )

    def _check_answer(self):
        for enquiry in self:
            if not enquiry.answer:
                enquiry._raise_missing(self.env._("the answer is missing"))

    def _after_answer(self):
        # Safe: the moment of the step just taken.
        self.sudo().write({"answered_at": fields.Datetime.now()})

    def _after_reopen(self):
        self.sudo().write({"answered_at": False})  # Safe: follows from the step.

    def _check_book(self):
        for enquiry in self:
            if not enquiry.appointment_id:
                enquiry._raise_missing(
                    self.env._("“Book” makes its appointment; there is none yet")
                )

    def _check_receive(self):
        for enquiry in self:
            if not enquiry.order_id:
                enquiry._raise_missing(
                    self.env._("“Open Order” makes its order; there is none yet")
                )

    def _prepare_caller_vals(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "contact_name": self.contact_name,
            "phone": self.phone,
            "vehicle_id": self.vehicle_id.id,
            "license_plate": self.license_plate,
            "model_id": self.model_id.id,
        }

    def _prepare_appointment_vals(self):
        """Return values of the appointment an enquiry becomes. Extend to add fields."""
        return {
            **self._prepare_caller_vals(),
            "channel": self.channel,
            "line_ids": [fields.Command.create({"name": self.question})],
        }

    def _prepare_order_vals(self):
        """Return values of the order an enquiry becomes. Extend to add fields.

        :raise UserError: naming what is missing
        """
        return {
            "company_id": self.company_id.id,
            "vehicle_id": self._ensure_vehicle().id,
            "partner_id": self._ensure_partner().id,
            "job_ids": [fields.Command.create({"name": self.question})],
        }
