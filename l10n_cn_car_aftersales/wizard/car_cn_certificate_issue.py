from odoo import api, fields, models


class CarCnCertificateIssue(models.TransientModel):
    """Ask for what stands on the certificate of completion, and issue it."""

    _name = "car.cn.certificate.issue"
    _description = "Issue the Certificate of Completion"

    order_id = fields.Many2one("car.repair.order", required=True, readonly=True)
    odometer_km = fields.Integer(
        "Odometer Out (km)",
        compute="_compute_from_order",
        store=True,
        readonly=False,
    )
    contract_number = fields.Char(
        compute="_compute_from_order", store=True, readonly=False
    )
    completed_on = fields.Date(
        "Leaving Date",
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help="From this day the guarantee counts.",
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_from_order(self):
        for issue in self:
            issue.odometer_km = issue.order_id._get_odometer_out()
            issue.contract_number = issue.order_id.name

    # === ACTION METHODS === #

    def action_confirm(self):
        """Issue the certificate and print it."""
        self.ensure_one()
        certificate = self.order_id._issue_certificate(
            self.odometer_km, self.completed_on, self.contract_number
        )
        action = certificate.action_print()
        action["close_on_report_download"] = True
        return action
