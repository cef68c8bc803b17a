from odoo import api, fields, models


class CarRepairSystemPrice(models.Model):
    """Labor price for work on one system of the car, by model or for all models.

    Rule book of the workshop, 系统估价: a repair is priced by the systems it involves.
    """

    _name = "car.repair.system.price"
    _description = "Repair Price by System"
    _order = "system_id, model_id, id"
    _rec_name = "system_id"

    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, required=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    system_id = fields.Many2one(
        "car.vehicle.system", required=True, ondelete="cascade", index=True
    )
    model_id = fields.Many2one(
        "car.vehicle.model",
        ondelete="cascade",
        index="btree_not_null",
        help="Leave empty for all models without a price of their own.",
    )
    price = fields.Monetary(required=True)

    _uniq = models.UniqueIndex(
        "(system_id, company_id, COALESCE(model_id, 0))",
        "This system has a price for this model already.",
    )
    _price_positive = models.Constraint(
        "CHECK (price >= 0)", "A price cannot be negative."
    )

    @api.model
    def _get_price(self, system, model, company):
        """Return the price for a system of a model, or None when the table has none.

        The price of the model wins over the one for all models.
        """
        return self._get_prices([(system, model)], company).get((system, model))

    @api.model
    def _get_prices(self, pairs, company):
        """Return the prices of many pairs of system and model, in one query.

        :return: a dict from pair to price; a pair without a price is left out.
        """
        systems = {system.id for system, _model in pairs}
        models_ = {model.id for _system, model in pairs} | {False}
        rows = self.search(
            [
                ("company_id", "=", company.id),
                ("system_id", "in", list(systems)),
                ("model_id", "in", list(models_)),
            ]
        )
        table = {(row.system_id.id, row.model_id.id): row.price for row in rows}
        prices = {}
        for system, model in pairs:
            for key in ((system.id, model.id), (system.id, False)):
                if key in table:
                    prices[system, model] = table[key]
                    break
        return prices
