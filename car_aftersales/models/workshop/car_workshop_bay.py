from odoo import api, fields, models


class CarWorkshopBay(models.Model):
    """A place in the workshop where a car stands and is worked on (工位)."""

    _name = "car.workshop.bay"
    _description = "Workshop Bay"
    _inherit = ["car.site.mixin"]
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

    @api.depends("team_id")
    def _compute_warehouse_id(self):
        """A bay of a team stands where the team works."""
        of_teams = self.filtered("team_id")
        for bay in of_teams:
            bay.warehouse_id = bay.team_id.warehouse_id
        return super(CarWorkshopBay, self - of_teams)._compute_warehouse_id()
