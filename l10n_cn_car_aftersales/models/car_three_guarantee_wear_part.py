from odoo import api, fields, models
from odoo.fields import Domain


class CarThreeGuaranteeWearPart(models.Model):
    """A wear part with a term of its own, printed on the certificate of coverage.

    The regulation names the parts; their terms are the maker's. The house fills them
    in, in the list or with the sample file.
    """

    _name = "car.three.guarantee.wear.part"
    _description = "Wear Part of the Three Guarantees"
    _order = "sequence, id"

    name = fields.Char("Wear Part", required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    months = fields.Integer(help="Zero: as the maker says.")
    km = fields.Integer("Kilometers", help="Zero: as the maker says.")
    term_text = fields.Char("Term", compute="_compute_term_text")
    model_ids = fields.Many2many(
        "car.vehicle.model",
        "car_three_guarantee_wear_part_model_rel",
        "wear_part_id",
        "model_id",
        "Models",
        help="Empty: cars of all models.",
    )

    _term_positive = models.Constraint(
        "CHECK (months >= 0 AND km >= 0)", "The term of a wear part is not negative."
    )

    # === COMPUTE METHODS === #

    @api.depends("months", "km")
    @api.depends_context("lang")
    def _compute_term_text(self):
        """Say what the certificate prints, or that it is still to be filled in."""
        for part in self:
            terms = []
            if part.months:
                terms.append(self.env._("%(count)s months", count=part.months))
            if part.km:
                terms.append(self.env._("%(count)s km", count=part.km))
            part.term_text = self.env._(" or ").join(terms) or self.env._(
                "To be filled in: as the maker's booklet says"
            )

    # === BUSINESS METHODS === #

    @api.model
    def get_import_templates(self):
        """Offer the list with empty terms in the import screen, in the user's words."""
        name = "wear_parts"
        if (self.env.context.get("lang") or "").startswith("zh"):
            name = "wear_parts_zh"
        return [
            {
                "label": self.env._("Sample File for Terms of Wear Parts"),
                "template": f"/l10n_cn_car_aftersales/static/import/{name}.csv",
            }
        ]

    @api.model
    def _get_for(self, model):
        """Return the wear parts of a vehicle model."""
        return self.search(
            Domain("model_ids", "=", False) | Domain("model_ids", "in", model.ids)
        )

    @api.model
    def _get_open_domain(self):
        """Return the wear parts that nobody has given a term."""
        return Domain("months", "=", 0) & Domain("km", "=", 0)
