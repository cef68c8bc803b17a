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


class CarComplaintTreeMixin(models.AbstractModel):
    """A tree of words by which complaints are counted, coarse or fine."""

    _name = "car.complaint.tree.mixin"
    _description = "Tree of Words about Complaints"
    _parent_name = "parent_id"
    _parent_store = True
    _rec_name = "complete_name"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        "Full Name", compute="_compute_complete_name", recursive=True
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
        for node in self:
            names = (node.parent_id.complete_name, node.name)
            node.complete_name = " / ".join(name for name in names if name)

    @api.depends("complete_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for node in self:
            node.display_name = node.complete_name

    @api.model
    def _search_display_name(self, operator, value):
        return [("name", operator, value)]


class CarComplaintCategory(models.Model):
    """What a complaint is about. It proposes how serious the matter is and whose."""

    _name = "car.complaint.category"
    _description = "Complaint Category"
    _inherit = ["car.complaint.tree.mixin"]
    _check_company_auto = True

    parent_id = fields.Many2one(
        "car.complaint.category",
        "Belongs To",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    severity = fields.Selection(SEVERITIES, "Usual Severity", default="normal")
    department = fields.Selection(DEPARTMENTS, "Department Concerned")


class CarComplaintCause(models.Model):
    """Why it came to complaints, found out while handling them."""

    _name = "car.complaint.cause"
    _description = "Complaint Cause"
    _inherit = ["car.complaint.tree.mixin"]
    _check_company_auto = True

    parent_id = fields.Many2one(
        "car.complaint.cause",
        "Belongs To",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
