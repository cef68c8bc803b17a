from odoo import api, fields, models
from odoo.tools import is_html_empty

TRAINING_KINDS = [
    ("sales", "Sales Skill Training"),
    ("technology", "Basic Technology Training"),
    ("workshop", "Workshop Training"),
    ("discussion", "Discussion of Difficult Problems"),
    ("activity", "Department Activity"),
]
# What may still be written into a training that was held
AFTERWARDS = {"state", "minutes"}


class CarTraining(models.Model):
    """A training, discussion or activity of the department, with who took part.

    The targets count those that were held: with participants, and minutes or a paper
    that prove it (R-175).
    """

    _name = "car.training"
    _description = "Training or Activity"
    _inherit = ["car.workflow.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Subject", required=True)
    kind = fields.Selection(TRAINING_KINDS, required=True, default="sales", index=True)
    state = fields.Selection(
        [("planned", "Planned"), ("held", "Took Place"), ("cancelled", "Cancelled")],
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Site",
        check_company=True,
        help="Empty: for all sites of the company.",
    )
    date = fields.Date(
        required=True, index=True, default=lambda self: fields.Date.context_today(self)
    )
    hours = fields.Float("Duration (h)")
    trainer = fields.Char(help="Who held it, from the house or from outside.")
    user_ids = fields.Many2many("res.users", string="Participants")
    technician_ids = fields.Many2many(
        "car.technician", string="Technicians", check_company=True
    )
    participant_count = fields.Integer(
        "Number of Participants", compute="_compute_participant_count"
    )
    minutes = fields.Html(
        "Training Record", help="What was taught, discussed and decided."
    )

    # === COMPUTE METHODS === #

    @api.depends("user_ids", "technician_ids.user_id")
    def _compute_participant_count(self):
        for training in self:
            # Who is both is one person.
            users = training.user_ids | training.technician_ids.user_id
            others = training.technician_ids.filtered(lambda person: not person.user_id)
            training.participant_count = len(users) + len(others)

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and set(vals) - AFTERWARDS:
            for training in self:
                if training.state == "held":
                    training._raise_missing(
                        self.env._("it took place; only its record may be completed")
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        for training in self:
            if training.state == "held" and not self.env.su:
                training._raise_missing(self.env._("it took place and stays on record"))

    # === ACTION METHODS === #

    def action_hold(self):
        """It took place."""
        return self.write({"state": "held"})

    def action_cancel(self):
        return self.write({"state": "cancelled"})

    def action_plan(self):
        return self.write({"state": "planned"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "planned": {"held": "hold", "cancelled": "cancel"},
            "held": {},
            "cancelled": {"planned": "plan"},
        }

    def _check_hold(self):
        papers = dict(
            self.env["ir.attachment"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
        )
        for training in self:
            if training.date > training.company_id._get_car_today():
                training._raise_missing(
                    self.env._("it takes place on %(day)s", day=training.date)
                )
            if not training.participant_count:
                training._raise_missing(self.env._("write down who took part"))
            if is_html_empty(training.minutes) and not papers.get(training.id):
                training._raise_missing(
                    self.env._("write the training record or attach a paper")
                )
