from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .car_repair_order import CUSTOMER_DATA

OPEN_STATES = ("arrived", "served", "lounge")
# What is opened within this time of an arrival belongs to it.
SAME_VISIT = timedelta(hours=12)
# What only the steps write
STAMPS = (
    "name",
    "served_at",
    "closed_at",
    "data_confirmed_at",
    "data_confirmed_by_id",
    "introduced_at",
    "introduced_by_id",
    "turn",
)
LINKS = ("enquiry_id", "appointment_id", "order_id")


class CarReception(models.Model):
    """Somebody arrives: when, with which car, whom he speaks to, where and what for.

    Written down before anything else; the purpose leads to the enquiry, appointment or
    order it becomes. The front desk works with it. Rule book of the workshop, 业务接待
    工作内容规定.
    """

    _name = "car.reception"
    _description = "Arrival Record"
    _inherit = [
        "car.confidential.mixin",
        "car.caller.mixin",
        "car.site.mixin",
        "car.workflow.mixin",
        "mail.thread",
    ]
    _order = "arrived_at desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        [
            ("arrived", "Arrived"),
            ("served", "Being Served"),
            ("lounge", "In the Lounge"),
            ("done", "Attended To"),
            ("gone", "Left Unserved"),
        ],
        default="arrived",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand="_group_expand_state",
    )
    purpose = fields.Selection(
        [
            ("enquiry", "Enquiry"),
            ("diagnosis", "Diagnosis"),
            ("estimate", "Estimate"),
            ("repair", "Repair or Service"),
            ("booking", "Booking"),
            ("pickup", "Pick-Up"),
        ],
        "Purpose of Visit",
        default="repair",
        required=True,
        tracking=True,
    )
    complaint = fields.Text("What Is Wanted", help="In the customer's own words.")
    # when
    arrived_at = fields.Datetime(
        "Arrival", default=fields.Datetime.now, required=True, copy=False, index=True
    )
    arrived_hour = fields.Char(
        "Hour of Arrival",
        compute="_compute_arrived_hour",
        store=True,
        precompute=True,
        help="By the clock of the company's working hours.",
    )
    served_at = fields.Datetime("Served Since", readonly=True, copy=False)
    wait_minutes = fields.Integer(
        "Minutes Until Served",
        compute="_compute_wait_minutes",
        store=True,
        aggregator="avg",
    )
    closed_at = fields.Datetime("Ended At", readonly=True, copy=False)
    # who and where
    advisor_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, index=True, tracking=True
    )
    bay_id = fields.Many2one(
        "car.workshop.bay",
        "Reception Bay",
        check_company=True,
        index="btree_not_null",
        domain="[('warehouse_id', '=', warehouse_id), ('kind', '=', 'reception')]",
    )
    bay_warning = fields.Char("Bay Taken", compute="_compute_bay_warning")
    # what it became
    enquiry_id = fields.Many2one(
        "car.enquiry", copy=False, check_company=True, index="btree_not_null"
    )
    appointment_id = fields.Many2one(
        "car.appointment", copy=False, check_company=True, index="btree_not_null"
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        copy=False,
        check_company=True,
        index="btree_not_null",
        help="The order opened at this arrival, or the one whose car is collected.",
    )
    outcome_note = fields.Char(
        "How It Ended", copy=False, help="Where no document tells it."
    )
    gone_reason = fields.Char("Reason for Leaving", copy=False, tracking=True)
    # data and introduction
    data_confirmed_at = fields.Datetime("Data Confirmed", readonly=True, copy=False)
    data_confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    is_new_customer = fields.Boolean(
        "New Customer", compute="_compute_is_new_customer", groups=CUSTOMER_DATA
    )
    introduction_text = fields.Text(compute="_compute_introduction_text")
    introduced_at = fields.Datetime("Introduction Given", readonly=True, copy=False)
    introduced_by_id = fields.Many2one(
        "res.users", "Introduction Given By", readonly=True, copy=False
    )
    # technical
    turn = fields.Integer(copy=False, default=0, readonly=True)

    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This arrival number is taken already."
    )
    # Two clicks at once must not receive one car twice.
    _one_open_per_car = models.UniqueIndex(
        "(company_id, vehicle_id) WHERE vehicle_id IS NOT NULL "
        "AND state IN ('arrived', 'served', 'lounge')",
        "This car is registered as arrived already. Continue with that arrival.",
    )

    # === COMPUTE METHODS === #

    @api.model
    def _group_expand_state(self, states, domain):
        """Show who waits, also when nobody does; the ended ones when asked for."""
        return [
            state
            for state, _label in self._fields["state"].selection
            if state in OPEN_STATES or state in states
        ]

    @api.depends("arrived_at", "company_id")
    def _compute_arrived_hour(self):
        for reception in self:
            zone = reception.company_id._get_car_time_zone()
            local = reception.arrived_at and fields.Datetime.context_timestamp(
                reception.with_context(tz=zone), reception.arrived_at
            )
            reception.arrived_hour = local and f"{local.hour:02}:00"

    @api.depends("arrived_at", "served_at")
    def _compute_wait_minutes(self):
        for reception in self:
            waited = reception.served_at and reception.served_at - reception.arrived_at
            reception.wait_minutes = (
                max(0, waited.total_seconds()) // 60 if waited else 0
            )

    @api.depends("bay_id", "state")
    def _compute_bay_warning(self):
        """Tell which other car stands in the bay; it is no refusal."""
        domain = Domain("bay_id", "in", self.bay_id.ids)
        domain &= Domain("state", "in", OPEN_STATES)
        others = self.search_fetch(domain, ["bay_id", "license_plate"])
        by_bay = others.grouped("bay_id")
        for reception in self:
            here = by_bay.get(reception.bay_id._origin, self.browse())
            here -= reception._origin
            reception.bay_warning = False
            if here and reception.state in OPEN_STATES:
                reception.bay_warning = self.env._(
                    "%(bay)s is taken by %(cars)s.",
                    bay=reception.bay_id.name,
                    cars=", ".join(
                        other.license_plate or other.name or "" for other in here
                    ),
                )

    @api.depends("partner_id", "order_id", "company_id")
    def _compute_is_new_customer(self):
        """Recognize who has never been here before this arrival."""
        known = self.env["car.repair.order"]._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "!=", "cancelled"),
            ],
            ["partner_id", "company_id"],
            ["id:array_agg"],
        )
        orders = {(partner, company): {*ids} for partner, company, ids in known}
        for reception in self:
            key = reception.partner_id._origin, reception.company_id._origin
            own = {reception.order_id.id, *reception.opened_order_ids.ids}
            reception.is_new_customer = not orders.get(key, set()) - own

    def _compute_introduction_text(self):
        for reception in self:
            reception.introduction_text = reception.company_id._get_car_introduction()

    @api.depends("name", "license_plate", "contact_name")
    def _compute_display_name(self):
        for reception in self:
            parts = (
                reception._origin.name,
                reception.license_plate or reception.contact_name,
            )
            reception.display_name = " ".join(part for part in parts if part)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._drop_protected(vals, STAMPS)
            vals["name"] = vals.get("name") or self.env[
                "res.company"
            ]._get_next_car_number(self._name, vals.get("company_id"))
        # The database compares with the open arrivals: it must know which have ended.
        self.flush_model(["state", "vehicle_id"])
        receptions = super().create(vals_list)
        receptions._check_links()
        return receptions

    def write(self, vals):
        vals = self._drop_protected(dict(vals), STAMPS + LINKS)
        result = super().write(vals)
        if vals.keys() & {"vehicle_id", "license_plate"}:
            self._check_links()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for reception in self:
            if any(reception[link] for link in LINKS):
                raise UserError(
                    self.env._(
                        "%(arrival)s belongs to a document and is kept for the "
                        "records.",
                        arrival=reception.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    def _drop_protected(self, vals, names):
        """Take out what only the system writes."""
        if not self.env.su:
            for name in names:
                vals.pop(name, None)
        return vals

    def _check_links(self):
        """Refuse an arrival of one car that belongs to the order of another."""
        for reception in self:
            vehicle = reception.vehicle_id
            for document in (reception.order_id, reception.appointment_id):
                if vehicle and document.vehicle_id and document.vehicle_id != vehicle:
                    reception._raise_missing(
                        self.env._(
                            "%(document)s belongs to another car",
                            document=document.display_name,
                        )
                    )

    def _take_turn(self):
        """Write the row first: two at once must not both make a document."""
        self.check_access("write")
        self.flush_recordset()
        self.env["res.company"]._take_car_turn(self)
