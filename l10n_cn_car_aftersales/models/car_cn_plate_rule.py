import re
from functools import cached_property

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.car_aftersales.models.vehicle.car_vehicle import PLATE_COLORS

PLATE_KINDS = [
    ("small", "Small Car"),
    ("large", "Large Vehicle"),
    ("motorcycle", "Motorcycle"),
    ("trailer", "Trailer"),
]
# What a pattern may name beside the means of regular expressions
LETTERS = "[A-HJ-Z]"  # of the issuing office
SIGNS = "[A-HJ-NP-Z0-9]"  # of the serial number


class PlateReader:
    """The rules in force, read once for any number of plates."""

    def __init__(self, rules, provinces):
        self.rules = rules
        self.provinces = "".join(provinces.mapped("character"))

    @cached_property
    def compiled(self):
        return [(rule, rule._compile_pattern(self.provinces)) for rule in self.rules]

    def find(self, key):
        """Return the rules whose form a normalized plate has."""
        fitting = [rule for rule, pattern in self.compiled if pattern.fullmatch(key)]
        return self.rules.browse().concat(*fitting)

    def propose_color(self, key, kind):
        """Return the color of the first rule that fits plate and kind, or None."""
        rules = self.find(key)
        own = rules.filtered(lambda rule: rule.plate_kind == kind)
        general = rules.filtered(lambda rule: not rule.plate_kind)
        return (own or general or rules)[:1].plate_color or None


class CarCnPlateRule(models.Model):
    """One kind of license plate of China: its form, its color and for which vehicles.

    GA 36 names the kinds; what changes in it is changed here, by the manager.
    """

    _name = "car.cn.plate.rule"
    _description = "Kind of License Plate"
    _inherit = ["car.cn.confirm.mixin"]
    _order = "sequence, id"

    name = fields.Char("Kind of Plate", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    pattern = fields.Char(
        required=True,
        help="The form as a regular expression, without spaces and dots. <P> is the "
        "character of a province, <L> the letter of an issuing office, <S> a digit or "
        "a letter without I and O.",
    )
    example = fields.Char()
    plate_color = fields.Selection(PLATE_COLORS, required=True)
    plate_kind = fields.Selection(
        PLATE_KINDS,
        "For Vehicles",
        help="Which vehicles carry it. The color is proposed accordingly. Empty: any.",
    )
    date_from = fields.Date(
        "Given Out Since", help="Before this day no such plates were given out."
    )
    note = fields.Text("Remarks on the Plate", translate=True)

    # === CONSTRAINT METHODS === #

    @api.constrains("pattern", "example")
    def _check_pattern(self):
        provinces = self.env["car.cn.plate.province"].sudo()._get_characters()
        for rule in self:
            try:
                pattern = rule._compile_pattern(provinces)
            except re.error as error:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: the form cannot be read (%(error)s).",
                        rule=rule.name,
                        error=error,
                    )
                ) from None
            if provinces and rule.example and not pattern.fullmatch(rule.example):
                raise ValidationError(
                    self.env._(
                        "%(rule)s: its example %(example)s does not have this form.",
                        rule=rule.name,
                        example=rule.example,
                    )
                )

    # === BUSINESS METHODS === #

    def _compile_pattern(self, provinces):
        """Return the regular expression, the placeholders filled in."""
        self.ensure_one()
        text = self.pattern.replace("<P>", f"[{provinces or '-'}]")
        return re.compile(text.replace("<L>", LETTERS).replace("<S>", SIGNS))

    @api.model
    def _get_reader(self):
        """Return the reader of plates by the rules in force today."""
        today = self.env.company._get_car_today()
        # Safe: public rules, for whoever writes a plate.
        rules = self.sudo().search(
            ["|", ("date_from", "=", False), ("date_from", "<=", today)]
        )
        return PlateReader(rules, self.env["car.cn.plate.province"].sudo()._get_all())

    @api.model
    def _explain(self, reader, key, color=None):
        """Return what is wrong with a normalized plate, in plain words, or False."""
        rules = reader.find(key)
        if rules:
            if not color or color in rules.mapped("plate_color"):
                return False
            labels = dict(self._fields["plate_color"]._description_selection(self.env))
            right = {labels[rule.plate_color]: rule.name for rule in rules}
            return self.env._(
                "its form is that of %(kinds)s, not of a plate in %(color)s",
                kinds=", ".join(f"{name} ({text})" for text, name in right.items()),
                color=labels[color],
            )
        return self._explain_form(reader, key)

    @api.model
    def _explain_form(self, reader, key):
        """Return why a plate has no form at all, the first mistake first."""
        if key[:1] not in reader.provinces:
            if key[:1].isascii():
                return self.env._("the character of the province in front is missing")
            return self.env._(
                "“%(sign)s” is not the character of a province", sign=key[0]
            )
        if not re.fullmatch(LETTERS, key[1:2] or "-"):
            return self.env._(
                "its second sign must be the letter of the issuing office, without I"
            )
        if re.search("[IO]", key[2:]):
            return self.env._(
                "I and O are not used behind the first letter; those are the digits 1 "
                "and 0"
            )
        if len(key) not in (7, 8):
            return self.env._(
                "it has %(count)s signs; an ordinary plate has 7, a new-energy one 8",
                count=len(key),
            )
        if len(key) == 8:
            return self.env._(
                "eight signs are a new-energy plate: with a letter in the third place "
                "and digits at the end (small), or five digits and a letter (large)"
            )
        return self.env._("its form is none of the kinds of plates we know")


class CarCnPlateProvince(models.Model):
    """The character with which the plates of a province begin."""

    _name = "car.cn.plate.province"
    _description = "Province on License Plates"
    _order = "sequence, id"
    _rec_name = "character"

    character = fields.Char(required=True, size=1)
    name = fields.Char("Province", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _character_uniq = models.UniqueIndex(
        "(character) WHERE active", "Another province has this character."
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_all(self):
        """Return the provinces in use, three dozen at most."""
        return self.search([("active", "=", True)])

    @api.model
    def _get_characters(self):
        return "".join(self._get_all().mapped("character"))
