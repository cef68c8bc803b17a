from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .car_contact_permission import CHANNELS, PURPOSES

KINDS = [
    ("first_call", "First Follow-Up Call"),
    ("second_call", "Second Follow-Up Call"),
    ("answer", "Tell the Solution"),
    ("next_service", "Planned Next Service"),
    ("service_due", "Service Due"),
    ("ask_again", "Declined Work"),
    ("inspection_expiry", "Annual Inspection Expiry"),
    ("birthday", "Birthday"),
    ("festival", "Festival"),
    ("care", "Care Call"),
]
# Moved inside their days, never dropped: rule book, 跟踪服务
PROMISED_KINDS = ("first_call", "second_call", "answer")


class CarContactRule(models.Model):
    """Why, when and by whom customers are contacted; the queue is made from it.

    Days count from the event: the delivery, the day a service is due, a birthday.
    Negative days lie before it.
    """

    _name = "car.contact.rule"
    _description = "Contact Rule"
    _order = "priority desc, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    kind = fields.Selection(KINDS, required=True)
    trigger = fields.Selection(
        [
            ("delivered", "A car was given back"),
            ("enquiry", "An enquiry was answered"),
            ("declined", "A visit ended without repair"),
            ("first_call", "The first call was held"),
            ("service", "A service becomes due"),
            ("ask_again", "Declined work is asked again"),
            ("inspection", "The annual inspection becomes due"),
            ("birthday", "A birthday"),
            ("festival", "A festival"),
            ("planned", "The next service planned in the customer file"),
            ("solution", "A solution was found"),
        ],
        "Event",
        required=True,
    )
    days_from = fields.Integer("From Day", required=True)
    days_to = fields.Integer("To Day", required=True)
    repeat_days = fields.Integer(
        "Again After (Days)",
        help="For the same record the rule plans nothing new within so many days. "
        "Zero: once for each day of its event.",
    )
    channel = fields.Selection(
        CHANNELS, "Contact Channel", default="phone", required=True
    )
    purpose = fields.Selection(
        PURPOSES,
        "Contact Purpose",
        default="follow_up",
        required=True,
        help="What the customer must not have refused.",
    )
    priority = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Very high")],
        default="1",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Clerk",
        help="Empty: the clerk of the customer file, else the company's.",
    )
    max_tries = fields.Integer(
        "Tries", default=3, help="After so many calls in vain the customer is given up."
    )
    script = fields.Html("What to Say", translate=True)
    task_count = fields.Integer("Open Contacts", compute="_compute_task_count")
    turn = fields.Integer(copy=False, default=0, readonly=True)

    _window = models.Constraint(
        "CHECK (days_to >= days_from)",
        "The last day of a contact is not before its first.",
    )
    _tries = models.Constraint("CHECK (max_tries > 0)", "At least one call is tried.")

    # === COMPUTE METHODS === #

    def _compute_task_count(self):
        counts = dict(
            self.env["car.contact.task"]._read_group(
                [("rule_id", "in", self.ids), ("state", "=", "open")],
                ["rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.task_count = counts.get(rule, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("trigger", "kind")
    def _check_trigger(self):
        for rule in self:
            if (rule.kind == "second_call") != (rule.trigger == "first_call"):
                raise ValidationError(
                    self.env._(
                        "%(rule)s: the second call, and only it, follows the first.",
                        rule=rule.name,
                    )
                )

    # === ACTION METHODS === #

    def action_open_tasks(self):
        """Open what this rule has planned."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_contact_task_action_all"
        )
        action["domain"] = [("rule_id", "=", self.id)]
        return action

    def action_make_tasks(self):
        """Plan now what the nightly job would plan."""
        # Safe: the same job; who may write a rule may start it.
        return self.sudo()._make_tasks()

    # === BUSINESS METHODS === #

    def _is_promised(self):
        """Tell whether its contacts are moved but never dropped."""
        self.ensure_one()
        return self.kind in PROMISED_KINDS

    def _get_companies(self):
        """Return the companies a rule works for."""
        self.ensure_one()
        return self.company_id or self.env["res.company"].search(
            [("active", "=", True)]
        )
