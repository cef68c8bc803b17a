from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .car_repair_order import CUSTOMER_DATA

PRESENCES = [("there", "In Place"), ("damaged", "Damaged"), ("missing", "Not there")]


class CarReleasePartMixin(models.AbstractModel):
    """What was taken in and is looked at again before the car leaves."""

    _name = "car.release.part.mixin"
    _description = "Compared With the Intake"

    presence = fields.Selection(PRESENCES, "Found", copy=False)
    explanation = fields.Char(
        copy=False, help="Why it is not as it came in, and what was agreed about it."
    )
    is_different = fields.Boolean("Not as It Came In", compute="_compute_is_different")

    @api.depends("presence")
    def _compute_is_different(self):
        for part in self:
            part.is_different = part.presence in ("damaged", "missing")

    def _get_open_differences(self):
        return self.filtered(lambda part: part.is_different and not part.explanation)


class CarInspectionBelonging(models.Model):
    _name = "car.inspection.belonging"
    _inherit = ["car.inspection.belonging", "car.release.part.mixin"]

    origin_id = fields.Many2one(
        "car.inspection.belonging", "As Taken In", readonly=True, ondelete="set null"
    )

    # === ACTION METHODS === #

    def action_give_back(self):
        """Give these articles back to the customer, each written down."""
        for article in self:
            article.inspection_id.order_id._give_back(article, "belongings")


class CarInspectionDocument(models.Model):
    _name = "car.inspection.document"
    _inherit = ["car.inspection.document", "car.release.part.mixin"]

    origin_id = fields.Many2one(
        "car.inspection.document", "As Taken In", readonly=True, ondelete="set null"
    )

    # === ACTION METHODS === #

    def action_give_back(self):
        """Give these documents back to the customer, each written down."""
        for document in self:
            document.inspection_id.order_id._give_back(document, "documents")


class CarInspectionDamage(models.Model):
    _inherit = "car.inspection.damage"

    origin_id = fields.Many2one(
        "car.inspection.damage", "As Taken In", readonly=True, ondelete="set null"
    )
    is_new = fields.Boolean("New", compute="_compute_is_new")

    @api.depends("origin_id", "inspection_id.kind")
    def _compute_is_new(self):
        for damage in self:
            damage.is_new = damage.inspection_id.kind == "release" and (
                not damage.origin_id
            )


class CarInspectionPartMixin(models.AbstractModel):
    _inherit = "car.inspection.part.mixin"

    def _touch(self):
        """Let the customer accept the car anew when the comparison changes."""
        result = super()._touch()
        released = self.inspection_id.filtered(lambda each: each.kind == "release")
        if released:
            # Safe: a signature under what is being changed counts no more.
            released.sudo().signature_ids._void("acceptance")
        return result


