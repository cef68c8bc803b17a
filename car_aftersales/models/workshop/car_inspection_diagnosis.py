from odoo import api, fields, models
from odoo.exceptions import UserError

from .car_repair_order import CUSTOMER_DATA


class CarInspection(models.Model):
    """Diagnosis with the customer's consent, and what becomes of the findings."""

    _inherit = "car.inspection"

    consent_id = fields.Many2one(
        "car.repair.authorization",
        string="Consent to Diagnosis",
        compute="_compute_consent",
        compute_sudo=True,
        groups=CUSTOMER_DATA,
    )
    has_consent = fields.Boolean(
        "Customer Agrees", compute="_compute_consent", compute_sudo=True
    )
    is_refused = fields.Boolean(
        "Customer Does Not Want It", compute="_compute_consent", compute_sudo=True
    )
    job_to_make_count = fields.Integer(
        "Findings Without Job", compute="_compute_job_to_make_count"
    )
    # given to the customer (把诊断情况和维修建议告诉客户, 将检测诊断单呈交客户)
    handed_over_at = fields.Datetime(
        "Handed to the Customer", copy=False, groups=CUSTOMER_DATA
    )
    handed_over_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, groups=CUSTOMER_DATA
    )
    handed_over_to = fields.Char("Received By", copy=False, groups=CUSTOMER_DATA)
    handover_channel = fields.Selection(
        [("paper", "On paper"), ("mail", "By e-mail"), ("message", "By message")],
        "Handed Over As",
        copy=False,
        groups=CUSTOMER_DATA,
    )

    # === COMPUTE METHODS === #

    @api.depends("order_id.authorization_ids")
    def _compute_consent(self):
        for inspection in self:
            consent = inspection.order_id._get_diagnosis_consent()
            inspection.consent_id = consent
            inspection.has_consent = bool(consent)
            inspection.is_refused = bool(
                not consent and inspection.order_id._get_diagnosis_answer()
            )

    @api.depends("line_ids.result", "line_ids.job_id")
    def _compute_job_to_make_count(self):
        for inspection in self:
            inspection.job_to_make_count = len(inspection._get_lines_to_repair())

    # === CRUD METHODS === #

    def write(self, vals):
        if {"handed_over_to", "handover_channel", "handed_over_at"} & set(vals):
            self._check_desk("advisor", "workshop_supervisor")
            self._check_paper()
            vals = {
                "handed_over_at": fields.Datetime.now(),
                **vals,
                "handed_over_by_id": self.env.uid,
            }
        return super().write(vals)

    # === ACTION METHODS === #

    def action_ask_consent(self):
        """Open the dialog that records the customer's consent to the diagnosis."""
        self.ensure_one()
        action = self.order_id.action_authorize()
        action["context"]["default_kind"] = "diagnosis"
        action["name"] = self.env._("Consent to Diagnosis")
        return action

    def action_create_jobs(self):
        """Make a job of every defect that has none yet."""
        self._get_lines_to_repair()._create_jobs()
        return True

    # === BUSINESS METHODS === #

    def _get_lines_to_repair(self):
        """Return the defects that are not a job yet."""
        return self.line_ids.filtered(
            lambda line: line.result == "defect" and not line.job_id
        )

    def _check_start(self):
        self._refuse(
            lambda inspection: (
                inspection.kind == "diagnosis" and not inspection.has_consent
            ),
            self.env._("the customer has not agreed to the diagnosis yet"),
        )
        return super()._check_start()


