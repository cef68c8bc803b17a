from odoo import api, fields, models


class CarSiteMixin(models.AbstractModel):
    """Something that stands at one site: a team, a bay, a key slot, a board, a tablet.

    A site is a warehouse of the company; the company's first one is proposed.
    """

    _name = "car.site.mixin"
    _description = "At a site"

    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, required=True, index=True
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        "Site",
        compute="_compute_warehouse_id",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        check_company=True,
        index=True,
    )

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        sites = self.company_id._get_first_sites()
        for record in self:
            if record.warehouse_id.company_id != record.company_id:
                record.warehouse_id = sites.get(record.company_id)
