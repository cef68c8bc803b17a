from odoo import fields, models


class CarCnPaperVoid(models.TransientModel):
    """Ask why a paper becomes void, and make it so."""

    _name = "car.cn.paper.void"
    _description = "Make a Paper Void"

    res_model = fields.Selection(
        [
            ("car.cn.certificate", "Certificate of Completion"),
            ("car.cn.settlement", "Settlement List"),
        ],
        "Paper",
        required=True,
        readonly=True,
    )
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    reason = fields.Char("Why It Is Void", required=True)

    def action_confirm(self):
        self.ensure_one()
        self.env[self.res_model].browse(self.res_id).action_void(self.reason)
        return {"type": "ir.actions.act_window_close"}
