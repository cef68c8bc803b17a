import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.phone_validation.models.mail_thread_phone import PHONE_REGEX_PATTERN

from ...tools.plate import normalize_plate
from ...tools.vin import normalize_vin
from .car_vehicle import CUSTOMER_DATA

# A trigram index needs three characters; less is looked up as a beginning.
TRIGRAM = 3
# Fewer digits than this belong to half of all phones.
PHONE_DIGITS = 4


class CarVehicle(models.Model):
    """Finding a vehicle by plate, VIN, owner's name or phone, however it is typed."""

    _inherit = "car.vehicle"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Suggest cars while the plate is typed, one branch after the other.

        A choice of eight needs no sorting of the 100,000 cars that begin with 京.
        """
        text = name.strip().strip("%")
        if not (text and limit and operator == "ilike"):
            return super().name_search(name, domain, operator, limit)
        wanted = Domain(domain or Domain.TRUE)
        found = self.browse()
        for branch in self._get_search_branches(text):
            others = wanted & branch & Domain("id", "not in", found.ids)
            found += self.search_fetch(
                others, ["display_name"], limit=limit - len(found), order="id"
            )
            if len(found) >= limit:
                break
        return [(vehicle.id, vehicle.display_name) for vehicle in found.sudo()]

    @api.model
    def _search_display_name(self, operator, value):
        """Find ``京A-12345``, ``京a 12345`` and ``A12345`` alike.

        Each branch is a select of its own: one OR over several tables would scan them.
        """
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in":
            return self._get_exact_domain(value)
        if not operator.endswith("like"):
            return NotImplemented
        text = (value or "").strip().strip("%")
        if not text:
            return Domain.TRUE
        branches = self._get_search_branches(text)
        # Only ids come out of here; the search itself applies the user's rules.
        every = self.sudo().with_context(active_test=False)
        selects = [every._search(branch).subselect() for branch in branches]
        return Domain("id", "in", SQL(" UNION ").join(selects))

    @api.model
    def _get_exact_domain(self, values):
        """Return the vehicles whose plate or VIN, or plate and model, is given."""
        texts = [value for value in values if isinstance(value, str) and value]
        texts += [text.split()[0] for text in texts if text.split()]
        plates = {normalize_plate(text) for text in texts} - {""}
        vins = {normalize_vin(text) for text in texts} - {""}
        domain = Domain("plate_key", "in", plates) | Domain("vin", "in", vins)
        if False in values:
            domain |= Domain("plate_key", "=", False) & Domain("vin", "=", False)
        return domain

    @api.model
    def _get_search_branches(self, text):
        """Return one domain per way of finding a vehicle by a text."""
        branches = []
        if key := normalize_plate(text):
            branches.append(self._get_pattern_domain("plate_key", key))
            branches.append(self._get_pattern_domain("vin", key))
        if not self.env.su and not self.env.user.has_group(CUSTOMER_DATA):
            return branches or [Domain.FALSE]
        people = self._get_people_selects(text)
        for role in ("owner_id", "contact_id"):
            branches += [Domain(role, "any!", select) for select in people]
        return branches

    @api.model
    def _get_people_selects(self, text):
        """Return one select of contacts per way of finding them by a text."""
        by_name = self.env["res.partner"].with_context(active_test=False)
        people = [by_name._search(self._get_pattern_domain("complete_name", text))]
        digits = re.sub(PHONE_REGEX_PATTERN, "", text)
        if re.fullmatch(rf"\+?\d{{{PHONE_DIGITS},}}", digits):
            people.append(self._get_phone_select(digits))
        return people

    @api.model
    def _get_pattern_domain(self, name, text):
        """Return a condition that an index of the field can answer."""
        if len(text) < TRIGRAM:
            escaped = re.sub(r"([\\%_])", r"\\\1", text)
            return Domain(name, "=like", f"{escaped}%")
        return Domain(name, "ilike", text)

    @api.model
    def _get_phone_select(self, digits):
        """Select the contacts with these digits in their phone, by Odoo's index."""
        return SQL(
            "SELECT id FROM res_partner WHERE phone IS NOT NULL "
            "AND regexp_replace(phone::text, %s, '', 'g') LIKE %s",
            PHONE_REGEX_PATTERN,
            f"%{digits}%",
            to_flush=self.env["res.partner"]._fields["phone"],
        )
