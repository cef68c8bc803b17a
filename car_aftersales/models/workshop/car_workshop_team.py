from odoo import api, fields, models


class CarWorkshopTeam(models.Model):
    """A work group (作业组): technicians who take jobs together under one leader."""

    _name = "car.workshop.team"
    _description = "Workshop Team"
    _inherit = ["car.site.mixin"]
    _order = "sequence, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        compute="_compute_resource_calendar_id",
        precompute=True,
        store=True,
        readonly=False,
        check_company=True,
        help="When the team works. Members keep their own hours and absences.",
    )

    # members
    leader_id = fields.Many2one(
        "car.technician", check_company=True, index="btree_not_null"
    )
    member_ids = fields.One2many(
        "car.technician", "team_id", "Members", check_company=True
    )
    member_count = fields.Integer("Technicians", compute="_compute_member_count")
    bay_ids = fields.One2many("car.workshop.bay", "team_id", "Bays", check_company=True)

    _name_uniq = models.UniqueIndex(
        "(company_id, warehouse_id, name) WHERE active",
        "This site has a team of this name already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_resource_calendar_id(self):
        for team in self:
            calendar = team.resource_calendar_id
            if not calendar or calendar.company_id not in (
                team.company_id,
                self.env["res.company"],
            ):
                team.resource_calendar_id = team.company_id.resource_calendar_id

    @api.depends("member_ids")
    def _compute_member_count(self):
        counts = dict(
            self.env["car.technician"]._read_group(
                [("team_id", "in", self.ids)], ["team_id"], ["__count"]
            )
        )
        for team in self:
            team.member_count = counts.get(team._origin, 0)
