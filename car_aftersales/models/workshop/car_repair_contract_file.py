from odoo import api, fields, models

CONTRACT_BATCH = 20
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
            vals.pop("contract_pdf", None)
            vals["awaits_filing"] = self._is_contract({**defaults, **vals})
        return super().create(vals_list)

    # === BUSINESS METHODS === #

    @api.model
    def _cron_file_contracts(self):
        """File what customers signed since, batch by batch, the newest first.

        An answer that is void by now was signed all the same.
        """
        domain = [("awaits_filing", "=", True)]
        answers = self.search(domain, limit=CONTRACT_BATCH, order="id desc")
        answers = answers.try_lock_for_update()
        answers._file_contract()
        self.env["ir.cron"]._commit_progress(
            len(answers), remaining=self.search_count(domain)
        )

    def _file_contract(self):
        """Keep each signed contract as PDF, as its kept text has it."""
        values = []
        for answer in self:
            order = answer.order_id
            reports = self.env["ir.actions.report"].with_context(
                lang=order._get_paper_lang(), car_contract_answer=answer.id
            )
            content, _kind = reports._render_qweb_pdf(REPORT, order.ids)
            values.append(
                {
                    "name": answer.contract_pdf_name,
                    "res_model": answer._name,
                    "res_field": "contract_pdf",
                    "res_id": answer.id,
                    "mimetype": "application/pdf",
                    "raw": content,
                }
            )
        # Safe: what the customer signed, from the kept text; nobody chooses it.
        self.env["ir.attachment"].sudo().create(values)
        # Consents are never edited; that it is on file is no part of what was said.
        models.Model.write(self.sudo(), {"awaits_filing": False})
        self.invalidate_recordset(["contract_pdf"], flush=False)


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
