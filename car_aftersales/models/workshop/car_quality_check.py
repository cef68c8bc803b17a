from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# In this order; who gives them beside the team leader
LINKS = [
    ("acceptance", "Acceptance"),
    ("inspection", "Quality Inspection"),
    ("review", "Review"),
]
LINK_TIERS = {
    "acceptance": ("workshop_supervisor",),
    "inspection": ("inspector", "workshop_supervisor"),
    "review": ("workshop_supervisor", "supervisor"),
}


class CarQualityCheck(models.Model):
    """One link of the quality check: who judged the work, when and how.

    After the technician's self-check come acceptance by the team leader, for each job,
    inspection by the inspector and review by a supervisor (三级检验, 验收 检验 审核),
    as many as the order type asks for, by different persons who did not do the work.
    The steps of job and order write it; nobody edits it. Going back to the workshop
    makes void what was found before.
    """

    _name = "car.quality.check"
    _description = "Link of the Quality Check"
    _order = "id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    order_number = fields.Char(
        related="order_id.name", store=True, precompute=True, string="Order Number"
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, precompute=True
    )
    job_id = fields.Many2one(
        "car.repair.job",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="The job that was judged. Empty: the whole car.",
    )
    link = fields.Selection(LINKS, "Quality Check Link", required=True)
    result = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")], "Check Result", required=True
    )
    user_id = fields.Many2one("res.users", "Person", index="btree_not_null")
    technician_id = fields.Many2one(
        "car.technician",
        check_company=True,
        help="The person as one who works on cars, with or without a login.",
    )
    checked_at = fields.Datetime("When", required=True, default=fields.Datetime.now)
    reason = fields.Char("What Was Wrong")
    inspection_id = fields.Many2one(
        "car.inspection", "Quality Sheet", index="btree_not_null", check_company=True
    )
    is_void = fields.Boolean("Void", help="The car was worked on again since.")

    _order_link_uniq = models.UniqueIndex(
        "(order_id, link) WHERE result = 'passed' AND NOT is_void AND job_id IS NULL",
        "This link of the quality check is passed already.",
    )
    _job_link_uniq = models.UniqueIndex(
        "(job_id, link) WHERE result = 'passed' AND NOT is_void AND job_id IS NOT NULL",
        "This job has been accepted already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("link", "order_number")
    def _compute_display_name(self):
        labels = dict(self._fields["link"]._description_selection(self.env))
        for check in self:
            check.display_name = f"{labels.get(check.link)} {check.order_number}"

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("What was found in a check is kept as it was."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            self.write({})

    # === BUSINESS METHODS === #

    @api.model
    def _get_technicians(self):
        """Return the user as one who works on cars: nobody, if he does not."""
        # Safe: the user himself.
        technicians = self.env["car.technician"].sudo()
        people = technicians._get_people_of_user(self.env.uid)
        return technicians.browse([person_id for person_id, _company in people])

    def _is_by(self, technicians):
        """Tell whether one of the checks was made by the user, whoever he works as."""
        return bool(self.user_id & self.env.user or self.technician_id & technicians)

    @api.model
    def _record(self, orders, link, result="passed", **values):
        """Write down what the user has judged, after his right to it was checked."""
        technicians = values.pop("technicians", None)
        if technicians is None:
            technicians = self._get_technicians()
        # Safe: the step just taken, in the name of who has taken it.
        return self.sudo().create(
            [
                {
                    "order_id": order.id,
                    "link": link,
                    "result": result,
                    "user_id": self.env.uid,
                    "technician_id": technicians.filtered(
                        lambda each, o=order: each.company_id == o.company_id
                    )[:1].id,
                    **values,
                }
                for order in orders
            ]
        )

    @api.model
    def _check_tier(self, link):
        """Refuse judging to those whose desk does not."""
        if not self.env["car.repair.order"]._has_group(*LINK_TIERS[link]):
            labels = dict(self._fields["link"]._description_selection(self.env))
            raise AccessError(
                self.env._(
                    "%(link)s: your role does not decide on it.", link=labels[link]
                )
            )
