from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .car_cn_vehicle import VEHICLE_KINDS

LAW_CLASSES = [
    ("whole", "Whole-Vehicle Repair"),
    ("assembly", "Assembly Repair"),
    ("level2", "Level-2 Maintenance"),
    ("level1", "Level-1 Maintenance"),
    ("minor", "Minor Repair"),
    ("special", "Special-Item Repair"),
]


class CarLawGuarantee(models.Model):
    """A version of the law's least guarantee on repairs, with the days it is in force.

    机动车维修管理规定: by kind of vehicle and repair class so many days or kilometers,
    whichever is reached first. A change of the law is a new version, not an edit.
    """

    _name = "car.law.guarantee"
    _description = "Statutory Guarantee"
    _inherit = ["car.cn.confirm.mixin"]
    _order = "date_from desc, id desc"

    name = fields.Char("Law", required=True, translate=True)
    active = fields.Boolean(default=True)
    date_from = fields.Date("In Force From", required=True)
    date_to = fields.Date(
        "In Force Until", help="The last day. Empty: until the next version."
    )
    note = fields.Text("Source and Remarks", translate=True)
    line_ids = fields.One2many(
        "car.law.guarantee.line", "guarantee_id", "Table", copy=True
    )
    is_in_force = fields.Boolean("In Force Today", compute="_compute_is_in_force")

    _date_from_uniq = models.UniqueIndex(
        "(date_from) WHERE active", "Another version is in force from this day."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A version ends before it begins.",
    )

    # === COMPUTE METHODS === #

    @api.depends("date_from", "date_to", "active")
    def _compute_is_in_force(self):
        in_force = self._get_in_force(self.env.company._get_car_today())
        for version in self:
            version.is_in_force = version._origin == in_force

    # === BUSINESS METHODS === #

    @api.model
    def _get_versions(self):
        """Return all versions with all rights, the newest first."""
        # Safe: public law, for whoever repairs.
        return self.sudo().search([("active", "=", True)])

    @api.model
    def _get_in_force(self, date, versions=None):
        """Return the version in force on a day: the newest that has begun.

        :param versions: those read already, by ``_get_versions()``
        """
        if versions is None:
            versions = self._get_versions()
        begun = versions.filtered(lambda version: version.date_from <= date)[:1]
        return begun.filtered(lambda each: not each.date_to or each.date_to >= date)

    def _get_minimum(self, law_class, vehicle_kind):
        """Return days and kilometers that this version asks, or None."""
        for line in self.line_ids:
            if (line.law_class, line.vehicle_kind) == (law_class, vehicle_kind):
                return line.days, line.km
        return None

    def copy_data(self, default=None):
        """Propose a new version that begins after the one copied."""
        vals_list = super().copy_data(default)
        today = self.env.company._get_car_today()
        for version, vals in zip(self, vals_list, strict=True):
            vals["date_to"] = False
            if "date_from" not in (default or {}):
                vals["date_from"] = max(
                    today, fields.Date.add(version.date_from, days=1)
                )
        return vals_list


