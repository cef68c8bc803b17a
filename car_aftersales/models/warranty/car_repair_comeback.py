from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from ..workshop.car_repair_order import CUSTOMER_DATA
from .car_repair_line_proposal import PROPOSING

# As long as nothing else is shown, the fault is ours
COUNTED = ("checking", "ours")
# Who may know what a comeback costs the house
COST_DESKS = (
    "car_aftersales.car_aftersales_group_supervisor,"
    "car_aftersales.car_aftersales_group_workshop_supervisor,"
    "car_aftersales.car_aftersales_group_manager"
)
EVIDENCE = {"evidence", "attachment_ids", "inspection_line_id", "dismiss_reason"}


class CarRepairComeback(models.Model):
    """A car that came back (返修): a new job on what an earlier job has repaired.

    Proposed within the running guarantee, linked by advisor, workshop supervisor or
    inspector. It is free of charge to the customer and its cost is borne by the team of
    the earlier job, unless evidence within some days shows that the fault is not ours.
    """

    _name = "car.repair.comeback"
    _description = "Comeback"
    _inherit = ["car.workflow.mixin", "mail.thread"]
    _order = "arrived_on desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    state = fields.Selection(
        [
            ("checking", "To Decide"),
            ("ours", "Our Fault"),
            ("not_ours", "Not Our Fault"),
            ("other", "Another Fault"),
        ],
        default="checking",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    # the car is here again
    job_id = fields.Many2one(
        "car.repair.job",
        "New Job",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="job_id.company_id", store=True, precompute=True, index=True
    )
    order_id = fields.Many2one(
        related="job_id.order_id",
        store=True,
        precompute=True,
        index=True,
        string="New Order",
        groups=CUSTOMER_DATA,
    )
    order_number = fields.Char(related="job_id.order_number", string="New Order Number")
    vehicle_id = fields.Many2one(
        related="job_id.vehicle_id", store=True, precompute=True, index=True
    )
    arrived_on = fields.Date("Came Back", readonly=True, copy=False)
    # what was repaired
    of_job_id = fields.Many2one(
        "car.repair.job",
        "Comeback of Job",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('vehicle_id', '=', vehicle_id), ('id', '!=', job_id),"
        " ('line_ids.guarantee_from', '!=', False)]",
    )
    candidate_ids = fields.Many2many(
        related="job_id.comeback_candidate_ids", string="Proposed Jobs"
    )
    of_order_number = fields.Char(
        related="of_job_id.order_number", string="Earlier Order Number"
    )
    system_id = fields.Many2one(
        related="of_job_id.system_id", store=True, precompute=True
    )
    repair_class_id = fields.Many2one(
        related="of_job_id.repair_class_id", store=True, precompute=True
    )
    team_id = fields.Many2one(
        related="of_job_id.team_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        string="Team That Caused It",
        help="The team of the earlier job: it bears the cost.",
    )
    technician_ids = fields.Many2many(
        related="of_job_id.technician_ids", string="Technicians of the Earlier Job"
    )
    root_job_id = fields.Many2one(
        "car.repair.job",
        "First Repair",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The repair with which it began; all comebacks on it count together.",
    )
    failed_count = fields.Integer(
        "Failed Repairs",
        readonly=True,
        copy=False,
        aggregator=None,
        help="So often the item was repaired before the car came back this time.",
    )
    is_alarm = fields.Boolean(
        "Alarm",
        readonly=True,
        copy=False,
        index=True,
        help="As many repairs have failed as the supervisors want to know of.",
    )
    # whose fault
    due_on = fields.Date(
        "Evidence Until",
        readonly=True,
        copy=False,
        index=True,
        help="The last day to show that it is not our fault. Then it counts as ours.",
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    is_by_deadline = fields.Boolean(
        "Ours by Deadline",
        readonly=True,
        copy=False,
        help="Nobody has shown in time that it is not our fault.",
    )
    evidence = fields.Text("What Shows It", copy=False, tracking=True)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "car_repair_comeback_attachment_rel",
        "comeback_id",
        "attachment_id",
        "Photos and Papers",
        copy=False,
        bypass_search_access=True,
    )
    inspection_line_id = fields.Many2one(
        "car.inspection.line",
        "Finding",
        copy=False,
        index="btree_not_null",
        check_company=True,
        domain="[('inspection_id.order_id', '=', order_id)]",
        help="What an inspection of this visit has found.",
    )
    dismiss_reason = fields.Char(
        "Why Another Fault", copy=False, tracking=True, help="What else it is."
    )
    # what it costs
    currency_id = fields.Many2one(related="company_id.currency_id")
    cost_amount = fields.Monetary(
        "Cost Borne",
        compute="_compute_cost_amount",
        compute_sudo=True,
        groups=COST_DESKS,
        help="Parts and work as booked on the cost account, before taxes.",
    )

    _job_uniq = models.UniqueIndex(
        "(job_id)", "It has been decided already whether this job is a comeback."
    )

    # === COMPUTE METHODS === #

    @api.depends("job_id.display_name")
    def _compute_display_name(self):
        for comeback in self:
            comeback.display_name = comeback.job_id.display_name

    @api.depends("state", "due_on")
    def _compute_is_overdue(self):
        today = {company: company._get_car_today() for company in self.company_id}
        for comeback in self:
            comeback.is_overdue = bool(
                comeback.state == "checking"
                and comeback.due_on
                and comeback.due_on < today[comeback.company_id]
            )

    @api.model
    def _search_is_overdue(self, operator, value):
        """Find what was not decided in time, each by the day of its company."""
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        late = self.env["res.company"]._get_car_day_domain("due_on", "<")
        return Domain("state", "=", "checking") & late

    def _compute_cost_amount(self):
        """Sum what is booked for the new jobs, in one query for all."""
        lines = self.job_id.line_ids
        booked = dict(
            self.env["account.move.line"]._read_group(
                [
                    ("car_repair_line_id", "in", lines.ids),
                    ("car_repair_role", "=", "settled_cost"),
                    ("parent_state", "=", "posted"),
                ],
                ["car_repair_line_id"],
                ["balance:sum"],
            )
        )
        for comeback in self:
            comeback.cost_amount = sum(
                booked.get(line, 0.0) for line in comeback.job_id.line_ids
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            for name in ("arrived_on", "due_on", "is_by_deadline", "is_alarm"):
                vals.pop(name, None)
        comebacks = super().create(vals_list)
        comebacks._check_linked()
        comebacks._own_attachments()
        for comeback in comebacks:
            received_at = comeback.job_id.sudo().order_id.received_at
            company = comeback.company_id
            # Safe: days that follow from the arrival of the car.
            comeback.sudo().write(
                {
                    "arrived_on": company._get_car_local_day(received_at),
                    "due_on": company._get_comeback_due_on(received_at),
                }
            )
        comebacks.filtered(lambda each: each.state == "checking")._begin()
        return comebacks

    def write(self, vals):
        if not self.env.su:
            foreign = set(vals) - EVIDENCE - {"state", "message_main_attachment_id"}
            if foreign:
                raise AccessError(
                    self.env._(
                        "A comeback is decided by its steps; the rest stays as it is."
                    )
                )
            if EVIDENCE & set(vals):
                self._check_evidence_open()
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_attachments()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            self._raise_missing(
                self.env._("a comeback stays on record; say that it is another fault")
            )

    # === ACTION METHODS === #

    def action_accept(self):
        return self.write({"state": "ours"})

    def action_refute(self):
        """Not our fault (不属于本厂责任): the customer pays, if he agrees."""
        return self.write({"state": "not_ours"})

    def action_dismiss(self):
        return self.write({"state": "other"})

    def action_reopen(self):
        return self.write({"state": "checking"})

    def action_open_job(self):
        """Open the job for which the car is here now."""
        self.ensure_one()
        return self.job_id._get_records_action()

    def action_open_of_job(self):
        """Open the job that did not hold."""
        self.ensure_one()
        return self.of_job_id._get_records_action()

    # === BUSINESS METHODS === #

    def _own_attachments(self):
        """Let whoever reads the comeback read its evidence."""
        for comeback in self:
            # Safe: files just uploaded by the user for this record.
            comeback.attachment_ids.sudo().filtered(
                lambda file: file.create_uid == self.env.user and not file.res_id
            ).write({"res_model": comeback._name, "res_id": comeback.id})

    def _get_failed_before(self):
        """Return for each comeback how many repairs of the item have failed.

        The first one and each comeback on it that was ours and is delivered.
        """
        # Safe: counts.
        counted = self.sudo()._read_group(
            [
                ("root_job_id", "in", self.root_job_id.ids),
                ("state", "in", COUNTED),
                ("job_id.order_id.state", "=", "delivered"),
            ],
            ["root_job_id"],
            ["id:recordset"],
        )
        by_root = dict(counted)
        return {
            comeback: 1 + len(by_root.get(comeback.root_job_id, comeback) - comeback)
            for comeback in self
        }

    def _replace_payers(self, old_kinds, payers):
        """Move what payers of some kinds bear of the new jobs to another payer.

        What follows from a comeback is nobody's choice by hand: once the customer pays
        again, the warranty of the car may say otherwise.

        :param payers: dict of comeback to its new payer
        """
        # Safe: follows from the step that was checked.
        for comeback in self.sudo().with_context(car_proposing=PROPOSING):
            payer, job = payers[comeback].sudo(), comeback.job_id
            lines = job.line_ids.filtered(lambda line: not line.credited_line_id)
            whole = lines.filtered(
                lambda line: not line.is_split and line.payer_id.kind in old_kinds
            )
            if whole:
                whole.payer_id = payer
            for line in lines.filtered("is_split"):
                line._move_shares(old_kinds, payer)
            job.payer_id = payer

    def _get_house_payers(self):
        """Return for each comeback the payer of its order that stands for the house."""
        payers = {}
        for comeback in self:
            # Safe: a payer of the order on which the comeback was found.
            order = comeback.job_id.sudo().order_id
            payer = order.payer_ids.filtered(
                lambda each: each.kind == "internal" and not each.partner_id
            )[:1]
            if not payer:
                payer = payer.create({"order_id": order.id, "kind": "internal"})
            payers[comeback] = payer
        return payers

    def _get_customer_payers(self):
        """Return for each comeback the customer as the payer of its order."""
        return {
            comeback: comeback.job_id.sudo().order_id._get_customer_payer()
            for comeback in self
        }


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _move_shares(self, old_kinds, payer):
        """Let another payer bear the shares of payers of some kinds."""
        self.ensure_one()
        moving = self.share_ids.filtered(lambda share: share.payer_id.kind in old_kinds)
        moving -= moving.filtered(lambda share: share.payer_id == payer)
        if not moving:
            return
        percent = sum(moving.mapped("percent"))
        own = self.share_ids.filtered(lambda share: share.payer_id == payer)
        commands = [Command.delete(share.id) for share in moving[not own :]]
        if own:
            values = {"percent": own.percent + percent}
            commands.append(Command.update(own.id, values))
        else:
            values = {"percent": percent, "payer_id": payer.id}
            commands.append(Command.update(moving[0].id, values))
        self.share_ids = commands
