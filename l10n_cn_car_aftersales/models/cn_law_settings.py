from odoo import fields, models

from .car_cn_vehicle import VEHICLE_KINDS

CHECKS = [("none", "Do not check"), ("warn", "Warn"), ("refuse", "Refuse")]
LABOR_TIME_BASES = [
    ("industry", "Labor times of the trade"),
    ("maker", "Labor times of the maker"),
]


class ResCompany(models.Model):
    """How strictly plates and VINs are looked at, and what the papers of China name."""

    _inherit = "res.company"

    # plates and VIN
    car_cn_plate_check = fields.Selection(
        CHECKS,
        "License Plates of China",
        default="warn",
        required=True,
        help="What happens to a Chinese plate whose form or color fits no kind of "
        "plate.",
    )
    car_cn_vin_check = fields.Selection(
        [("warn", "Warn"), ("refuse", "Refuse")],
        "Wrong Check Digit of a VIN",
        default="warn",
        required=True,
        help="What happens when the VIN of a car, made for a market whose VINs have a "
        "check digit, has a wrong one.",
    )
    car_cn_vin_prefixes = fields.Char(
        "First Signs of VINs With a Check Digit",
        default="L12345",
        help="VINs that begin with one of these signs have a check digit: L is China, "
        "1 to 5 are North America.",
    )
    # guarantee
    car_cn_vehicle_kind = fields.Selection(
        VEHICLE_KINDS,
        "Vehicles We Repair Most",
        default="car",
        required=True,
        help="The guarantee promised for a repair class may not be below the law's for "
        "such vehicles.",
    )
    car_cn_nev_days = fields.Integer(
        "Guarantee on New-Energy Parts (Days)",
        help="Printed on the settlement list of new-energy cars. 0: what the maker of "
        "the part promises.",
    )
    car_cn_nev_km = fields.Integer("Guarantee on New-Energy Parts (km)")
    # papers
    car_cn_license_number = fields.Char(
        "Number of the Repair Business",
        help="Of the filing or the license; printed on contract, certificate and "
        "settlement list.",
    )
    car_cn_license_class = fields.Selection(
        [("1", "Class I"), ("2", "Class II"), ("3", "Class III")],
        "Class of the Repair Business",
    )
    car_cn_labor_basis = fields.Selection(
        LABOR_TIME_BASES,
        "Usual Basis of Labor Times",
        default="maker",
        required=True,
        help="Proposed on new orders and printed on the settlement list.",
    )
    car_cn_contract_terms = fields.Text(
        "Further Terms of the Repair Contract",
        translate=True,
        help="Printed on the contract below the usual terms.",
    )

    _car_cn_nev_positive = models.Constraint(
        "CHECK (car_cn_nev_days >= 0 AND car_cn_nev_km >= 0)",
        "A guarantee on new-energy parts is not negative.",
    )

    # === BUSINESS METHODS === #

    def _get_car_sequences(self):
        return {
            **super()._get_car_sequences(),
            "car.cn.certificate": {
                "name": "Certificate of Completion",
                "prefix": "HGZ/%(year)s/",
                "padding": 5,
            },
            "car.cn.settlement": {
                "name": "Settlement List",
                "prefix": "JSQD/%(year)s/",
                "padding": 5,
            },
        }


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_cn_plate_check = fields.Selection(
        related="company_id.car_cn_plate_check", readonly=False
    )
    car_cn_vin_check = fields.Selection(
        related="company_id.car_cn_vin_check", readonly=False
    )
    car_cn_vin_prefixes = fields.Char(
        related="company_id.car_cn_vin_prefixes", readonly=False
    )
    car_cn_vehicle_kind = fields.Selection(
        related="company_id.car_cn_vehicle_kind", readonly=False
    )
    car_cn_nev_days = fields.Integer(
        related="company_id.car_cn_nev_days", readonly=False
    )
    car_cn_nev_km = fields.Integer(related="company_id.car_cn_nev_km", readonly=False)
    car_cn_license_number = fields.Char(
        related="company_id.car_cn_license_number", readonly=False
    )
    car_cn_license_class = fields.Selection(
        related="company_id.car_cn_license_class", readonly=False
    )
    car_cn_labor_basis = fields.Selection(
        related="company_id.car_cn_labor_basis", readonly=False
    )
    car_cn_contract_terms = fields.Text(
        related="company_id.car_cn_contract_terms", readonly=False
    )
