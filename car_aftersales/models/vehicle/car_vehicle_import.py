import re

from odoo import api, fields, models
from odoo.tools import file_path

from ...tools.day import read_day
from .car_vehicle import CUSTOMER_DATA

# Helper columns of a dealer's spreadsheet that are no fields of the vehicle.
HELPERS = (
    "import_brand_name",
    "import_model_name",
    "import_owner_name",
    "import_owner_phone",
)
# A file up to this many rows is loaded as a whole or not at all.
ROWS_AT_ONCE = 10000


def fold(text):
    """Return a name as it is compared: without case and superfluous spaces."""
    return " ".join((text or "").split()).casefold()


class CarVehicle(models.Model):
    """Loading vehicles from a spreadsheet together with brand, model and owner."""

    _inherit = "car.vehicle"

    import_brand_name = fields.Char("Brand Name", store=False)
    import_model_name = fields.Char("Model Name", store=False)
    import_owner_name = fields.Char("Owner Name", store=False, groups=CUSTOMER_DATA)
    import_owner_phone = fields.Char("Owner Phone", store=False, groups=CUSTOMER_DATA)

    # === CRUD METHODS === #

    @api.model
    def load(self, fields, data):
        """Load a spreadsheet as a whole, or name every bad row and load nothing."""
        data = self._tidy_import(fields, data)
        messages = self.env["car.vehicle.import.check"]._check(fields, data)
        if any(message["type"] == "error" for message in messages):
            return {"ids": False, "messages": messages, "nextrow": 0}
        limit = self.env.context.get("_import_limit")
        quiet = self.with_context(
            _import_limit=limit and max(limit, ROWS_AT_ONCE),
            tracking_disable=True,
            mail_create_nosubscribe=True,
        )
        result = super(CarVehicle, quiet).load(fields, data)
        result["messages"] += messages
        return result

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._resolve_import(vals_list))

    def write(self, vals):
        if vals.keys() & set(HELPERS):
            [vals] = self._resolve_import([vals])
        return super().write(vals)

    @api.model
    def get_import_templates(self):
        """Offer the sample file in the import screen, headed in the user's language."""
        template = f"/car_aftersales/static/import/vehicles_{self.env.lang}.csv"
        try:
            file_path(template.lstrip("/"))
        except FileNotFoundError:
            template = "/car_aftersales/static/import/vehicles.csv"
        return [
            {
                "label": self.env._("Import Template for Vehicles"),
                "template": template,
            }
        ]

    # === BUSINESS METHODS === #

    @api.model
    def _tidy_import(self, fields, data):
        """Return the rows with plain figures, and days as the database has them."""
        days = [
            index
            for index, name in enumerate(fields)
            if name in self._fields and self._fields[name].type == "date"
        ]
        odometers = [
            index for index, name in enumerate(fields) if name == "odometer_km"
        ]
        tidied = []
        for row in data:
            row = list(row)
            for index in odometers:
                figure = re.sub(r"(?i)[\s,]|km|公里", "", str(row[index] or ""))
                row[index] = re.sub(r"\.0+$", "", figure)
            for index in days:
                if day := read_day(str(row[index] or "")):
                    row[index] = day.isoformat()
            tidied.append(row)
        return tidied

    @api.model
    def _resolve_import(self, vals_list):
        """Return the values with model and owner in place of their written names."""
        if not any(vals.keys() & set(HELPERS) for vals in vals_list):
            return vals_list
        vals_list = [dict(vals) for vals in vals_list]
        named = [
            (vals, {name: vals.pop(name, None) or "" for name in HELPERS})
            for vals in vals_list
        ]
        models_ = self._find_or_create_models(
            [
                (helper["import_brand_name"], helper["import_model_name"])
                for _vals, helper in named
            ]
        )
        owners = self._find_or_create_owners(
            [
                (helper["import_owner_name"], helper["import_owner_phone"])
                for _vals, helper in named
            ]
        )
        for (vals, _helper), model, owner in zip(named, models_, owners):
            if model:
                vals["model_id"] = model.id
            if owner:
                vals["owner_id"] = owner.id
        return vals_list

    @api.model
    def _find_or_create_models(self, names):
        """Return the model of each pair of brand and model name, made where missing."""
        Brand, Model = self.env["car.vehicle.brand"], self.env["car.vehicle.model"]
        brands, models_ = self._get_known_models()
        wanted = {}
        for brand, model in names:
            if fold(brand) and fold(model) and fold(brand) not in brands:
                wanted.setdefault(fold(brand), " ".join(brand.split()))
        created = Brand.create([{"name": name} for name in wanted.values()])
        brands.update(zip(wanted, created))
        missing = {}
        for brand, model in names:
            key = (fold(brand), fold(model))
            if all(key) and key not in models_:
                missing.setdefault(key, " ".join(model.split()))
        created = Model.create(
            [
                {"brand_id": brands[brand].id, "name": name}
                for (brand, _model), name in missing.items()
            ]
        )
        models_.update(zip(missing, created))
        return [self._pick_model(models_, brand, model) for brand, model in names]

    @api.model
    def _get_known_models(self):
        """Return brands by folded name, and models by folded brand and model name."""
        everything = {"active_test": False}
        brands = (
            self.env["car.vehicle.brand"]
            .with_context(**everything)
            .search([("name", "!=", False)])
        )
        models_ = (
            self.env["car.vehicle.model"]
            .with_context(**everything)
            .search([("name", "!=", False)])
        )
        return (
            {fold(brand.name): brand for brand in brands},
            {(fold(model.brand_id.name), fold(model.name)): model for model in models_},
        )

    @api.model
    def _pick_model(self, known, brand, model):
        """Return the model of a brand; without a brand the only one of its name."""
        empty = self.env["car.vehicle.model"]
        if fold(brand):
            return known.get((fold(brand), fold(model)), empty)
        same = [
            found
            for (maker, name), found in known.items()
            if fold(model) in (name, f"{maker} {name}")
        ]
        return same[0] if fold(model) and len(same) == 1 else empty

    @api.model
    def _find_or_create_owners(self, people):
        """Return the contact of each pair of name and phone, made where missing."""
        Partner = self.env["res.partner"]
        matcher = self.env["car.vehicle.import.check"]
        known = matcher._get_known_owners(people)
        matched = [matcher._match_owner(known, *person)[0] for person in people]
        missing, phones = {}, {}
        for (name, phone), owner in zip(people, matched):
            key = (fold(name), matcher._normalize_phone(phone))
            if owner and phone and not owner.phone:
                phones[owner] = phone
            elif not owner and fold(name):
                missing.setdefault(
                    key, {"name": " ".join(name.split()), "phone": phone or False}
                )
        for owner, phone in phones.items():
            owner.phone = phone
        created = dict(zip(missing, Partner.create(list(missing.values()))))
        return [
            owner or created.get((fold(name), matcher._normalize_phone(phone)), Partner)
            for (name, phone), owner in zip(people, matched)
        ]
