import re

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.phone_validation.models.mail_thread_phone import PHONE_REGEX_PATTERN

from ...tools.phone import normalize_phone
from ...tools.plate import normalize_plate, tidy_plate
from .car_repair_order import CUSTOMER_DATA

# Fewer digits than this do not tell one customer from another.
PHONE_DIGITS = 6


class CarCallerMixin(models.AbstractModel):
    """Somebody who calls or walks in, known already or not, and his car.

    A name and a phone are enough; the contact and the vehicle are made when they are
    needed, after showing who might be the same.
    """

    _name = "car.caller.mixin"
    _description = "Document about a caller"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        tracking=True,
        groups=CUSTOMER_DATA,
    )
    contact_name = fields.Char(
        "Name of the Caller",
        compute="_compute_contact_name",
        store=True,
        readonly=False,
        precompute=True,
        index="trigram",
        groups=CUSTOMER_DATA,
    )
    phone = fields.Char(
        compute="_compute_phone",
        store=True,
        readonly=False,
        precompute=True,
        index="trigram",
        groups=CUSTOMER_DATA,
    )
    vehicle_id = fields.Many2one(
        "car.vehicle", index="btree_not_null", check_company=True, tracking=True
    )
    license_plate = fields.Char()
    plate_key = fields.Char(
        "Plate for Search",
        compute="_compute_plate_key",
        store=True,
        precompute=True,
        index="trigram",
    )
    model_id = fields.Many2one(
        "car.vehicle.model",
        compute="_compute_model_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Needed for a car that has not been here yet.",
    )
    duplicate_ids = fields.Many2many(
        "res.partner",
        string="Perhaps Known Already",
        compute="_compute_duplicate_ids",
        groups=CUSTOMER_DATA,
        help="Customers with this phone, and people of the car with this plate.",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_contact_name(self):
        for record in self:
            record.contact_name = record.partner_id.name or record.contact_name

    @api.depends("partner_id")
    def _compute_phone(self):
        for record in self:
            record.phone = record.partner_id.phone or record.phone

    @api.depends("license_plate")
    def _compute_plate_key(self):
        for record in self:
            record.plate_key = normalize_plate(record.license_plate) or False

    @api.depends("vehicle_id")
    def _compute_model_id(self):
        for record in self:
            record.model_id = record.vehicle_id.model_id or record.model_id

    @api.depends("partner_id", "phone", "plate_key", "vehicle_id")
    def _compute_duplicate_ids(self):
        """Find in one pass who has the phone, and whose the plates are."""
        unknown = self.filtered(lambda record: not record.partner_id)
        numbers = {record: record._get_phone_digits() for record in unknown}
        by_phone = self._get_partners_by_phone({*numbers.values()} - {""})
        vehicles = self.env["car.vehicle"].search(
            [("plate_key", "in", unknown.filtered("plate_key").mapped("plate_key"))]
        )
        by_plate = vehicles.grouped("plate_key")
        for record in self:
            found = by_phone.get(numbers.get(record), self.env["res.partner"])
            if record in numbers:
                cars = record.vehicle_id | by_plate.get(
                    record.plate_key, vehicles.browse()
                )
                found |= cars.owner_id | cars.contact_id
            record.duplicate_ids = found

    # === ONCHANGE METHODS === #

    @api.onchange("license_plate")
    def _onchange_license_plate(self):
        self.license_plate = tidy_plate(self.license_plate) or False
        if self.plate_key and self.vehicle_id.plate_key != self.plate_key:
            self.vehicle_id = self._match_vehicles().get(
                (self.plate_key, self.company_id.id)
            )

    @api.onchange("vehicle_id")
    def _onchange_vehicle_id(self):
        """Take plate and people of the car, where nothing else was said."""
        if not self.vehicle_id:
            return
        self.license_plate = self.vehicle_id.license_plate
        if not self.partner_id and not self.contact_name:
            self.partner_id = self.vehicle_id.owner_id or self.vehicle_id.contact_id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("license_plate"):
                vals["license_plate"] = tidy_plate(vals["license_plate"])
        records = super().create(vals_list)
        records._link_vehicles()
        return records

    def write(self, vals):
        vals = dict(vals)
        if vals.get("license_plate"):
            vals["license_plate"] = tidy_plate(vals["license_plate"])
        result = super().write(vals)
        if vals.keys() & {"license_plate", "vehicle_id"}:
            self._link_vehicles()
        return result

    # === ACTION METHODS === #

    def action_create_partner(self):
        """Make a customer of a caller who is not known yet."""
        for record in self.filtered(lambda record: not record.partner_id):
            record._ensure_partner()
        return True

    # === BUSINESS METHODS === #

    def _link_vehicles(self):
        """Tie plates to the cars we know, and fill in the plates of known cars."""
        for record in self.filtered(
            lambda record: record.vehicle_id and not record.license_plate
        ):
            record.license_plate = record.vehicle_id.license_plate
        loose = self.filtered(lambda record: record.plate_key and not record.vehicle_id)
        found = loose._match_vehicles()
        for record in loose:
            vehicle = found.get((record.plate_key, record.company_id.id))
            if not vehicle:
                continue
            record.vehicle_id = vehicle
            if not record.partner_id and not record.contact_name:
                record.partner_id = vehicle.owner_id or vehicle.contact_id
        for record in self.filtered("vehicle_id"):
            if not record.partner_id and not record.contact_name:
                vehicle = record.vehicle_id
                record.partner_id = vehicle.owner_id or vehicle.contact_id

    def _match_vehicles(self):
        """Map (plate, company) to the one car that carries the plate; in one query."""
        vehicles = self.env["car.vehicle"].search(
            [("plate_key", "in", [key for key in self.mapped("plate_key") if key])]
        )
        found = {}
        for record in self:
            matching = vehicles.filtered(
                lambda vehicle, record=record: (
                    vehicle.plate_key == record.plate_key
                    and vehicle.company_id.id in (False, record.company_id.id)
                )
            )
            if len(matching) == 1:
                found[record.plate_key, record.company_id.id] = matching
        return found

    def _get_phone_digits(self):
        """Return the phone without prefixes, or an empty text when it is too short."""
        self.ensure_one()
        code = self.company_id.country_id.phone_code
        digits = normalize_phone(self.phone, code)
        return digits if len(digits) >= PHONE_DIGITS else ""

    def _get_partners_by_phone(self, numbers):
        """Map each number to the contacts whose phone ends with it; one query."""
        partners = self.env["res.partner"]
        if not numbers:
            return {}
        rows = self.env.execute_query(
            SQL(
                "SELECT id, regexp_replace(phone::text, %(odd)s, '', 'g') "
                "FROM res_partner WHERE active AND phone IS NOT NULL "
                "AND regexp_replace(phone::text, %(odd)s, '', 'g') LIKE ANY(%(ends)s)",
                odd=PHONE_REGEX_PATTERN,
                ends=[f"%{number}" for number in numbers],
                to_flush=partners._fields["phone"],
            )
        )
        # Only those whom the user may see
        allowed = partners.search([("id", "in", [row[0] for row in rows])])
        found = {}
        for partner_id, phone in rows:
            partner = partners.browse(partner_id)
            for number in numbers:
                if partner in allowed and re.sub(r"\D", "", phone).endswith(number):
                    found[number] = found.get(number, partners) | partner
        return found

    def _ensure_partner(self):
        """Return the customer; somebody new becomes a contact.

        :raise UserError: when not even a name is known
        """
        self.ensure_one()
        if not self.partner_id:
            if not self.contact_name:
                self._raise_missing(self.env._("the customer's name is missing"))
            self.partner_id = self.env["res.partner"].create(
                {"name": self.contact_name, "phone": self.phone}
            )
        return self.partner_id

    def _ensure_vehicle(self):
        """Return the car; a new one is made from plate and model.

        :raise UserError: naming what is missing
        """
        self.ensure_one()
        if not self.vehicle_id:
            self._link_vehicles()
        if self.vehicle_id:
            return self.vehicle_id
        if not self.license_plate:
            self._raise_missing(
                self.env._("choose the vehicle, or give its license plate and model")
            )
        if not self.model_id:
            self._raise_missing(
                self.env._(
                    "%(plate)s has not been here yet: choose its model",
                    plate=self.license_plate,
                )
            )
        self.vehicle_id = self.env["car.vehicle"].create(
            {
                "license_plate": self.license_plate,
                "model_id": self.model_id.id,
                "owner_id": self._ensure_partner().id,
                "company_id": self.company_id.id,
            }
        )
        return self.vehicle_id

    @api.model
    def _search_display_name(self, operator, value):
        """Find by number, plate, name and phone, however the plate is typed."""
        if operator in Domain.NEGATIVE_OPERATORS or not operator.endswith("like"):
            return super()._search_display_name(operator, value)
        text = (value or "").strip().strip("%")
        if not text:
            return Domain.TRUE
        find = self.env["car.vehicle"]._get_pattern_domain
        branches = [find("name", text), find("contact_name", text)]
        if key := normalize_plate(text):
            branches.append(find("plate_key", key))
        digits = re.sub(r"\D", "", text)
        if len(digits) >= PHONE_DIGITS - 2 and not re.search(r"[^\d\s()+-]", text):
            branches.append(Domain("phone", "like", digits[-4:]))
        # Each a select of its own, answered by its index: one OR may read them all.
        selects = [self._search(branch).subselect() for branch in branches]
        return Domain("id", "in", SQL(" UNION ").join(selects))


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_car_choose(self):
        """Take this contact as the customer of the document shown."""
        self.ensure_one()
        context = self.env.context
        model = context.get("car_caller_model")
        if model not in ("car.enquiry", "car.appointment", "car.reception"):
            return False
        return (
            self.env[model]
            .browse(context.get("car_caller_id"))
            .write({"partner_id": self.id})
        )