class CarInspectionLine(models.Model):
    _inherit = "car.inspection.line"

    def action_create_job(self):
        """Make a job of this finding."""
        self._create_jobs()
        return True

    def _create_jobs(self):
        """Make a job of each finding, once.

        :raise UserError: when a line has its job already or found nothing.
        """
        self.inspection_id._check_desk("advisor")
        self.inspection_id.order_id._take_turn()
        self.invalidate_recordset(["job_id"])
        for line in self:
            if line.job_id:
                raise UserError(
                    self.env._(
                        "%(item)s: %(job)s was made of it already.",
                        item=line.name,
                        job=line.job_id.display_name,
                    )
                )
            if line.result not in ("attention", "defect"):
                raise UserError(
                    self.env._("%(item)s: nothing was found.", item=line.name)
                )
        jobs = self.env["car.repair.job"].create(
            [line._prepare_job_vals() for line in self]
        )
        for line, job in zip(self, jobs, strict=True):
            # Safe: the link of the finding to the job just made of it.
            line.sudo().job_id = job
        return jobs

    def _prepare_job_vals(self):
        """Return the values of the job made of a finding. Extend to add fields."""
        self.ensure_one()
        measured = self.measured_value and f"{self.measured_value} {self.unit or ''}"
        cause = [self.note, measured, self.fault_codes]
        return {
            "order_id": self.inspection_id.order_id.id,
            "name": ": ".join(part for part in (self.name, self.note) if part),
            "system_id": self.system_id.id,
            "cause": "\n".join(part.strip() for part in cause if part) or False,
        }


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    def action_diagnose(self):
        """Open the diagnosis of the car; the consent is asked there."""
        return self._open_inspection("diagnosis", "professional")

    def action_health_check(self):
        """Open the health check of the car by system."""
        return self._open_inspection("health_check", "careful")

    def _open_inspection(self, kind, depth):
        """Open the unfinished inspection of a kind, or begin one."""
        self.ensure_one()
        found = self.inspection_ids.filtered(
            lambda each: each.kind == kind and each.state in ("draft", "in_progress")
        )[:1]
        if not found:
            found = self.env["car.inspection"].create(
                {
                    "order_id": self.id,
                    "kind": kind,
                    "depth": depth,
                    "symptom": "\n".join(self.job_ids.mapped("name")),
                    "technician_ids": self.job_ids.technician_ids.ids,
                }
            )
        return found._get_records_action()

    def _get_diagnosis_answer(self):
        """Return the customer's newest answer about a diagnosis."""
        return self.authorization_ids.filtered(
            lambda entry: entry.kind == "diagnosis"
        ).sorted("id", reverse=True)[:1]

    def _get_diagnosis_consent(self):
        """Return that answer, if it is a yes: to the diagnosis and to its fee."""
        return self._get_diagnosis_answer().filtered(
            lambda entry: (
                entry.is_diagnosis_wanted
                and (not entry.line_ids or any(entry.line_ids.mapped("is_approved")))
            )
        )

    def _get_fees_to_ask(self):
        """Return the fees that the customer has not answered yet."""
        fees = self.line_ids.filtered(lambda line: line.kind == "fee")
        return fees._filter_to_ask(internal=False)


class CarRepairAuthorization(models.Model):
    """Consent to a diagnosis: to its fee when there is one, to the diagnosis itself."""

    _inherit = "car.repair.authorization"

    is_diagnosis_wanted = fields.Boolean(
        "Agrees to the Diagnosis",
        default=True,
        help="No: the answer is kept, and the diagnosis does not start.",
    )

    @api.onchange("is_diagnosis_wanted")
    def _onchange_is_diagnosis_wanted(self):
        """Who does not want the diagnosis pays no fee for it."""
        if self.kind == "diagnosis":
            for entry in self.line_ids:
                entry.is_approved = self.is_diagnosis_wanted

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        order = self.env["car.repair.order"].browse(values.get("order_id"))
        if order and self.env.context.get("default_kind") == "diagnosis":
            values["kind"] = "diagnosis"
            if "line_ids" in fields_list:
                values["line_ids"] = self._get_answer_commands(order._get_fees_to_ask())
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("kind") == "diagnosis" and "line_ids" not in vals:
                order = self.env["car.repair.order"].browse(vals["order_id"])
                vals["line_ids"] = [
                    fields.Command.create({"line_id": line.id, "is_approved": True})
                    for line in order._get_fees_to_ask()
                ]
            if vals.get("kind") == "diagnosis" and not vals.get(
                "is_diagnosis_wanted", True
            ):
                for command in vals["line_ids"]:
                    if command[0] == fields.Command.CREATE:
                        command[2]["is_approved"] = False
        return super().create(vals_list)

    def _has_content(self):
        """A diagnosis may be free: the answer is about the diagnosis itself."""
        return super()._has_content() or self.kind == "diagnosis"
