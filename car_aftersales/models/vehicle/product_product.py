from odoo import api, models
from odoo.fields import Domain


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Find parts by the maker's number as well."""
        found = super().name_search(name, domain, operator, limit)
        room = None if limit is None else limit - len(found)
        if not name or operator in Domain.NEGATIVE_OPERATORS or room == 0:
            return found
        by_code = self.search_fetch(
            Domain(domain or Domain.TRUE)
            & Domain("product_tmpl_id.car_maker_code", operator, name)
            & Domain("id", "not in", [product_id for product_id, _name in found]),
            ["display_name"],
            limit=room,
        )
        return found + [
            (product.id, product.display_name) for product in by_code.sudo()
        ]
