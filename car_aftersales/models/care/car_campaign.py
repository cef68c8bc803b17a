from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...tools.labels import spell_fields

# Customers are invited
OPEN = ("decided", "running")
# What invited customers were told, and who they are
TOLD_FIELDS = {
    "audience",
    "company_id",
    "date_from",
    "kind",
    "partner_domain",
    "vehicle_domain",
}


class CarCampaign(models.Model):
    """联谊活动: a free inspection week, a discount month, a lecture, a training.

    The business supervisor decides it; everybody meant is called two weeks before it
    begins and gets a letter two days later where needed (R-133, R-134, R-165). When it
    is over its result is set against its cost.
    """

    _name = "car.campaign"
    _description = "Campaign"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char("Campaign", required=True, index="trigram", tracking=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("decided", "Decided"),
            ("running", "Running"),
            ("evaluated", "Evaluated"),
            ("cancelled", "Cancelled"),
        ],
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
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("inspection", "Free Inspection Week"),
            ("discount", "Discount Month"),
            ("lecture", "Lecture"),
            ("training", "Owner Training"),
            ("other", "Other"),
        ],
        required=True,
        default="inspection",
        tracking=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        tracking=True,
    )
    # when and where
    date_from = fields.Date("Begins", required=True, copy=False, index=True)
    date_to = fields.Date("Ends", required=True, copy=False, index=True)
    time_text = fields.Char(
        "At What Time", help="As the customer is told, e.g. 19:00 to 21:00."
    )
    place_id = fields.Many2one("res.partner", "Address")
    place = fields.Char(
        "Place of the Event", help="As the customer is told; empty: the address."
    )
    # what
    content = fields.Text(
        help="What is offered, in the words in which the customer reads it."
    )
    talk = fields.Text(
        "Text for the Caller",
        help="What the caller says: content, date and address (rule book).",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List of the Offer",
        check_company=True,
        help="Visits that come of the campaign get these prices.",
    )
    package_id = fields.Many2one(
        "car.repair.package", "Package of the Offer", check_company=True
    )
    budget = fields.Monetary(tracking=True)
    cost = fields.Monetary(
        "Actual Cost", copy=False, tracking=True, help="Gifts, room, print, messages."
    )
    # for whom
    audience = fields.Selection(
        [
            ("owners", "Owners of cars"),
            ("customers", "All who have a customer file"),
        ],
        default="owners",
        required=True,
    )
    vehicle_domain = fields.Char("Which Vehicles", default="[]", required=True)
    partner_domain = fields.Char("Which Customers", default="[]", required=True)
    target_ids = fields.One2many("car.campaign.target", "campaign_id", "Invited")
    # steps
    call_deadline = fields.Date(
        "Called Until",
        compute="_compute_call_deadline",
        help="Rule book: everybody is called two weeks before it begins.",
    )
    is_short_notice = fields.Boolean("Short Notice", compute="_compute_call_deadline")
    late_reason = fields.Char(
        "Why at Short Notice",
        copy=False,
        tracking=True,
        help="Why customers cannot be called the days before that the rule book asks.",
    )
    call_until = fields.Date(
        "Calls Planned Until", readonly=True, copy=False, index="btree_not_null"
    )
    decided_at = fields.Datetime("Decided", readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    cancel_reason = fields.Char("Why Cancelled", copy=False, tracking=True)
    evaluation = fields.Text(
        copy=False, help="What it brought, what is done otherwise next time."
    )

    _dates = models.Constraint(
        "CHECK (date_to >= date_from)", "A campaign does not end before it begins."
    )
    _money = models.Constraint(
        "CHECK (COALESCE(budget, 0) >= 0 AND COALESCE(cost, 0) >= 0)",
        "Budget and cost are not negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("date_from", "company_id", "state")
    def _compute_call_deadline(self):
        for campaign in self:
            company = campaign.company_id or self.env.company
            days = company.sudo().car_campaign_days  # Safe: a setting.
            start = campaign.date_from
            deadline = start - timedelta(days=days) if start else False
            campaign.call_deadline = deadline
            campaign.is_short_notice = bool(
                deadline
                and campaign.state == "draft"
                and company._get_car_today() > deadline
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("vehicle_domain", "partner_domain")
    def _check_domains(self):
        for campaign in self:
            try:
                campaign._get_vehicle_domain().validate(self.env["car.vehicle"])
                campaign._get_partner_domain().validate(self.env["res.partner"])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._(
                        "%(campaign)s: the filter cannot be understood: %(error)s",
                        campaign=campaign.name,
                        error=error,
                    )
                ) from None

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su:
            self._check_kept(vals)
        result = super().write(vals)
        if not {"company_id", "state"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        for campaign in self:
            if campaign.state != "draft":
                campaign._raise_missing(
                    self.env._("customers know of it; cancel it instead")
                )

    # === ACTION METHODS === #

    def action_decide(self):
        """The campaign takes place: its customers are listed and called."""
        return self.write({"state": "decided"})

    def action_start(self):
        return self.write({"state": "running"})

    def action_evaluate(self):
        """Close the campaign with what it brought."""
        return self.write({"state": "evaluated"})

    def action_cancel(self):
        """The campaign does not take place; nobody is called about it any more."""
        return self.write({"state": "cancelled"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "draft": {"decided": "decide", "cancelled": "cancel"},
            "decided": {"running": "start", "cancelled": "cancel"},
            "running": {"evaluated": "evaluate", "cancelled": "cancel"},
            "evaluated": {},
            "cancelled": {},
        }

    @api.model
    @ormcache("company_id")
    def _is_any_open(self, company_id):
        """Tell whether a company invites customers to anything now."""
        # Safe: whether there is one.
        campaigns = self.sudo().search_count(
            [("company_id", "=", company_id), ("state", "in", OPEN)], limit=1
        )
        return bool(campaigns)

    def _check_kept(self, vals):
        """Keep what customers were told, and what is over, as it was."""
        for campaign in self:
            if campaign.state in ("evaluated", "cancelled"):
                campaign._raise_missing(
                    self.env._("it is over and stays as it is; copy it for a new one")
                )
            if campaign.state == "draft":
                continue
            if told := TOLD_FIELDS.intersection(vals):
                campaign._raise_missing(
                    self.env._(
                        "customers were told so; cancel it and plan a copy, with "
                        "%(fields)s as it is now",
                        fields=spell_fields(self, told),
                    )
                )
