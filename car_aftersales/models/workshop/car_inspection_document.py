from odoo import api, fields, models
from odoo.exceptions import UserError

YES_NO = [("yes", "Yes"), ("no", "No")]
CHECKS = ("validity", "completeness", "soundness")


class CarDocumentType(models.Model):
    """A paper that comes with the car: vehicle license, registration certificate..."""

    _name = "car.document.type"
    _description = "Vehicle Document Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    has_expiry = fields.Boolean(
        "Has a Date of Expiry", help="The date must be taken down at intake."
    )


class CarInspectionDocument(models.Model):
    """A document of the car taken in: is it valid, complete and in good condition?

    (证件有效性、完整性、完好性, rules of the service desk.)
    """

    _name = "car.inspection.document"
    _description = "Vehicle Document Taken In"
    _inherit = ["car.inspection.part.mixin"]
    _order = "inspection_id desc, sequence, id"
    _part_signature = "intake"
    _part_afterwards = frozenset({"returned_at"})

    sequence = fields.Integer(related="type_id.sequence", store=True, precompute=True)
    type_id = fields.Many2one(
        "car.document.type", "Vehicle Document", required=True, ondelete="restrict"
    )
    number = fields.Char("Document Number")
    expiry_date = fields.Date("Valid Until")
    has_expiry = fields.Boolean(related="type_id.has_expiry")
    reception = fields.Selection(
        [("received", "Taken in"), ("shown", "Shown only"), ("absent", "Not brought")],
        "Taken In",
    )
    validity = fields.Selection(
        YES_NO,
        "Valid",
        compute="_compute_validity",
        store=True,
        readonly=False,
        precompute=True,
    )
    completeness = fields.Selection(YES_NO, "Complete")
    soundness = fields.Selection(YES_NO, "In Good Condition")
    is_checked = fields.Boolean(compute="_compute_is_checked")
    has_difference = fields.Boolean(compute="_compute_is_checked")
    returned_at = fields.Datetime(readonly=True, copy=False)

    _type_uniq = models.UniqueIndex(
        "(inspection_id, type_id)", "This document is on the list already."
    )

    # === COMPUTE METHODS === #

    @api.depends("expiry_date")
    def _compute_validity(self):
        """An expired document is not valid; the other way round a person decides."""
        today = fields.Date.context_today(self)
        for document in self:
            expired = document.expiry_date and document.expiry_date < today
            document.validity = "no" if expired else document.validity

    @api.depends("reception", "expiry_date", "type_id.has_expiry", *CHECKS)
    def _compute_is_checked(self):
        for document in self:
            absent = document.reception == "absent"
            answers = [document[check] for check in CHECKS]
            document.is_checked = absent or bool(
                document.reception
                and all(answers)
                and (document.expiry_date or not document.type_id.has_expiry)
            )
            document.has_difference = absent or "no" in answers

    @api.depends("type_id.name")
    def _compute_display_name(self):
        for document in self:
            document.display_name = document.type_id.name

    # === CONSTRAINT METHODS === #

    @api.constrains("expiry_date", "validity")
    def _check_expired(self):
        for document in self:
            taken = document.inspection_id.started_at or fields.Datetime.now()
            day = fields.Date.context_today(document, taken)
            expired = document.expiry_date and document.expiry_date < day
            if expired and document.validity == "yes":
                raise UserError(
                    self.env._(
                        "%(document)s expired on %(day)s: it is not valid.",
                        document=document.display_name,
                        day=document.expiry_date,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["returned_at"] = False
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {key: value for key, value in vals.items() if key != "returned_at"}
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _spell_checks(self):
        """Return the result of the three checks in words, for the papers."""
        self.ensure_one()
        texts = {
            "validity": (self.env._("valid"), self.env._("not valid")),
            "completeness": (self.env._("complete"), self.env._("not complete")),
            "soundness": (self.env._("intact"), self.env._("damaged")),
        }
        return ", ".join(
            good if self[check] == "yes" else bad
            for check, (good, bad) in texts.items()
            if self[check]
        )

    # === ACTION METHODS === #

    def action_all_good(self):
        """Call the documents received, valid, complete and in good condition."""
        for document in self:
            document.write(
                {
                    "reception": "received",
                    "validity": document.validity or "yes",
                    "completeness": "yes",
                    "soundness": "yes",
                }
            )


class CarInspectionDifference(models.Model):
    """A discrepancy explained to the customer, how it was handled, countersigned.

    (如有差异应当时与客户说明,并作相应处理,请客户签字确认差异.)
    """

    _name = "car.inspection.difference"
    _description = "Discrepancy at Intake"
    _inherit = ["car.inspection.part.mixin"]
    _order = "inspection_id desc, id"
    _part_signature = "difference"

    document_id = fields.Many2one(
        "car.inspection.document",
        "Vehicle Document",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('inspection_id', '=', inspection_id)]",
        help="The document it is about. Empty: something else.",
    )
    name = fields.Char("Discrepancy", required=True, help="As explained at once.")
    handling = fields.Char(
        "How It Was Handled", help="What was agreed with the customer about it."
    )
