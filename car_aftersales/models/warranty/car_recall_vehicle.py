from odoo import api, fields, models
from odoo.exceptions import UserError

from ..vehicle.car_vehicle import CUSTOMER_DATA
from .car_recall_campaign import WAITING

STATES = [
    ("open", "To Do"),
    ("informed", "Customer Informed"),
    ("booked", "Planned"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("not_ours", "Not Ours"),
]
GONE_REASONS = [
    ("sold", "Sold elsewhere"),
    ("scrapped", "Scrapped"),
    ("exported", "Exported"),
    ("error", "Listed by mistake"),
]
# What is told about how it ended, only together with the step
PROOF = {
    "refused": {"refusal_reason", "refusal_signed_by", "refusal_signature"},
    "not_ours": {"gone_reason", "gone_note"},
    "done": {"done_on", "done_km", "done_by", "done_source"},
}


class CarRecallVehicle(models.Model):
    """A car on the list of a campaign, and what became of it.

    Known by its VIN; tied to our own file of the car as soon as there is one.
    Technicians see that the work is wanted, not who refused it.
    """

    _name = "car.recall.vehicle"
    _description = "Car of a Recall"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "campaign_id desc, id"
    _check_company_auto = True
    _mail_post_access = "read"

    campaign_id = fields.Many2one(
        "car.recall.campaign",
        "Recall Campaign",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(related="campaign_id.kind", store=True, precompute=True)
    campaign_state = fields.Selection(related="campaign_id.state", string="Campaign Is")
    is_mandatory = fields.Boolean(related="campaign_id.is_mandatory")
    may_leave = fields.Boolean(related="campaign_id.may_leave")
    description = fields.Text(related="campaign_id.description")
    risk = fields.Text(related="campaign_id.risk")
    vin = fields.Char("VIN", readonly=True, index=True)
    vehicle_id = fields.Many2one(
        "car.vehicle",
        "Car on File",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    model_id = fields.Many2one(related="vehicle_id.model_id", string="Model of the Car")
    owner_id = fields.Many2one(related="vehicle_id.owner_id", groups=CUSTOMER_DATA)
    owner_phone = fields.Char(
        related="vehicle_id.owner_id.phone",
        string="Phone of the Owner",
        groups=CUSTOMER_DATA,
    )
    linked_on = fields.Date(
        "Known Since", readonly=True, help="Its customer is told from this day."
    )
    state = fields.Selection(
        STATES,
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    import_id = fields.Many2one("car.recall.import", readonly=True)
    note = fields.Char()
    # the work
    job_ids = fields.One2many("car.repair.job", "recall_vehicle_id", "Jobs")
    order_id = fields.Many2one(
        "car.repair.order",
        "Done On Order",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    done_source = fields.Selection(
        [("here", "By us"), ("elsewhere", "Elsewhere")], "Done Where", readonly=True
    )
    done_on = fields.Date(readonly=True, tracking=True)
    done_km = fields.Integer("Done At (km)", readonly=True)
    done_by = fields.Char(
        "How We Know", readonly=True, help="Who did it elsewhere, and how we know."
    )
    # refused
    refusal_reason = fields.Char("Why Refused", readonly=True, groups=CUSTOMER_DATA)
    refusal_signed_by = fields.Char(
        "Refused By", readonly=True, groups=CUSTOMER_DATA, help="Name of who signed."
    )
    refusal_signature = fields.Image(
        "Signature of the Refusal",
        readonly=True,
        attachment=True,
        max_width=1024,
        max_height=1024,
        groups=CUSTOMER_DATA,
    )
    refused_at = fields.Datetime("Refused On", readonly=True)
    # put off
    put_off_order_id = fields.Many2one(
        "car.repair.order",
        "Put Off On Order",
        readonly=True,
        check_company=True,
        index="btree_not_null",
    )
    put_off_reason = fields.Char("Why Put Off", readonly=True, groups=CUSTOMER_DATA)
    put_off_until = fields.Date(
        readonly=True, help="The customer is contacted on this day."
    )
    put_off_signed_by = fields.Char(
        "Putting Off Signed By", readonly=True, groups=CUSTOMER_DATA
    )
    put_off_signature = fields.Image(
        "Signature under Putting It Off",
        readonly=True,
        attachment=True,
        max_width=1024,
        max_height=1024,
        groups=CUSTOMER_DATA,
    )
    # not ours
    gone_reason = fields.Selection(GONE_REASONS, "Why Not Ours", readonly=True)
    gone_note = fields.Char("Note on Why Not Ours", readonly=True)

    _campaign_vin_uniq = models.UniqueIndex(
        "(campaign_id, vin) WHERE vin IS NOT NULL",
        "This VIN is on the list of the campaign already.",
    )
    _campaign_vehicle_uniq = models.UniqueIndex(
        "(campaign_id, vehicle_id) WHERE vehicle_id IS NOT NULL",
        "This car is on the list of the campaign already.",
    )
    _waiting = models.Index(
        "(vehicle_id) WHERE state IN ('open', 'informed', 'booked')"
    )
    _named = models.Constraint(
        "CHECK (vin IS NOT NULL OR vehicle_id IS NOT NULL)",
        "A car on the list needs a VIN or a file.",
    )

    # === COMPUTE METHODS === #

    @api.depends("campaign_id.display_name", "vehicle_id.display_name", "vin")
    def _compute_display_name(self):
        for row in self:
            car = row.vehicle_id.display_name or row.vin or ""
            row.display_name = f"{row.campaign_id.number}: {car}"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                for name in set(vals) - {"campaign_id", "vin", "vehicle_id", "note"}:
                    vals.pop(name)
        rows = super().create([self._tidy(vals) for vals in vals_list])
        rows._link_to_files()
        return rows

    def write(self, vals):
        if not self.env.su:
            allowed = {"note", "message_main_attachment_id", "state"}
            allowed |= PROOF.get(vals.get("state"), set())
            if set(vals) - allowed:
                self._raise_missing(
                    self.env._("how it ended is written down by its steps only")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_untouched(self):
        for row in self:
            if (
                row.state not in ("open", "not_ours")
                or row.campaign_id.state != "draft"
            ):
                raise UserError(
                    self.env._(
                        "%(car)s is kept for the records. Say why it is not ours.",
                        car=row.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    @api.model
    def _tidy(self, vals):
        if vals.get("vin"):
            vals = {**vals, **self.env["car.vehicle"]._tidy_identity(vals)}
        elif vals.get("vehicle_id"):
            vehicle = self.env["car.vehicle"].browse(vals["vehicle_id"])
            vals = {**vals, "vin": vehicle.vin}
        return vals

    def _link_to_files(self):
        """Tie rows that know only their VIN to our own files of the cars."""
        alone = self.filtered(lambda row: not row.vehicle_id and row.vin)
        # Safe: the file of a car whose VIN the user has.
        vehicles = self.env["car.vehicle"].sudo().with_context(active_test=False)
        found = vehicles.search(
            [
                ("vin", "in", alone.mapped("vin")),
                ("company_id", "in", [False, *alone.company_id.ids]),
            ],
            order="company_id, id",
        )
        by_key = {(car.vin, car.company_id.id): car for car in reversed(found)}
        today = self.env.company._get_car_today()
        for row in alone:
            shared = by_key.get((row.vin, False))
            if car := by_key.get((row.vin, row.company_id.id)) or shared:
                row.sudo().write({"vehicle_id": car.id, "linked_on": today})
        here = self.filtered(lambda row: row.vehicle_id and not row.linked_on)
        here.sudo().write({"linked_on": today})  # Safe: the day of what was just made.

    @api.model
    def _get_wanted_domain(self):
        """Return the cars whose work is wanted today."""
        running = self.env["car.recall.campaign"]._get_running_domain()
        return fields.Domain("state", "in", WAITING) & fields.Domain(
            "campaign_id", "any", running
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Close the chatter to those who may not see customers: it speaks of them."""
        if self.env.user.has_group(CUSTOMER_DATA):
            return super()._mail_get_operation_for_mail_message_operation(
                message_operation
            )
        return dict.fromkeys(self, "write")