class CarLawGuaranteeLine(models.Model):
    """What a version of the law asks for one kind of vehicle and repair class."""

    _name = "car.law.guarantee.line"
    _description = "Row of the Statutory Guarantee"
    _order = "guarantee_id, vehicle_kind, sequence, id"

    guarantee_id = fields.Many2one(
        "car.law.guarantee", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    vehicle_kind = fields.Selection(VEHICLE_KINDS, "Vehicles", required=True)
    law_class = fields.Selection(LAW_CLASSES, "Repair Class", required=True)
    days = fields.Integer("Days at Least", required=True)
    km = fields.Integer("Kilometers at Least", required=True)

    _row_uniq = models.UniqueIndex(
        "(guarantee_id, vehicle_kind, law_class)",
        "This version has a row for these vehicles and this class already.",
    )
    _positive = models.Constraint(
        "CHECK (days >= 0 AND km >= 0)", "A guarantee is not negative."
    )

    @api.depends("vehicle_kind", "law_class")
    def _compute_display_name(self):
        kinds = dict(self._fields["vehicle_kind"]._description_selection(self.env))
        classes = dict(self._fields["law_class"]._description_selection(self.env))
        for line in self:
            kind, law_class = kinds.get(line.vehicle_kind), classes.get(line.law_class)
            line.display_name = f"{kind}: {law_class}"


class CarRepairClass(models.Model):
    """What our own promise has to reach by law, and whether a certificate is due."""

    _inherit = "car.repair.class"

    law_class = fields.Selection(
        LAW_CLASSES,
        "Class in the Repair Law",
        compute="_compute_law_class",
        store=True,
        readonly=False,
        help="Which row of the statutory guarantee holds for work of this class.",
    )
    requires_certificate = fields.Boolean(
        "Certificate of Completion",
        compute="_compute_requires_certificate",
        store=True,
        readonly=False,
        help="Where the repair law of China applies, a car is not delivered after such "
        "work without its certificate of completion.",
    )
    has_cn_law = fields.Boolean(
        "Repair Law of China Applies", compute="_compute_law_text"
    )
    law_text = fields.Char("The Law Asks", compute="_compute_law_text")
    law_shortfall = fields.Char(
        "Promised Less Than the Law Asks", compute="_compute_law_text"
    )

    # === COMPUTE METHODS === #

    @api.depends("code")
    def _compute_law_class(self):
        known = dict(LAW_CLASSES)
        for repair_class in self:
            code = (repair_class.code or "").lower()
            repair_class.law_class = code if code in known else repair_class.law_class

    @api.depends("law_class")
    def _compute_requires_certificate(self):
        for repair_class in self:
            repair_class.requires_certificate = repair_class.law_class in (
                "whole",
                "assembly",
                "level2",
            )

    @api.depends("law_class", "guarantee_days", "guarantee_km")
    @api.depends_context("lang", "company")
    def _compute_law_text(self):
        company = self.env.company
        self.has_cn_law = company.car_cn_law
        version = self.env["car.law.guarantee"]
        if company.car_cn_law:
            version = version._get_in_force(self.env.company._get_car_today())
        for repair_class in self:
            minimum = version._get_minimum(
                repair_class.law_class, company.car_cn_vehicle_kind
            )
            repair_class.law_text = minimum and self._spell_guarantee(*minimum)
            repair_class.law_shortfall = minimum and repair_class._spell_shortfall(
                version, minimum
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("guarantee_days", "guarantee_km", "law_class")
    def _check_promise(self):
        """Refuse to promise less than the law asks; nothing promised is the law's."""
        # Safe: classes are shared; a setting of the companies.
        companies = self.env["res.company"].sudo().search([("car_cn_law", "=", True)])
        if not companies:
            return
        today = self.env.company._get_car_today()
        version = self.env["car.law.guarantee"]._get_in_force(today)
        for repair_class in self:
            for kind in set(companies.mapped("car_cn_vehicle_kind")):
                minimum = version._get_minimum(repair_class.law_class, kind)
                text = minimum and repair_class._spell_shortfall(version, minimum)
                if text:
                    raise ValidationError(text)

    # === BUSINESS METHODS === #

    @api.model
    def _get_longest_guarantee_days(self):
        """Look back as far as the law of China asks, whatever the vehicle."""
        longest = super()._get_longest_guarantee_days()
        # Safe: a setting of the companies, and the law.
        companies = self.env["res.company"].sudo()
        if longest is None or not companies.search_count(
            [("car_cn_law", "=", True)], limit=1
        ):
            return longest
        rows = self.env["car.law.guarantee.line"].sudo().search([("days", ">", 0)])
        return max([longest, *rows.mapped("days")])

    def _spell_guarantee(self, days, km):
        return self.env._(
            "%(days)s days or %(km)s km", days=days, km=self._format_km(km)
        )

    @api.model
    def _format_km(self, km):
        return f"{km:,}"

    def _spell_shortfall(self, version, minimum):
        """Return in plain words what is promised below the law, or False."""
        self.ensure_one()
        days, km = minimum
        short = 0 < self.guarantee_days < days or 0 < self.guarantee_km < km
        if not short:
            return False
        return self.env._(
            "%(name)s: you promise %(promise)s, but the law asks at least %(minimum)s "
            "(%(law)s, in force from %(date)s). Promise as much or more; 0 makes no "
            "promise of your own, and the law's guarantee holds.",
            name=self.name,
            promise=self._spell_guarantee(self.guarantee_days, self.guarantee_km),
            minimum=self._spell_guarantee(days, km),
            law=version.with_env(self.env).sudo().name,
            date=version.date_from,
        )


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _get_statutory_guarantee(self):
        """Answer with the law of China in force on the day the car leaves (or now)."""
        result = super()._get_statutory_guarantee()
        # Safe: law, class and kind of the work that may be read.
        lines = self.sudo().filtered(
            lambda line: line.kind != "fee" and line.company_id.car_cn_law
        )
        if not lines:
            return result
        laws = self.env["car.law.guarantee"]
        versions = laws._get_versions()
        by_day = {}
        own = {line.id: line for line in self}
        for line in lines:
            day = line.order_id._get_guarantee_day()
            if day not in by_day:
                by_day[day] = laws._get_in_force(day, versions)
            minimum = by_day[day]._get_minimum(
                line.job_id.repair_class_id.law_class,
                line.order_id.vehicle_id.model_id.law_vehicle_kind,
            )
            if minimum:
                result[own[line.id]] = minimum
        return result


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    def _get_guarantee_day(self):
        """Return the day the car left, or today, by the company's clock."""
        self.ensure_one()
        return self.company_id._get_car_local_day(self.delivered_at)
