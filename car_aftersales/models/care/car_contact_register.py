from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..vehicle.car_vehicle import CUSTOMER_DATA

SUPERVISOR = "car_aftersales.car_aftersales_group_supervisor"


class CarContactRegister(models.Model):
    """登记表: all calls, or all letters, of a period, one line each.

    跟踪服务电话登记表 and 跟踪服务信函登记表 of the rule book. The follow-up clerk
    prints the open one as often as he likes; archived, paper and spreadsheet are kept
    and the calls and letters in it are locked.
    """

    _name = "car.contact.register"
    _description = "Register of Calls or Letters"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "date_from desc, kind, id desc"

    kind = fields.Selection(
        [("call", "Calls"), ("letter", "Letters")],
        "Register Of",
        required=True,
        default="call",
    )
    state = fields.Selection(
        [("open", "Open"), ("archived", "Archived")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_date_from()
    )
    date_to = fields.Date(
        "Until", required=True, default=lambda self: self._default_date_to()
    )
    line_count = fields.Integer("Entries", compute="_compute_line_count")
    archived_at = fields.Datetime("Archived On", readonly=True, copy=False)
    archived_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    # kept as it was archived
    kept_count = fields.Integer("Entries Archived", readonly=True, copy=False)
    kept_pdf = fields.Binary(
        "Paper as Archived",
        attachment=True,
        readonly=True,
        copy=False,
        groups=CUSTOMER_DATA,
    )
    kept_xlsx = fields.Binary(
        "Spreadsheet as Archived",
        attachment=True,
        readonly=True,
        copy=False,
        groups=SUPERVISOR,
    )

    _days = models.Constraint(
        "CHECK (date_to >= date_from)", "A register does not end before it begins."
    )
    # Two at once are refused as well; a range of one number stands for “the same”.
    _once = models.Constraint(
        "EXCLUDE USING gist ("
        " int4range(company_id, company_id, '[]') WITH &&,"
        " int4range((CASE kind WHEN 'call' THEN 1 ELSE 2 END),"
        "  (CASE kind WHEN 'call' THEN 1 ELSE 2 END), '[]') WITH &&,"
        " daterange(date_from, date_to, '[]') WITH &&)",
        "There is a register of some of these days already. Registers do not overlap.",
    )

    # === DEFAULTS === #

    def _default_date_from(self):
        return self.env.company._get_car_today() + relativedelta(months=-1, day=1)

    def _default_date_to(self):
        return self.env.company._get_car_today() + relativedelta(day=1, days=-1)

    # === COMPUTE METHODS === #

    @api.depends("kind", "date_from", "date_to")
    def _compute_display_name(self):
        titles = {
            "call": self.env._("Register of Follow-Up Calls"),
            "letter": self.env._("Register of Follow-Up Letters"),
        }
        for register in self:
            register.display_name = (
                f"{titles.get(register.kind)} {register.date_from} – {register.date_to}"
            )

    @api.depends("kind", "company_id", "date_from", "date_to", "state")
    def _compute_line_count(self):
        for register in self:
            # Each has days of its own; lists do not show it for open ones.
            register.line_count = (
                register.kept_count
                if register.state == "archived"
                else register._get_records_model().search_count(register._get_domain())
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                for name in self._get_stamps():
                    vals.pop(name, None)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if self._get_stamps() & set(vals):
                self._raise_missing(self.env._("this is written by archiving it"))
            archived = self.filtered(lambda register: register.state == "archived")
            if archived and vals:
                archived._raise_missing(
                    self.env._("it is archived and cannot be changed any more")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        archived = self.filtered(lambda register: register.state == "archived")
        if archived:
            archived._raise_missing(self.env._("it is archived and stays"))

    # === ACTION METHODS === #

    def action_archive_register(self):
        """Keep paper and spreadsheet, and lock what is in it."""
        return self.write({"state": "archived"})

    def action_print(self):
        report = self.env.ref("car_aftersales.car_contact_register_report")
        return report.report_action(self, config=False)

    def action_spreadsheet(self):
        """Download the spreadsheet: customers' data in bulk, for the supervisor."""
        self.ensure_one()
        self._check_bulk_right()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/spreadsheet"
            f"?download=true&filename={self._get_file_name()}.xlsx",
            "target": "download",
        }

    def action_open_records(self):
        """Open the calls or letters of the period."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"car_aftersales.car_contact_{self.kind}_action"
        )
        action["domain"] = list(self._get_domain())
        return action

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {"open": {"archived": "archive"}, "archived": {}}

    @api.model
    def _get_stamps(self):
        return {
            "archived_at",
            "archived_by_id",
            "kept_count",
            "kept_pdf",
            "kept_xlsx",
        }

    def _get_records_model(self):
        self.ensure_one()
        return self.env[f"car.contact.{self.kind}"]

    def _get_domain(self):
        """Return which calls or letters belong into it."""
        if self.kind == "call":
            return self._get_period_domain() & Domain("state", "!=", "draft")
        return self._get_period_domain() & Domain("state", "in", ("sent", "archived"))

    def _get_period_domain(self):
        self.ensure_one()
        company = self.company_id
        moment = "started_at" if self.kind == "call" else "sent_at"
        end = company._get_car_midnight(self.date_to + timedelta(days=1))
        return (
            Domain("company_id", "=", company.id)
            & Domain(moment, ">=", company._get_car_midnight(self.date_from))
            & Domain(moment, "<", end)
        )

    def _check_archive(self):
        if not self.env["car.repair.order"]._has_group("follow_up_clerk", "supervisor"):
            raise AccessError(
                self.env._(
                    "%(register)s: the follow-up clerk or the business supervisor "
                    "archives it.",
                    register=self[:1].display_name,
                )
            )
        for register in self:
            if register.date_to >= register.company_id._get_car_today():
                register._raise_missing(self.env._("its last day is not over yet"))
            register._check_ended()

    def _check_ended(self):
        """Refuse to archive while a talk of these days has no outcome yet."""
        self.ensure_one()
        if self.kind != "call":
            return
        begun = self.env["car.contact.call"].search(
            self._get_period_domain() & Domain("state", "=", "draft"), limit=5
        )
        if begun:
            self._raise_missing(
                self.env._(
                    "these calls are not ended yet: %(calls)s",
                    calls=", ".join(begun.mapped("display_name")),
                )
            )

    def _after_archive(self):
        for register in self:
            # Safe: who archived it and when; the files are written once.
            register.sudo().write(
                {
                    "archived_at": fields.Datetime.now(),
                    "archived_by_id": self.env.uid,
                }
            )
            records = register._get_records_model().search(register._get_domain())
            open_records = records.filtered(lambda one: one.state != "archived")
            open_records.with_context(tracking_disable=True).action_archive_record()
            register._keep_files(len(records))
