from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.car_aftersales.tools.plate import normalize_plate
from odoo.addons.car_aftersales.tools.vin import (
    compute_check_digit,
    find_vin_error,
    has_check_digit,
)

from .car_cn_plate_rule import PLATE_KINDS

PLATE_KIND_BY_CLASS = {
    "bus": "large",
    "truck": "large",
    "motorcycle": "motorcycle",
    "trailer": "trailer",
}
VEHICLE_KINDS = [
    ("car", "Car or Vehicle for Dangerous Goods"),
    ("motorcycle", "Motorcycle"),
    ("other", "Other Motor Vehicle"),
]
VEHICLE_KIND_BY_CLASS = {
    "motorcycle": "motorcycle",
    "trailer": "other",
    "other": "other",
}


class CarVehicleModel(models.Model):
    """What China's rules need to know of a model; proposed by its class, changeable."""

    _inherit = "car.vehicle.model"

    has_cn_law = fields.Boolean(
        "Repair Law of China Applies", compute="_compute_has_cn_law"
    )
    law_vehicle_kind = fields.Selection(
        VEHICLE_KINDS,
        "Kind in the Repair Law",
        compute="_compute_law_vehicle_kind",
        store=True,
        readonly=False,
        help="Which row of the statutory guarantee holds for cars of this model.",
    )
    plate_kind = fields.Selection(
        PLATE_KINDS,
        "Kind of License Plate",
        compute="_compute_plate_kind",
        store=True,
        readonly=False,
        help="Proposes the color of the plates of cars of this model.",
    )
    vin_market = fields.Selection(
        [
            ("auto", "By the first sign of the VIN"),
            ("checked", "VINs with a check digit"),
            ("free", "VINs without a check digit"),
        ],
        "Market of the VIN",
        default="auto",
        required=True,
        help="Cars made for China and North America have a check digit in the VIN; "
        "imported ones of other markets may have none.",
    )
    vehicle_class_code = fields.Char(
        help="The code of the class of vehicle printed on the settlement list, e.g. M1."
    )

    # === COMPUTE METHODS === #

    @api.depends_context("company")
    def _compute_has_cn_law(self):
        self.has_cn_law = self.env.company.car_cn_law

    @api.depends("vehicle_class")
    def _compute_law_vehicle_kind(self):
        for model in self:
            model.law_vehicle_kind = VEHICLE_KIND_BY_CLASS.get(
                model.vehicle_class, "car"
            )

    @api.depends("vehicle_class")
    def _compute_plate_kind(self):
        for model in self:
            model.plate_kind = PLATE_KIND_BY_CLASS.get(model.vehicle_class, "small")


class CarVehicle(models.Model):
    """Plate and VIN as China's rules want them; only where its law applies.

    Plates of other countries are free text.
    """

    _inherit = "car.vehicle"

    plate_warning = fields.Char(compute="_compute_plate_warning")

    # === COMPUTE METHODS === #

    @api.depends("license_plate")
    def _compute_plate_color(self):
        result = super()._compute_plate_color()
        vehicles = self.filtered("license_plate")._filter_cn_plates()
        if vehicles:
            reader = self.env["car.cn.plate.rule"]._get_reader()
            for vehicle in vehicles:
                key = normalize_plate(vehicle.license_plate)
                color = reader.propose_color(key, vehicle.model_id.plate_kind)
                vehicle.plate_color = color or vehicle.plate_color
        return result

    @api.depends("license_plate", "plate_color", "plate_country_id", "company_id")
    @api.depends_context("lang", "company")
    def _compute_plate_warning(self):
        self.plate_warning = False
        problems = self._find_plate_problems("warn")
        for vehicle, problem in problems.items():
            vehicle.plate_warning = self.env._(
                "Please compare the plate %(plate)s with the car: %(problem)s.",
                plate=vehicle.license_plate,
                problem=problem,
            )

    @api.depends("model_id.vin_market", "company_id")
    @api.depends_context("lang", "company")
    def _compute_vin_warning(self):
        result = super()._compute_vin_warning()
        for vehicle in self.filtered(lambda each: each._get_law_company().car_cn_law):
            if not vehicle._is_vin_market_checked():
                vehicle.vin_warning = False
            elif vehicle.vin_warning:
                vehicle.vin_warning = vehicle._spell_check_digit()
        return result

    # === CONSTRAINT METHODS === #

    @api.constrains("license_plate", "plate_color", "plate_country_id", "company_id")
    def _check_plate_form(self):
        for vehicle, problem in self._find_plate_problems("refuse").items():
            raise ValidationError(
                self.env._(
                    "License plate %(plate)s: %(problem)s.",
                    plate=vehicle.license_plate,
                    problem=problem,
                )
            )

    @api.constrains("vin", "model_id", "company_id")
    def _check_vin_market(self):
        for vehicle in self.filtered("vin"):
            company = vehicle._get_law_company()
            if not company.car_cn_law:
                continue
            if find_vin_error(vehicle.vin) == "letters":
                raise ValidationError(self._get_vin_error(vehicle.vin))
            wrong = not find_vin_error(vehicle.vin) and not has_check_digit(vehicle.vin)
            if (
                wrong
                and company.car_cn_vin_check == "refuse"
                and vehicle._is_vin_market_checked()
            ):
                raise ValidationError(vehicle._spell_check_digit())

    # === BUSINESS METHODS === #

    def _get_law_company(self):
        """Return the company whose rules hold for this vehicle, with all rights."""
        self.ensure_one()
        # Safe: settings of the company that the vehicle is kept by.
        return (self.company_id or self.env.company).sudo()

    def _filter_cn_plates(self):
        """Return the vehicles with Chinese plates where the law of China applies."""
        return self.filtered(
            lambda vehicle: (
                vehicle._get_law_company().car_cn_law
                and vehicle.plate_country_id.code == "CN"
            )
        )

    def _find_plate_problems(self, mode):
        """Map vehicles to what is wrong with their plates, where the setting says so.

        :param mode: ``warn`` or ``refuse``, as in the settings of the company
        """
        vehicles = self.filtered("license_plate")._filter_cn_plates()
        vehicles = vehicles.filtered(
            lambda vehicle: vehicle._get_law_company().car_cn_plate_check == mode
        )
        if not vehicles:
            return {}
        rules = self.env["car.cn.plate.rule"]
        reader = rules._get_reader()
        problems = {
            vehicle: rules._explain(
                reader, normalize_plate(vehicle.license_plate), vehicle.plate_color
            )
            for vehicle in vehicles
        }
        return {vehicle: problem for vehicle, problem in problems.items() if problem}

    def _is_vin_market_checked(self):
        """Tell whether cars of this market have a check digit."""
        self.ensure_one()
        market = self.model_id.vin_market
        if market != "auto":
            return market == "checked"
        prefixes = self._get_law_company().car_cn_vin_prefixes or ""
        return bool(self.vin) and self.vin[0] in prefixes.upper()

    def _spell_check_digit(self):
        self.ensure_one()
        return self.env._(
            "VIN “%(vin)s”: its ninth sign, the check digit, is %(found)s, but "
            "belonging to the others is %(expected)s. Please compare it with the car.",
            vin=self.vin,
            found=self.vin[8],
            expected=compute_check_digit(self.vin),
        )
