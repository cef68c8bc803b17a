from odoo import fields, models

from odoo.addons.car_aftersales.models.vehicle.car_vehicle import PLATE_COLORS

ISSUERS = ("inspector", "workshop_supervisor")


class CarCnCertificate(models.Model):
    """The certificate of completion (机动车维修竣工出厂合格证) with its guarantee card.

    Issued by the quality inspector after the final inspection; without it a car does
    not leave after work of the classes that the law names. Valid, or void with a
    reason; then another one is issued.
    """

    _name = "car.cn.certificate"
    _description = "Certificate of Completion"
    _inherit = ["car.cn.paper.mixin"]
    _check_company_auto = True
    _paper_template = "l10n_cn_car_aftersales.report_car_cn_certificate_content"
    _void_tiers = ISSUERS

    plate_color = fields.Selection(PLATE_COLORS, readonly=True)
    contract_number = fields.Char(readonly=True)
    repair_class_id = fields.Many2one("car.repair.class", readonly=True)
    guarantee_days = fields.Integer("Guarantee (Days)", readonly=True)
    guarantee_km = fields.Integer("Guarantee (km)", readonly=True)
    completed_on = fields.Date("Leaving Date", readonly=True)
    odometer_km = fields.Integer("Odometer Out (km)", readonly=True)
    inspector_id = fields.Many2one("res.users", readonly=True)

    _order_valid_uniq = models.UniqueIndex(
        "(order_id) WHERE state = 'valid'",
        "This order has a valid certificate already. Make it void first.",
    )
    _name_company_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'",
        "This certificate number is taken already.",
    )

    # === BUSINESS METHODS === #

    def _get_report(self):
        return self.env.ref("l10n_cn_car_aftersales.car_cn_certificate_report_paper")
