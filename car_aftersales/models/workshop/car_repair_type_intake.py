from odoo import fields, models

INTAKE_FLAGS = (
    "requires_intake_readings",
    "requires_intake_checklist",
    "requires_intake_belongings",
    "requires_intake_key",
    "requires_intake_old_parts",
    "requires_intake_signature",
)


class CarRepairType(models.Model):
    """What must be taken in, looked at and signed when a car comes in."""

    _inherit = "car.repair.type"

    requires_intake_readings = fields.Boolean("Odometer and Fuel")
    requires_intake_checklist = fields.Boolean("Checklist")
    requires_intake_belongings = fields.Boolean("Signed List of Articles")
    requires_intake_key = fields.Boolean("Key in Its Slot")
    requires_intake_old_parts = fields.Boolean("Answer About Old Parts")
    requires_intake_signature = fields.Boolean("Customer's Signature")
    document_type_ids = fields.Many2many("car.document.type", string="Documents")
    is_intake_blocking = fields.Boolean(
        "No Start Before Intake Is Complete",
        help="The car is not handed to the workshop and no work is started while "
        "something is missing. A supervisor may release it with a reason.",
    )

    def _has_intake(self):
        """Tell whether anything is asked for at intake."""
        return bool(self.document_type_ids or any(self[flag] for flag in INTAKE_FLAGS))
