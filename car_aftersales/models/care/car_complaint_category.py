from odoo import api, fields, models

DEPARTMENTS = [
    ("front_desk", "Front Desk"),
    ("workshop", "Workshop"),
    ("quality", "Quality"),
    ("parts", "Parts"),
    ("warranty", "Warranty"),
    ("cash_desk", "Cash Desk"),
    ("follow_up", "Follow-Up"),
    ("management", "Management"),
    ("maker", "Maker"),
]
SEVERITIES = [("minor", "Minor"), ("normal", "Normal"), ("major", "Major")]


class CarComplaintCategory(models.Model):
    """What a complaint is about; a tree, so that it can be counted coarse or fine.

    It proposes how serious the matter is and whose it is.
    """

    _name = "car.complaint.category"
    _description = "Complaint Category"
    _parent_name = "parent_id"
    _parent_store = True
    _rec_name = "complete_name"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        "Full Name", compute="_compute_complete_name", recursive=True
    )
    parent_id = fields.Many2one(
        "car.complaint.category",
        "Belongs To",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    severity = fields.Selection(SEVERITIES, "Usual Severity", default="normal")
    department = fields.Selection(DEPARTMENTS, "Department Concerned")

    # === COMPUTE METHODS === #

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for category in self:
            names = (category.parent_id.complete_name, category.name)
            category.complete_name = " / ".join(name for name in names if name)

    @api.depends("complete_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for category in self:
            category.display_name = category.complete_name

    @api.model
    def _search_display_name(self, operator, value):
        return [("name", operator, value)]


class CarComplaintCause(models.Model):
    """Why it came to complaints: a tree of causes, found out while handling them."""

    _name = "car.complaint.cause"
    _description = "Complaint Cause"
    _parent_name = "parent_id"
    _parent_store = True
    _rec_name = "complete_name"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        "Full Name", compute="_compute_complete_name", recursive=True
    )
    parent_id = fields.Many2one(
        "car.complaint.cause",
        "Belongs To",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "parent_id.complete_name")
    @api.depends_context("lang")
    def _compute_complete_name(self):
        for cause in self:
            names = (cause.parent_id.complete_name, cause.name)
            cause.complete_name = " / ".join(name for name in names if name)

    @api.depends("complete_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for cause in self:
            cause.display_name = cause.complete_name

    @api.model
    def _search_display_name(self, operator, value):
        return [("name", operator, value)]
