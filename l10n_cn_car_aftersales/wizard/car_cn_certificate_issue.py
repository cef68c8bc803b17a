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
        precompute=True,
    )
    contract_number = fields.Char(
        compute="_compute_from_order", store=True, readonly=False, precompute=True
    )
    completed_on = fields.Date(
        "Leaving Date",
        compute="_compute_from_order",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="From this day the guarantee counts.",
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_from_order(self):
        for issue in self:
            issue.odometer_km = issue.order_id._get_odometer_out()
            issue.contract_number = issue.order_id.name
            issue.completed_on = issue.order_id._get_guarantee_day()

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
