from odoo import api, models


class CarOrderPartMixin(models.AbstractModel):
    """What an order consists of: jobs, lines, payers, passes.

    An order that asks for its parts works with them at once, so they are read in the
    query that finds them.
    """

    _name = "car.order.part.mixin"
    _description = "Part of a repair order"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # A one2many field asks for nothing but its inverse.
        if field_names == ["order_id"]:
            field_names = None
        return super().search_fetch(domain, field_names, offset, limit, order)
