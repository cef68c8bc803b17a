from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..vehicle.car_vehicle import CUSTOMER_DATA

ANSWERS = [
    ("comes", "Comes"),
    ("perhaps", "Perhaps"),
    ("not", "Does not come"),
    ("not_reached", "Not reached"),
]


class CarCampaignTarget(models.Model):
    """A customer invited to a campaign: what he answered, whether he came (R-166)."""

    _name = "car.campaign.target"
    _description = "Invited Customer"
    _inherit = ["car.confidential.mixin"]
    _order = "campaign_id desc, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    campaign_id = fields.Many2one(
        "car.campaign",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    campaign_state = fields.Selection(related="campaign_id.state")
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        groups=CUSTOMER_DATA,
    )
    phone = fields.Char(related="partner_id.phone", groups=CUSTOMER_DATA)
    vehicle_id = fields.Many2one(
        "car.vehicle",
        index="btree_not_null",
        check_company=True,
        help="The car for which he is invited; of several the one that was here last.",
    )
    invited_on = fields.Date(
        "Listed On", readonly=True, default=lambda self: fields.Date.context_today(self)
    )
    # the call
    task_id = fields.Many2one(
        "car.contact.task",
        "Planned Call",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    task_state = fields.Selection(related="task_id.state", string="State of the Call")
    close_reason = fields.Selection(related="task_id.close_reason")
    call_id = fields.Many2one(
        "car.contact.call",
        "Call Held",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    called_on = fields.Date(readonly=True, copy=False)
    is_reached = fields.Boolean("Reached", readonly=True, copy=False)
    answer = fields.Selection(ANSWERS, copy=False, index="btree_not_null")
    guests = fields.Integer("Comes With", help="How many others he brings along.")
    note = fields.Char()
    # the letter
    letter_decision = fields.Selection(
        [("needed", "Letter needed"), ("not_needed", "No letter needed")],
        "Letter",
        copy=False,
        help="Within two days after the call a letter follows, where it is needed.",
    )
    letter_until = fields.Date(readonly=True, copy=False)
    mailed_at = fields.Datetime("E-Mail Sent", readonly=True, copy=False)
    texted_at = fields.Datetime("SMS Sent", readonly=True, copy=False)
    # what came of it
    attended_on = fields.Date(
        "Came On", copy=False, help="Written down at the door of a lecture or training."
    )
    order_ids = fields.One2many(
        "car.repair.order", "campaign_target_id", "Visits of the Campaign"
    )
    order_count = fields.Integer("Visits", compute="_compute_order_count")
    is_attended = fields.Boolean(
        "Came",
        compute="_compute_is_attended",
        store=True,
        help="Was at the door, or had his car here.",
    )

    _once = models.UniqueIndex(
        "(campaign_id, partner_id)", "This customer is invited already."
    )

    # === COMPUTE METHODS === #

    @api.depends("order_ids.state")
    def _compute_order_count(self):
        counts = dict(
            self.env["car.repair.order"]._read_group(
                [("campaign_target_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["campaign_target_id"],
                ["__count"],
            )
        )
        for target in self:
            target.order_count = counts.get(target, 0)

    @api.depends("attended_on", "order_ids.state")
    def _compute_is_attended(self):
        for target in self:
            target.is_attended = bool(
                target.attended_on
                or any(order.state != "cancelled" for order in target.order_ids)
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        targets = super().create(vals_list)
        targets._check_open()
        return targets

    def write(self, vals):
        self._check_open()
        if set(vals) & {"campaign_id", "partner_id"} and not self.env.su:
            raise UserError(
                self.env._("Whom a campaign invited stays. Invite another one beside.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unasked(self):
        if not self.env.su and self.filtered(lambda target: target.task_id):
            raise UserError(
                self.env._(
                    "Who was called about a campaign stays on its list: close the "
                    "planned call instead."
                )
            )

    # === ACTION METHODS === #

    def action_came(self):
        """Write down that these customers are here."""
        for company, targets in self.grouped("company_id").items():
            targets.filtered(lambda target: not target.attended_on).write(
                {"attended_on": company._get_car_today()}
            )
        return True

    def action_call(self):
        """Begin the talk about the campaign."""
        self.ensure_one()
        if not self.task_id:
            raise UserError(
                self.env._(
                    "%(customer)s: the call is not planned yet.",
                    customer=self.display_name,
                )
            )
        return self.task_id.action_call()

    # === BUSINESS METHODS === #

    def _check_open(self):
        """Refuse to change the list of what is over."""
        if self.env.su:
            return
        over = self.campaign_id.filtered(
            lambda campaign: campaign.state in ("evaluated", "cancelled")
        )
        if over:
            over._raise_missing(self.env._("it is over; its list stays as it is"))

    @api.model
    def _link_tasks(self, tasks):
        """Tie planned contacts to the customers invited, in one statement."""
        if not tasks:
            return
        tasks.flush_recordset(["res_model", "res_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE car_campaign_target t SET task_id = k.id
                  FROM car_contact_task k
                 WHERE k.id = ANY(%s) AND k.res_model = 'car.campaign.target'
                   AND t.id = k.res_id
                """,
                tasks.ids,
            )
        )
        self.browse(tasks.mapped("res_id")).invalidate_recordset(["task_id"])
