from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..vehicle.car_vehicle import CUSTOMER_DATA
from .car_contact_rule import KINDS

CALL_KINDS = [
    *KINDS,
    ("consultation", "Consultation"),
    ("complaint", "Complaint"),
    ("consent", "Consent to Additional Work"),
    ("pick_up", "Pick-Up Notice"),
    ("appointment", "Appointment"),
    ("other", "Other"),
]
OUTCOMES = [
    ("reached", "Reached"),
    ("booked", "Reached, appointment made"),
    ("no_answer", "No answer"),
    ("wrong_number", "Wrong number"),
    ("refused", "Wants no contact"),
    ("sold", "Has sold the car"),
]
# Written by the steps, not by hand
STAMPS = ("outcome", "ended_at", "appointment_id", "archived_at", "archived_by_id")


class CarContactCall(models.Model):
    """A talk with a customer, in or out, or a visit to him: the record of it.

    跟踪服务电话记录表: written by whoever held it, from anywhere. Kept with its outcome;
    an archived one is locked.
    """

    _name = "car.contact.call"
    _description = "Call or Visit"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "started_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        [("draft", "Talking"), ("done", "Held"), ("archived", "Archived")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    direction = fields.Selection(
        [("out", "We called"), ("in", "The customer called"), ("visit", "Visit")],
        required=True,
        default="out",
    )
    kind = fields.Selection(CALL_KINDS, required=True, default="other", index=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        groups=CUSTOMER_DATA,
    )
    phone = fields.Char(
        "Phone Number",
        compute="_compute_phone",
        store=True,
        readonly=False,
        precompute=True,
        groups=CUSTOMER_DATA,
        help="The number that was dialled.",
    )
    vehicle_id = fields.Many2one(
        "car.vehicle", index="btree_not_null", check_company=True
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        index="btree_not_null",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Handled By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    started_at = fields.Datetime(
        "Date and Time", required=True, default=fields.Datetime.now, index=True
    )
    ended_at = fields.Datetime(readonly=True, copy=False)
    task_ids = fields.Many2many(
        "car.contact.task",
        "car_contact_call_task_rel",
        "call_id",
        "task_id",
        "Contacts Made",
        copy=False,
        check_company=True,
    )
    # what was said
    topic_ids = fields.Many2many("car.contact.topic", string="Topics Spoken About")
    summary = fields.Text("Key Points")
    condition_text = fields.Text("Use of the Car", help="How the car has been running.")
    opinion_text = fields.Text("Opinion of Our Service")
    need_text = fields.Text("New Needs")
    point_ids = fields.One2many(
        "car.contact.point", "call_id", "Requests, Wishes, Complaints"
    )
    # how it ended
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False, tracking=True)
    next_try_on = fields.Date("Next Try", copy=False)
    appointment_id = fields.Many2one(
        "car.appointment",
        "Appointment Made",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    archived_at = fields.Datetime(readonly=True, copy=False)
    archived_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This call number is taken already."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for call in self:
            call.display_name = f"{call.name} {kinds.get(call.kind) or ''}".strip()

    @api.depends("partner_id")
    def _compute_phone(self):
        for call in self:
            call.phone = call.partner_id.phone or call.phone

    # === ONCHANGE METHODS === #

    @api.onchange("vehicle_id", "order_id")
    def _onchange_subject(self):
        """Take the customer of the car or of the visit, where none was chosen."""
        if not self.partner_id:
            order, vehicle = self.order_id, self.vehicle_id
            self.partner_id = (
                order.contact_id
                or order.partner_id
                or vehicle.contact_id
                or vehicle.owner_id
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, vals.get("company_id")
            )
            if not self.env.su:
                for name in STAMPS:
                    vals.pop(name, None)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_kept(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for call in self:
            if call.state != "draft":
                raise UserError(
                    self.env._(
                        "%(call)s was held and stays on record.",
                        call=call.display_name,
                    )
                )

    # === ACTION METHODS === #

    def action_reached(self):
        """The customer was reached and spoken to."""
        return self._end("reached")

    def action_no_answer(self):
        """Nobody answered: the contacts are tried again on the day given."""
        return self._end("no_answer")

    def action_wrong_number(self):
        return self._end("wrong_number")

    def action_refused(self):
        """The customer wants no contact any more; this is obeyed everywhere."""
        return self._end("refused")

    def action_sold(self):
        """The customer has sold the car: his ownership ends, the car's file stays."""
        return self._end("sold")

    def action_book(self):
        """Make the appointment the customer asked for, and hold the call."""
        self.ensure_one()
        if not self.appointment_id:
            appointment = self.env["car.appointment"].create(
                self._prepare_appointment_vals()
            )
            # Safe: the link to what was just made.
            self.sudo().appointment_id = appointment
        if self.state == "draft":
            self._end("booked")
        return self.appointment_id._get_records_action()

    def action_archive_record(self):
        """Lock the record for good."""
        return self.write({"state": "archived"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "draft": {"done": "hold"},
            "done": {"archived": "archive"},
            "archived": {},
        }

    def _check_kept(self, vals):
        """Keep what was held as it was told; the outcome comes by its button."""
        locked = self.filtered(lambda call: call.state == "archived")
        if locked and vals:
            locked._raise_missing(
                self.env._("it is archived and cannot be changed any more")
            )
        held = self.filtered(lambda call: call.state == "done")
        if held and set(vals) - {"state", "point_ids", "summary", "task_ids"}:
            held._raise_missing(
                self.env._("the call was held; only its key points may be completed")
            )

    def _raise_missing(self, missing):
        raise UserError(
            self.env._(
                "%(calls)s: %(missing)s.",
                calls=", ".join(self.mapped("display_name")),
                missing=missing,
            )
        )

    def _end(self, outcome):
        """Hold the call with its outcome.

        :raise UserError: naming what is missing
        """
        for call in self:
            if call.state != "draft":
                call._raise_missing(self.env._("its outcome is written down already"))
        # Safe: the outcome of a step that write() checks.
        self.sudo().write({"outcome": outcome})
        self.write({"state": "done"})
        return True

    def _check_hold(self):
        for call in self:
            if not call.outcome:
                call._raise_missing(self.env._("choose how it ended"))
            spoken = call.outcome in ("reached", "booked")
            if spoken and not (call.topic_ids or (call.summary or "").strip()):
                call._raise_missing(
                    self.env._("tick what was spoken about, or write the key points")
                )
            if call.outcome == "sold" and not call.vehicle_id:
                call._raise_missing(self.env._("choose the vehicle that was sold"))
            call._check_topics()

    def _check_topics(self):
        """Refuse to repeat the first call in the second (R-132)."""
        self.ensure_one()
        second = self.task_ids.filtered(lambda task: task.kind == "second_call")
        if repeated := self.topic_ids & second._get_first_call().topic_ids:
            self._raise_missing(
                self.env._(
                    "the first call spoke about this already: %(topics)s. The second "
                    "call does not repeat it",
                    topics=", ".join(repeated.mapped("name")),
                )
            )

    def _after_hold(self):
        # Safe: the moment of the step just taken.
        self.sudo().write({"ended_at": fields.Datetime.now()})
        for call in self:
            getattr(call, f"_settle_{call.outcome}")()

    def _settle_reached(self):
        # Safe: done by the call that stands for them.
        self._get_open_tasks().sudo().write({"state": "done"})

    def _settle_booked(self):
        self._settle_reached()

    def _settle_no_answer(self):
        """Count the try; after the last one the customer is given up."""
        tasks = self._get_open_tasks().sudo()  # Safe: follows from the call.
        for task in tasks:
            task.tries += 1
        lost = tasks.filtered(lambda task: task.tries >= (task.rule_id.max_tries or 3))
        lost._close("not_reached")
        for task in tasks - lost:
            task.call_on = self.next_try_on or self._get_next_try()

    def _settle_wrong_number(self):
        # Safe: follows from the call.
        self._get_open_tasks().sudo()._close("wrong_number")

    def _settle_refused(self):
        self.partner_id._record_car_answer(False, "call", evidence=self.name)
        # Safe: what is left, like a visit that was planned, ends with it.
        self._get_open_tasks().sudo()._close("refused")

    def _settle_sold(self):
        """End the ownership, not the file of the car."""
        # Safe: the owner says so; the call keeps who wrote it down.
        vehicle = self.sudo().vehicle_id
        if self.sudo().partner_id in vehicle.owner_id | vehicle.contact_id:
            vehicle.write({"owner_id": False, "contact_id": False})
        tasks = self.env["car.contact.task"].sudo()
        tasks.search(
            [
                ("partner_id", "=", self.sudo().partner_id.id),
                ("vehicle_id", "=", vehicle.id),
                ("state", "=", "open"),
            ]
        )._close("sold")

    def _check_archive(self):
        self._require_follower()

    def _after_archive(self):
        # Safe: who locked it and when.
        self.sudo().write(
            {"archived_at": fields.Datetime.now(), "archived_by_id": self.env.uid}
        )

    def _require_follower(self):
        if not self.env["car.repair.order"]._has_group("follow_up_clerk", "supervisor"):
            self._raise_missing(
                self.env._("the follow-up clerk or the business supervisor archives it")
            )

    def _get_open_tasks(self):
        return self.task_ids.filtered(lambda task: task.state == "open")

    def _get_next_try(self):
        """Return the next working day after today."""
        self.ensure_one()
        company = self.company_id
        tomorrow = company._get_car_today() + timedelta(days=1)
        working = company._get_car_working_days(tomorrow, tomorrow + timedelta(days=30))
        return next(iter(working), tomorrow)

    def _prepare_appointment_vals(self):
        """Return the values of the appointment made in a call. Extend to add fields."""
        self.ensure_one()
        text = self.need_text or self.summary or ", ".join(
            task.subject or task._get_kind_label() for task in self.task_ids
        )
        vals = {
            "company_id": self.company_id.id,
            "channel": "follow_up",
            "partner_id": self.partner_id.id,
            "vehicle_id": self.vehicle_id.id,
            "license_plate": self.vehicle_id.license_plate,
        }
        if text:
            vals["line_ids"] = [fields.Command.create({"name": text})]
        return vals


class CarContactTask(models.Model):
    _inherit = "car.contact.task"

    # === BUSINESS METHODS === #

    def _get_kind_label(self):
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _get_first_call(self):
        """Return the held first calls that second calls follow."""
        first_ids = [
            task.res_id for task in self if task.res_model == "car.contact.task"
        ]
        return (
            self.browse(first_ids)
            .call_ids.filtered(lambda call: call.state != "draft")
        )
