from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import ormcache

from ..workshop.car_repair_payer import HOUSE_KINDS, PAYER_KINDS

KINDS = [
    ("recall", "Recall"),
    ("service_action", "Service Action"),
    ("improvement", "Product Improvement"),
    ("part_quality", "Part Quality"),
]
# Cars in these states still want the work.
WAITING = ("open", "informed", "booked")


class CarRecallCampaign(models.Model):
    """召回 or 服务行动: the maker wants something done to certain cars, free of charge.

    The warranty clerk enters it with its work package and its list of cars. A mandatory
    one keeps a car from being delivered unless it is done, refused with a signature, or
    put off where that is allowed; the others are only pointed out.
    """

    _name = "car.recall.campaign"
    _description = "Recall or Service Action"
    _inherit = ["car.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["number", "name"]

    number = fields.Char(
        "Campaign Number",
        required=True,
        copy=False,
        default="/",
        index="trigram",
        tracking=True,
        help="The maker's number of the campaign; our own where he gives none.",
    )
    name = fields.Char("Title", required=True, tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Running"), ("closed", "Closed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    kind = fields.Selection(KINDS, required=True, default="recall", tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    is_mandatory = fields.Boolean(
        "Mandatory",
        compute="_compute_is_mandatory",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="A car is not delivered before it is done, or refused by the customer "
        "with his signature.",
    )
    may_leave = fields.Boolean(
        "May Leave Unrepaired",
        compute="_compute_may_leave",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="The work may be put off with the customer's signature, when parts are "
        "missing. Switch it off when the car must not be driven.",
    )
    date_from = fields.Date(
        "Valid From", default=lambda self: self.env.company._get_car_today()
    )
    date_to = fields.Date("Valid Until", help="Empty: until it is closed.")
    opened_on = fields.Date(
        "Running Since", readonly=True, copy=False, help="Customers are told from then."
    )
    # what it is about
    description = fields.Text("What Is Done", translate=True)
    risk = fields.Text(
        "What May Happen", translate=True, help="What happens if it is not done."
    )
    # work and payer
    package_id = fields.Many2one(
        "car.repair.package",
        "Work Package",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    maker_id = fields.Many2one(
        "car.warranty.maker",
        "Maker's Terms",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    payer_kind = fields.Selection(
        PAYER_KINDS,
        "Who Pays",
        compute="_compute_payer",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    payer_partner_id = fields.Many2one(
        "res.partner",
        "Payer",
        compute="_compute_payer",
        store=True,
        readonly=False,
        precompute=True,
    )
    vehicle_ids = fields.One2many(
        "car.recall.vehicle", "campaign_id", "Affected Cars", copy=False
    )
    part_ids = fields.One2many(
        "car.recall.part", "campaign_id", "Parts Needed", readonly=True
    )
    # technical
    turn = fields.Integer(copy=False, default=0, readonly=True)

    _number_uniq = models.UniqueIndex(
        "(company_id, number, COALESCE(maker_id, 0)) WHERE number != '/'",
        "There is a campaign with this number already.",
    )
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A campaign does not end before it begins.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind")
    def _compute_is_mandatory(self):
        for campaign in self:
            campaign.is_mandatory = campaign.kind == "recall"

    @api.depends("is_mandatory")
    def _compute_may_leave(self):
        for campaign in self:
            campaign.may_leave = True

    @api.depends("kind", "maker_id")
    def _compute_payer(self):
        for campaign in self:
            kind = "supplier" if campaign.kind == "part_quality" else "warranty"
            campaign.payer_kind = kind
            partner = campaign.maker_id.partner_id
            campaign.payer_partner_id = partner or campaign.payer_partner_id

    @api.depends("number", "name")
    def _compute_display_name(self):
        for campaign in self:
            number = campaign.number if campaign.number != "/" else ""
            campaign.display_name = f"{number or ''} {campaign.name or ''}".strip()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("number", "/") in ("/", False, ""):
                vals["number"] = self.env["res.company"]._get_next_car_number(
                    self._name, vals.get("company_id")
                )
            if not self.env.su:
                vals.pop("opened_on", None)
                vals.pop("turn", None)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {k: v for k, v in vals.items() if k not in ("opened_on", "turn")}
        if "company_id" in vals:
            moved = self.filtered(lambda one: one.company_id.id != vals["company_id"])
            # Safe: tells only whether the list was begun.
            if begun := moved.filtered(lambda one: one.sudo().vehicle_ids):
                begun._raise_missing(
                    self.env._("it has cars already and stays with its company")
                )
        result = super().write(vals)
        if not {"company_id", "state"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for campaign in self:
            if campaign.state != "draft":
                raise UserError(
                    self.env._(
                        "%(campaign)s is “%(state)s” and is kept for the records. "
                        "Close it instead.",
                        campaign=campaign.display_name,
                        state=campaign._get_state_label(campaign.state),
                    )
                )

    # === ACTION METHODS === #

    def action_open(self):
        """Let the campaign run: cars are pointed out and customers are told."""
        return self.write({"state": "open"})

    def action_close(self):
        """End the campaign; what is not done is not asked for any more."""
        return self.write({"state": "closed"})

    def action_reset(self):
        return self.write({"state": "draft"})

    def action_view_vehicles(self):
        """Open the cars of this campaign."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_recall_vehicle_action"
        )
        action["domain"] = [("campaign_id", "=", self.id)]
        action["context"] = {"default_campaign_id": self.id}
        return action

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "draft": {"open": "open"},
            "open": {"closed": "close", "draft": "reset"},
            "closed": {"open": "open"},
        }

    def _require_keeper(self):
        """Let warranty clerk and manager alone decide about campaigns."""
        if not self.env["car.repair.order"]._has_group("warranty_clerk"):
            raise AccessError(
                self.env._(
                    "%(campaigns)s: the warranty clerk decides about campaigns.",
                    campaigns=", ".join(self.mapped("display_name")),
                )
            )

    def _check_open(self):
        self._require_keeper()
        for campaign in self:
            if (
                campaign.payer_kind not in (*HOUSE_KINDS, "customer")
                and not campaign.payer_partner_id
            ):
                campaign._raise_missing(self.env._("say who pays for the work"))

    def _after_open(self):
        today = self.env.company._get_car_today()
        # Safe: the day of the step just taken.
        self.filtered(lambda one: not one.opened_on).sudo().write({"opened_on": today})

    def _check_close(self):
        self._require_keeper()

    def _check_reset(self):
        self._require_keeper()
        for campaign in self:
            # Safe: tells only whether there is one.
            if campaign.sudo().vehicle_ids.filtered(lambda one: one.state != "open"):
                campaign._raise_missing(
                    self.env._("cars were told or done already; close it instead")
                )

    def _take_turn(self):
        """Write the rows first: of two who fill the list at once, one waits."""
        self.flush_recordset()
        self.env["res.company"]._take_car_turn(self)

    @api.model
    @ormcache()
    def _is_any_open(self):
        """Tell whether any campaign runs, in whatever company."""
        # Safe: whether there is one.
        return bool(self.sudo().search_count([("state", "=", "open")], limit=1))

    @api.model
    def _get_running_domain(self):
        """Return the campaigns whose work is wanted today."""
        today = self.env.company._get_car_today()
        return (
            fields.Domain("state", "=", "open")
            & (
                fields.Domain("date_from", "=", False)
                | fields.Domain("date_from", "<=", today)
            )
            & (
                fields.Domain("date_to", "=", False)
                | fields.Domain("date_to", ">=", today)
            )
        )

    def _get_words(self):
        """Return what a customer is told about the campaign."""
        self.ensure_one()
        parts = (self.display_name, self.description, self.risk)
        return "\n".join(part.strip() for part in parts if (part or "").strip())


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_car_sequences(self):
        return {
            **super()._get_car_sequences(),
            "car.recall.campaign": {
                "name": "Recall or Service Action",
                "prefix": "RC/%(year)s/",
                "padding": 4,
            },
        }
