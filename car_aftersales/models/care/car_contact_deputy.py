from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CarContactDeputy(models.Model):
    """A clerk is away: for a period somebody else makes his contacts.

    The supervisor names the deputy (R-123); the contacts come back by themselves, and
    whose they are stays visible.
    """

    _name = "car.contact.deputy"
    _description = "Deputy of a Clerk"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    clerk_id = fields.Many2one(
        "res.users", "Absent Clerk", required=True, tracking=True
    )
    deputy_id = fields.Many2one("res.users", required=True, tracking=True)
    date_from = fields.Date("From", required=True, tracking=True)
    date_to = fields.Date("Until", required=True, tracking=True)
    reason = fields.Char()

    _days = models.Constraint(
        "CHECK (date_to >= date_from)", "The last day is not before the first."
    )
    _others = models.Constraint(
        "CHECK (deputy_id != clerk_id)", "Nobody is his own deputy."
    )

    # === COMPUTE METHODS === #

    @api.depends("clerk_id", "deputy_id")
    def _compute_display_name(self):
        for deputy in self:
            deputy.display_name = f"{deputy.clerk_id.name} → {deputy.deputy_id.name}"

    # === CONSTRAINT METHODS === #

    @api.constrains("clerk_id", "company_id", "date_from", "date_to")
    def _check_one_at_a_time(self):
        for deputy in self:
            other = self.search(
                [
                    ("id", "!=", deputy.id),
                    ("company_id", "=", deputy.company_id.id),
                    ("clerk_id", "=", deputy.clerk_id.id),
                    ("date_from", "<=", deputy.date_to),
                    ("date_to", ">=", deputy.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(clerk)s has a deputy for these days already: %(deputy)s.",
                        clerk=deputy.clerk_id.name,
                        deputy=other.deputy_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        deputies = super().create(vals_list)
        deputies._apply()
        return deputies

    def write(self, vals):
        result = super().write(vals)
        self._apply()
        return result

    def unlink(self):
        result = super().unlink()
        self._apply()
        return result

    # === BUSINESS METHODS === #

    def _apply(self):
        # Safe: follows from what the supervisor has just laid down.
        self.env["car.contact.task"].sudo()._apply_deputies()

    @api.model
    def _get_deputies(self, company, today):
        """Map the absent clerks' ids to their deputies' on a day."""
        # Safe: who stands in for whom.
        return {
            deputy.clerk_id.id: deputy.deputy_id.id
            for deputy in self.sudo().search_fetch(
                [
                    ("company_id", "=", company.id),
                    ("date_from", "<=", today),
                    ("date_to", ">=", today),
                ],
                ["clerk_id", "deputy_id"],
            )
        }


class CarContactTask(models.Model):
    _inherit = "car.contact.task"

    # === BUSINESS METHODS === #

    @api.model
    def _apply_deputies(self):
        """Hand open contacts to today's deputies, and back when the clerk is here."""
        self.env.flush_all()
        companies = self.env["res.company"].search([("active", "=", True)])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.id, COALESCE(d.deputy_id, t.original_clerk_id)
                  FROM car_contact_task t
                  JOIN unnest(%(companies)s, %(days)s::date[]) c(id, today)
                    ON c.id = t.company_id
             LEFT JOIN car_contact_deputy d
                    ON d.clerk_id = t.original_clerk_id
                   AND d.company_id = t.company_id
                   AND c.today BETWEEN d.date_from AND d.date_to
                 WHERE t.state = 'open' AND t.original_clerk_id IS NOT NULL
                   AND t.clerk_id IS DISTINCT FROM
                       COALESCE(d.deputy_id, t.original_clerk_id)
                """,
                companies=companies.ids,
                days=[company._get_car_today() for company in companies],
            )
        )
        by_clerk = {}
        for task_id, clerk_id in rows:
            by_clerk.setdefault(clerk_id, []).append(task_id)
        for clerk_id, task_ids in by_clerk.items():
            self.browse(task_ids).write({"clerk_id": clerk_id})
