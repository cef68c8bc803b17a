from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

RESULTS = [
    ("unchecked", "Not checked"),
    ("ok", "OK"),
    ("attention", "Attention"),
    ("defect", "Defect"),
    ("absent", "Not fitted"),
]


class CarInspectionPartMixin(models.AbstractModel):
    """What is recorded in an inspection: closed with it.

    A change of what the customer has signed makes his signature void: he signs again.
    """

    _name = "car.inspection.part.mixin"
    _description = "Part of an Inspection"
    _part_signature = None
    _part_afterwards = frozenset()

    inspection_id = fields.Many2one(
        "car.inspection", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="inspection_id.company_id", store=True, precompute=True, index=True
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._touch()
        return parts

    def write(self, vals):
        content = set(vals) - self._part_afterwards
        if content:
            self._touch()
        if "inspection_id" in vals and self.inspection_id.ids != [
            vals["inspection_id"]
        ]:
            raise UserError(self.env._("What was recorded stays with its inspection."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._touch()

    # === BUSINESS METHODS === #

    def _touch(self):
        """Refuse changes of a closed inspection, and void what was signed before."""
        self.inspection_id._check_open()
        if self._part_signature:
            # Safe: a signature under what is being changed counts no more.
            self.inspection_id.sudo().signature_ids._void(self._part_signature)


class CarInspectionLine(models.Model):
    """One item looked at: its result, with note, photos, codes and advice."""

    _name = "car.inspection.line"
    _description = "Inspection Item"
    _inherit = ["car.inspection.part.mixin"]
    _order = "inspection_id desc, sequence, id"
    _check_company_auto = True
    _part_signature = "intake"
    _part_afterwards = frozenset({"job_id"})

    template_line_id = fields.Many2one(
        "car.inspection.template.line", "Template Item", index="btree_not_null"
    )
    kind = fields.Selection(related="inspection_id.kind")
    state = fields.Selection(related="inspection_id.state")
    sequence = fields.Integer(default=1000)
    section = fields.Char()
    system_id = fields.Many2one("car.vehicle.system", "Vehicle System")
    name = fields.Char("Item", required=True)
    is_required = fields.Boolean("Must Be Checked")
    result = fields.Selection(
        RESULTS, "Check Result", default="unchecked", required=True
    )
    note = fields.Char()
    measured_value = fields.Char("Measured")
    unit = fields.Char()
    fault_codes = fields.Char()
    advice = fields.Char()
    photo_ids = fields.Many2many("ir.attachment", string="Photos and Files", copy=False)
    job_id = fields.Many2one(
        "car.repair.job",
        "Job Made",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The job that was made of this finding.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals.pop("job_id", None)
        lines = super().create(vals_list)
        for line in lines.filtered(lambda each: not each.section):
            line.section = line.system_id.name
        lines._adopt_photos()
        return lines

    def write(self, vals):
        if not self.env.su:
            vals = {key: value for key, value in vals.items() if key != "job_id"}
            self._check_template_content(vals)
        result = super().write(vals)
        if "photo_ids" in vals:
            self._adopt_photos()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_required(self):
        if self.env.su:
            return
        for line in self:
            if line.is_required and line.template_line_id:
                raise UserError(
                    self.env._(
                        "%(item)s must be checked and cannot be taken off the list.",
                        item=line.name,
                    )
                )

    # === ACTION METHODS === #

    def action_details(self):
        """Open the item in a dialog, for photos and details."""
        self.ensure_one()
        return {
            "name": self.name,
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _check_template_content(self, vals):
        """Keep what the template asks for as it is."""
        if {"is_required", "template_line_id"} & set(vals) or (
            "name" in vals and self.template_line_id
        ):
            for line in self:
                for field in ("is_required", "template_line_id", "name"):
                    value = line._fields[field].convert_to_write(line[field], line)
                    if field in vals and vals[field] != value:
                        raise AccessError(
                            self.env._(
                                "%(item)s: what must be checked is set in the "
                                "inspection template.",
                                item=line.name,
                            )
                        )

    def _adopt_photos(self):
        """Let everybody who reads the item see the photos just taken for it."""
        for line in self:
            # Safe: only files that the user himself has just sent for this item.
            new = line.sudo().photo_ids.filtered(
                lambda photo: (
                    not photo.res_id
                    and photo.res_model in (False, self._name)
                    and photo.create_uid == self.env.user
                )
            )
            new.write({"res_model": line._name, "res_id": line.id})
