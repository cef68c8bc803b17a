from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..vehicle.car_vehicle_model import ENERGIES


class CarKnowledgeArticle(models.Model):
    """Car-use knowledge and precautions, offered beside the talk.

    汽车运用知识和注意事项: by model, energy and season. The supervisor keeps it.
    """

    _name = "car.knowledge.article"
    _description = "Car-Use Knowledge"
    _order = "sequence, id"

    name = fields.Char("Title", required=True, translate=True)
    body = fields.Html("Text", translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    model_ids = fields.Many2many(
        "car.vehicle.model", string="Models", help="Empty: every model."
    )
    energy = fields.Selection(ENERGIES, help="Empty: every energy.")
    month_from = fields.Integer("From Month", help="1 to 12. Empty: all year.")
    month_to = fields.Integer("To Month", help="Smaller than the first: over New Year.")

    # === CONSTRAINT METHODS === #

    @api.constrains("month_from", "month_to")
    def _check_months(self):
        for article in self:
            months = (article.month_from, article.month_to)
            if any(months) and not all(1 <= month <= 12 for month in months):
                raise ValidationError(
                    self.env._(
                        "%(article)s: give both months of the season, from 1 to 12.",
                        article=article.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _is_in_season(self, month):
        self.ensure_one()
        first, last = self.month_from, self.month_to
        if not first:
            return True
        if first <= last:
            return first <= month <= last
        return month >= first or month <= last

    @api.model
    def _get_for_vehicles(self, vehicles, day):
        """Map each vehicle to the articles for it on a day; one query for all."""
        articles = self.search(
            Domain("company_id", "in", [False, *self.env.companies.ids])
        ).filtered(lambda article: article._is_in_season(day.month))
        return {
            vehicle: articles.filtered(
                lambda article, v=vehicle: (
                    (not article.energy or article.energy == v.energy)
                    and (not article.model_ids or v.model_id in article.model_ids)
                )
            )
            for vehicle in vehicles
        }
