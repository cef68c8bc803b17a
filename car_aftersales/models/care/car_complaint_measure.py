from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class CarComplaintMeasure(models.Model):
    """What is done so that it does not happen again: by whom, until when, did it help.

    Corrective measures mend what went wrong, preventive ones keep it from coming back
    (R-147). They go on when the complaint is closed.
    """

    _name = "car.complaint.measure"
    _description = "Measure after Complaints"
    _inherit = ["mail.thread"]
    _order = "due_on, id"
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "car.complaint", index="btree_not_null", ondelete="restrict", check_company=True
    )
    warning_id = fields.Many2one(
        "car.complaint.warning",
        "Early Warning",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    kind = fields.Selection(
        [("corrective", "Corrective"), ("preventive", "Preventive")],
        required=True,
        default="preventive",
    )
    name = fields.Char("What Is Done", required=True, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
    )
    due_on = fields.Date("Until", required=True, index=True, tracking=True)
    done_on = fields.Date(readonly=True, copy=False, tracking=True)
    result = fields.Text()
    effective = fields.Selection(
        [("yes", "It helped"), ("no", "It did not help")],
        readonly=True,
        copy=False,
        tracking=True,
    )
    checked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )

    _has_origin = models.Constraint(
        "CHECK (complaint_id IS NOT NULL OR warning_id IS NOT NULL)",
        "A measure follows from a complaint or a warning.",
    )

    # === COMPUTE METHODS === #

    @api.depends("complaint_id", "warning_id")
    def _compute_company_id(self):
        for measure in self:
            origin = measure.complaint_id or measure.warning_id
            measure.company_id = origin.company_id or self.env.company

    @api.depends("due_on", "done_on")
    def _compute_is_late(self):
        for measure in self:
            today = (measure.company_id or self.env.company)._get_car_today()
            measure.is_late = bool(
                measure.due_on and not measure.done_on and measure.due_on < today
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("done_on", "=", False) & Domain(
            "due_on", "<", self.env.company._get_car_today()
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in ("done_on", "effective", "checked_by_id"):
                vals.pop(name, None)
        measures = super().create(vals_list)
        measures._require_right()
        return measures

    def write(self, vals):
        if not self.env.su:
            if {"done_on", "effective", "checked_by_id"} & set(vals):
                raise AccessError(
                    self.env._(
                        "That a measure is done or helped is told by its buttons."
                    )
                )
            self._require_right()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        self._require_right()
        for measure in self:
            if measure.done_on:
                raise UserError(
                    self.env._(
                        "%(measure)s is done and stays on record.", measure=measure.name
                    )
                )

    # === ACTION METHODS === #

    def action_done(self):
        """It is done; whether it helped is looked at later."""
        self._require_right()
        for company, measures in self.grouped("company_id").items():
            # Safe: the day of the step just taken.
            measures.filtered(lambda each: not each.done_on).sudo().write(
                {"done_on": company._get_car_today()}
            )
        return True

    def action_effective(self):
        return self._judge("yes")

    def action_not_effective(self):
        return self._judge("no")

    # === BUSINESS METHODS === #

    def _require_right(self):
        """Let who is responsible, and who handles complaints, work on it."""
        if self.env["car.repair.order"]._has_group("follow_up_clerk", "supervisor"):
            return
        for measure in self:
            if self.env.user not in measure.user_id | measure.complaint_id.user_id:
                raise AccessError(
                    self.env._(
                        "%(measure)s: it is another's measure.", measure=measure.name
                    )
                )

    def _judge(self, effective):
        """Write down whether measures helped.

        :raise AccessError: for anybody below the supervisor
        :raise UserError: before they are done
        """
        heads = ("supervisor", "workshop_supervisor")
        if not self.env["car.repair.order"]._has_group(*heads):
            raise AccessError(
                self.env._("Supervisors judge whether a measure has helped.")
            )
        for measure in self:
            if not measure.done_on:
                raise UserError(
                    self.env._("%(measure)s is not done yet.", measure=measure.name)
                )
        # Safe: the judgement of the step just taken.
        self.sudo().write({"effective": effective, "checked_by_id": self.env.uid})
        return True