class CarInspection(models.Model):
    """The finished car compared with what the intake saw, before it is given back.

    Damage, articles, documents and fuel are copied from the intake; what is not as it
    came in is explained, or the comparison is not completed.
    """

    _inherit = "car.inspection"

    release_fuel_level = fields.Selection(
        selection=lambda self: (
            self.env["car.repair.order"]
            ._fields["fuel_level"]
            ._description_selection(self.env)
        ),
        string="Fuel Now",
        copy=False,
        groups=CUSTOMER_DATA,
    )
    release_odometer_km = fields.Integer(
        "Odometer Now (km)", copy=False, groups=CUSTOMER_DATA
    )
    fuel_explanation = fields.Char(
        "Why There Is Less Fuel", copy=False, groups=CUSTOMER_DATA
    )
    is_fuel_lower = fields.Boolean(
        "Less Fuel", compute="_compute_is_fuel_lower", groups=CUSTOMER_DATA
    )
    comparison_missing = fields.Json(
        "Open in the Comparison",
        compute="_compute_comparison_missing",
        groups=CUSTOMER_DATA,
    )

    _release_uniq = models.UniqueIndex(
        "(order_id) WHERE kind = 'release' AND state != 'cancelled'",
        "This order has its comparison already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("release_fuel_level", "order_id.fuel_level")
    def _compute_is_fuel_lower(self):
        for inspection in self:
            now, before = inspection.release_fuel_level, inspection.fuel_level
            inspection.is_fuel_lower = bool(now and before and int(now) < int(before))

    @api.depends(
        "kind",
        "line_ids.result",
        "belonging_ids.presence",
        "belonging_ids.explanation",
        "document_ids.presence",
        "document_ids.explanation",
        "damage_ids.note",
        "release_fuel_level",
        "fuel_explanation",
    )
    @api.depends_context("lang")
    def _compute_comparison_missing(self):
        for inspection in self:
            release = inspection.kind == "release"
            inspection.comparison_missing = (
                inspection._get_comparison_missing() if release else []
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        inspections = super().create(vals_list)
        for inspection in inspections.filtered(lambda each: each.kind == "release"):
            inspection._copy_intake()
        return inspections

    def write(self, vals):
        result = super().write(vals)
        if {"release_fuel_level", "release_odometer_km", "fuel_explanation"} & set(
            vals
        ):
            # Safe: a signature under what is being changed counts no more.
            self.sudo().signature_ids._void("acceptance")
        return result

    # === ACTION METHODS === #

    def action_all_there(self):
        """Call there what nobody has looked at yet."""
        for parts in (self.belonging_ids, self.document_ids):
            parts.filtered(lambda part: not part.presence).write({"presence": "there"})

    def action_sign_acceptance(self):
        return self.action_sign("acceptance")

    # === BUSINESS METHODS === #

    def _get_desks(self):
        desks = super()._get_desks()
        return {**desks, "release": ("advisor", *desks["release"])}

    def _copy_intake(self):
        """List what was seen and taken in when the car came."""
        self.ensure_one()
        # Safe: copies within the order, for who may begin the comparison.
        release = self.sudo()
        intake = release.order_id.intake_id
        taken = intake.document_ids.filtered(lambda each: each.reception == "received")
        release.write(
            {
                "belonging_ids": [
                    Command.create(
                        {
                            "origin_id": article.id,
                            "sequence": article.sequence,
                            "name": article.name,
                            "quantity": article.quantity,
                            "place": article.place,
                        }
                    )
                    for article in intake.belonging_ids
                ],
                "document_ids": [
                    Command.create(
                        {
                            "origin_id": document.id,
                            "type_id": document.type_id.id,
                            "number": document.number,
                            "reception": document.reception,
                        }
                    )
                    for document in taken
                ],
                "damage_ids": [
                    Command.create(
                        {
                            "origin_id": damage.id,
                            "x": damage.x,
                            "y": damage.y,
                            "kind": damage.kind,
                            "note": damage.note,
                        }
                    )
                    for damage in intake.damage_ids
                ],
            }
        )

    def _get_comparison_missing(self):
        """Return what is to look at or to explain. Extend for more parts.

        :return: list of dicts: ``key``, ``text`` and ``page`` of the form.
        """
        self.ensure_one()
        entry = self.env["car.repair.order"]._missing
        missing = []
        if unchecked := self._get_unchecked():
            text = self.env._(
                "Checklist: %(count)s items without a result (%(items)s)",
                count=len(unchecked),
                items=", ".join(unchecked[:3].mapped("name")),
            )
            missing.append(entry("release_items", text, "checklist"))
        for parts in (self.belonging_ids, self.document_ids):
            missing += self._get_parts_missing(parts)
        for damage in self.damage_ids:
            if damage.is_new and not damage.note:
                side = dict(damage._fields["view"]._description_selection(self.env))
                text = self.env._(
                    "New damage (%(side)s): write in its note how it came about and "
                    "what was agreed",
                    side=side.get(damage.view, ""),
                )
                missing.append(entry(f"release_damage_{damage.id}", text, "damage"))
        return missing + self._get_fuel_missing()

    def _get_parts_missing(self, parts):
        """Return what is to look at or to explain among articles or documents."""
        entry = self.env["car.repair.order"]._missing
        missing = []
        for part in parts.filtered(lambda each: not each.presence):
            text = self.env._("%(thing)s: is it there?", thing=part.display_name)
            missing.append(
                entry(f"release_{part._table}_{part.id}", text, "comparison")
            )
        for part in parts._get_open_differences():
            text = self.env._(
                "%(thing)s: not as it came in; explain it", thing=part.display_name
            )
            missing.append(
                entry(f"release_{part._table}_{part.id}", text, "comparison")
            )
        return missing

    def _get_fuel_missing(self):
        entry = self.env["car.repair.order"]._missing
        if self.fuel_level and not self.release_fuel_level:
            text = self.env._("Fuel level now")
            return [entry("release_fuel", text, "comparison")]
        if self.is_fuel_lower and not self.fuel_explanation:
            text = self.env._("Less fuel than at intake; explain it")
            return [entry("release_fuel", text, "comparison")]
        return []

    def _check_finish(self):
        self._check_kind_desk()
        for release in self.filtered(lambda each: each.kind == "release"):
            if missing := release._get_comparison_missing():
                raise UserError(
                    self.env._(
                        "%(inspection)s is not complete:\n%(missing)s",
                        inspection=release.display_name,
                        missing="\n".join(f"- {item['text']}" for item in missing),
                    )
                )
        return super()._check_finish()

    def _after_reopen(self):
        # Safe: what the customer accepted is looked at again.
        self.sudo().signature_ids._void("acceptance")
        return super()._after_reopen()


class CarInspectionSignature(models.Model):
    _inherit = "car.inspection.signature"

    purpose = fields.Selection(
        selection_add=[("acceptance", "Finished car accepted")],
        ondelete={"acceptance": "cascade"},
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        signatures = super().create(vals_list)
        for signature in signatures.filtered(lambda s: s.purpose == "acceptance"):
            signature._accept_car()
        return signatures

    # === BUSINESS METHODS === #

    def _accept_car(self):
        """Record that the customer has inspected the finished car and accepts it."""
        self.ensure_one()
        order = self.inspection_id.order_id
        order._require_group("advisor")
        order._refuse(
            lambda each: each.state != "ready",
            self.env._("only a car that is ready can be accepted"),
        )
        if self.inspection_id.kind != "release":
            order._raise_for_each(
                self.env._("the customer signs his acceptance on the comparison")
            )
        # Safe: the moment of the signature just given.
        order.sudo().accepted_at = self.signed_at
