from odoo import api, fields, models


class CarWorkshopBay(models.Model):
    """A place in the workshop where a car stands and is worked on (工位)."""

    _name = "car.workshop.bay"
    _description = "Workshop Bay"
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("repair", "Repair"),
            ("reception", "Reception"),
            ("wash", "Washing"),
            ("inspection", "Inspection"),
        ],
        default="repair",
        required=True,
    )
    active = fields.Boolean(default=True)
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
    team_id = fields.Many2one(
        "car.workshop.team",
        check_company=True,
        index="btree_not_null",
        help="The team that works here. Empty: any team.",
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, warehouse_id, name) WHERE active",
        "This site has a bay of this name already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id", "team_id")
    def _compute_warehouse_id(self):
        sites = self.company_id._get_first_sites()
        for bay in self:
            if bay.team_id:
                bay.warehouse_id = bay.team_id.warehouse_id
            elif bay.warehouse_id.company_id != bay.company_id:
                bay.warehouse_id = sites.get(bay.company_id)
