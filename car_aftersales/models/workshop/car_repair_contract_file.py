import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html_escape

_logger = logging.getLogger(__name__)

CONTRACT_BATCH = 20
# Pauses before a contract that could not be printed is tried again
RETRY_HOURS = (1, 4, 24)
# From the second time on somebody is told: the first may be the machine
TOLD_AFTER = 2
UNFILED = "car_aftersales.mail_activity_contract_unfiled"
REPORT = "car_aftersales.car_repair_order_report_contract"


class CarRepairAuthorization(models.Model):
    """Each contract that a customer signed, as a PDF beside its kept text."""

    _inherit = "car.repair.authorization"

    contract_pdf = fields.Binary(
        "Contract as Signed (PDF)",
        attachment=True,
        readonly=True,
        copy=False,
        help="What the customer signed, for the file; made soon after the signature.",
    )
    contract_pdf_name = fields.Char("Contract File", compute="_compute_contract_name")
    awaits_filing = fields.Boolean(
        "Contract to File",
        readonly=True,
        copy=False,
        help="Signed, and not made into a PDF yet.",
    )
    filing_failures = fields.Integer(
        "Times It Could Not Be Filed", readonly=True, copy=False, aggregator=None
    )
    filing_retry_at = fields.Datetime("Filed Anew From", readonly=True, copy=False)

    _contract_to_file = models.Index("(id) WHERE awaits_filing")

    # === COMPUTE METHODS === #

    @api.depends("order_id")
    def _compute_contract_name(self):
        for answer in self:
            order = answer.order_id
            answer.contract_pdf_name = f"{order._get_paper_name('contract')}.pdf"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self.default_get(["channel", "kind"])
        for vals in vals_list:
            for name in ("contract_pdf", "filing_failures", "filing_retry_at"):
                vals.pop(name, None)
            vals["awaits_filing"] = self._is_contract({**defaults, **vals})
        return super().create(vals_list)

    # === BUSINESS METHODS === #

    @api.model
    def _cron_file_contracts(self):
        """File what customers signed since, batch by batch, the newest first.

        An answer that is void by now was signed all the same. What could not be printed
        is tried again after a pause, and keeps no other from being filed.
        """
        domain = self._get_filing_domain()
        answers = self.search(domain, limit=CONTRACT_BATCH, order="id desc")
        answers = answers.try_lock_for_update()
        answers._file_contract()
        self.env["ir.cron"]._commit_progress(
            len(answers), remaining=self.search_count(domain)
        )

    @api.model
    def _get_filing_domain(self):
        """Return the signed contracts that are to be filed now."""
        now = fields.Datetime.now()
        return [
            ("awaits_filing", "=", True),
            "|",
            ("filing_retry_at", "=", False),
            ("filing_retry_at", "<=", now),
        ]

    def _file_contract(self):
        """Keep each signed contract as PDF, as its kept text has it."""
        values, errors = [], {}
        for answer in self:
            try:
                with self.env.cr.savepoint():
                    values.append(answer._prepare_contract_file())
            except OperationalError:
                raise  # of two at once: Odoo repeats it
            except Exception as error:
                _logger.info("%s is not filed", answer.display_name, exc_info=True)
                errors[answer] = error
        # Safe: what the customer signed, from the kept text; nobody chooses it.
        self.env["ir.attachment"].sudo().create(values)
        filed = self.filtered(lambda answer: answer not in errors)
        filed._note_filing({"awaits_filing": False})
        filed.filtered("filing_failures").order_id._close_unfiled()
        for answer, error in errors.items():
            answer._postpone_filing(error)
        filed.invalidate_recordset(["contract_pdf"], flush=False)

    def _prepare_contract_file(self):
        """Print a contract; return the values of the attachment that keeps it."""
        self.ensure_one()
        order = self.order_id
        reports = self.env["ir.actions.report"].with_context(
            lang=order._get_paper_lang(), car_contract_answer=self.id
        )
        content, _kind = reports._render_qweb_pdf(REPORT, order.ids)
        return {
            "name": self.contract_pdf_name,
            "res_model": self._name,
            "res_field": "contract_pdf",
            "res_id": self.id,
            "mimetype": "application/pdf",
            "raw": content,
        }

    def _postpone_filing(self, error):
        """Try it again after a pause that grows; the advisor is told in the end."""
        self.ensure_one()
        failures = self.filing_failures + 1
        pause = RETRY_HOURS[min(failures, len(RETRY_HOURS)) - 1]
        self._note_filing(
            {
                "filing_failures": failures,
                "filing_retry_at": fields.Datetime.now() + timedelta(hours=pause),
            }
        )
        if failures >= TOLD_AFTER:
            self.order_id._tell_unfiled(error)

    def _note_filing(self, values):
        """Write how far the filing is.

        Consents are never edited; whether it is on file is no part of what was said.
        """
        models.Model.write(self.sudo(), values)  # Safe: a mark of our own.


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _get_contract_receipts(self):
        """Return the entries by which the workshop took the car over, oldest first."""
        self.ensure_one()
        # Safe: a paper of an order that may be read.
        return (
            self.sudo()
            .custody_ids.filtered(
                lambda log: log.what == "car" and log.action == "to_workshop"
            )
            .sorted("id")
        )

    def _tell_unfiled(self, error):
        """Plan an activity for the advisor: his signed contract is not on file."""
        self.ensure_one()
        own = self.with_context(lang=self.advisor_id.lang).env
        if isinstance(error, UserError):
            reason = str(error)
        else:
            reason = own._("the administrator finds the error in the log")
        note = html_escape(
            own._(
                "What the customer signed is kept, but could not be made into a PDF: "
                "%(reason)s. It is tried again each day; until then print the contract "
                "from the order.",
                reason=reason.rstrip("."),
            )
        )
        # Safe: a reminder for who keeps the order.
        order = self.sudo()
        told = order.activity_search([UNFILED])
        if told:
            told.note = note
            return
        order.activity_schedule(
            UNFILED,
            date_deadline=order.company_id._get_car_today(),
            user_id=order.advisor_id.id,
            note=note,
        )

    def _close_unfiled(self):
        """Drop the reminders: it is on file now."""
        # Safe: reminders of our own that the filing has made needless.
        self.sudo().activity_unlink([UNFILED])
