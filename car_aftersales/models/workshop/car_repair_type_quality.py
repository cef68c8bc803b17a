from odoo import api, fields, models

RELEASE_FLAGS = (
    "requires_release_check",
    "requires_ready_notice",
    "requires_pickup_papers",
    "requires_explanation",
    "requires_acceptance_signature",
    "requires_return_check",
    "requires_feedback",
)


class CarRepairType(models.Model):
    """How the finished work is checked, and what belongs to giving the car back."""

    _inherit = "car.repair.type"

    # quality
    requires_self_check = fields.Boolean(
        "Technician's Self-Check",
        help="A job is finished only after the technician has checked his own work.",
    )
    requires_acceptance = fields.Boolean(
        "Acceptance by the Team Leader",
        help="The leader of the team accepts each job before it is inspected.",
    )
    requires_review = fields.Boolean(
        "Review by a Supervisor",
        help="After the inspection a supervisor reviews work and papers.",
    )
    requires_quality_sheet = fields.Boolean(
        "Inspection With Checklist",
        help="The inspection is passed only with a completed quality sheet, road test "
        "included, on which no defect is left.",
    )
    # giving back
    requires_release_check = fields.Boolean("Car Compared With Its Intake")
    requires_ready_notice = fields.Boolean("Customer Told That It Is Ready")
    requires_pickup_papers = fields.Boolean("Pick-Up Papers Prepared")
    requires_explanation = fields.Boolean("Work and Charges Explained")
    requires_acceptance_signature = fields.Boolean("Customer's Signed Acceptance")
    requires_return_check = fields.Boolean("Key, Documents and Articles One by One")
    requires_feedback = fields.Boolean("Customer's Words Recorded")
    is_release_blocking = fields.Boolean(
        "No Delivery Before All of It Is Done",
        help="The car is not delivered while something is missing. A supervisor may "
        "let it go with a reason.",
    )

    # === ONCHANGE METHODS === #

    @api.onchange("requires_acceptance", "requires_review", "requires_quality_sheet")
    def _onchange_links(self):
        """Three links include the one in the middle."""
        if self.requires_acceptance or self.requires_review:
            self.requires_inspection = True
        if self.requires_quality_sheet:
            self.requires_inspection = True

    # === BUSINESS METHODS === #

    def _get_links(self):
        """Return the links of the quality check that are asked for, in their order."""
        if not self.requires_inspection:
            return []
        links = ["acceptance"] if self.requires_acceptance else []
        return [*links, "inspection", *(["review"] if self.requires_review else [])]

    def _has_release(self):
        """Tell whether anything is asked for when the car is given back."""
        return any(self[flag] for flag in RELEASE_FLAGS)
