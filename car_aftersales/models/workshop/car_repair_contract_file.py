from odoo import api, fields, models

CONTRACT_BATCH = 20
REPORT = "car_aftersales.car_repair_order_report_contract"


class CarRepairOrder(models.Model):
    """The signed contract as a PDF on the order, and who took the car over for work."""

    _inherit = "car.repair.order"

    is_contract_filed = fields.Boolean(
        "Contract on File",
        readonly=True,
        copy=False,
        help="The contract as signed last is attached as PDF.",
    )

    _contract_to_file = models.Index(
        "(id) WHERE contract_signed_at IS NOT NULL AND is_contract_filed IS NOT TRUE"
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if vals.get("contract_signed_at"):
            vals = {**vals, "is_contract_filed": False}
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"is_contract_filed"}

    @api.model
    def _cron_file_contracts(self):
        """Attach what customers signed since as PDF, batch by batch."""
        domain = [
            ("contract_signed_at", "!=", False),
            ("is_contract_filed", "=", False),
        ]
        orders = self.search(domain, limit=CONTRACT_BATCH).try_lock_for_update()
        orders._file_contract()
        self.env["ir.cron"]._commit_progress(
            len(orders), remaining=self.search_count(domain)
        )

    def _file_contract(self):
        """Keep each signed contract as PDF, as its kept text has it."""
        values = []
        for order in self:
            # Safe: the kept text of what the customer signed; nobody chooses it.
            answers = order.sudo()._get_signed_consents()
            for answer in answers.filtered(lambda one: not one.contract_pdf):
                reports = self.env["ir.actions.report"].with_context(
                    lang=order._get_paper_lang(), car_contract_answer=answer.id
                )
                content, _kind = reports._render_qweb_pdf(REPORT, order.ids)
                values.append(
                    {
                        "name": f"{order._get_paper_name('contract')}.pdf",
                        "res_model": answer._name,
                        "res_field": "contract_pdf",
                        "res_id": answer.id,
                        "mimetype": "application/pdf",
                        "raw": content,
                    }
                )
        self.env["ir.attachment"].sudo().create(values)
        models.Model.write(self.sudo(), {"is_contract_filed": True})
        self.authorization_ids.invalidate_recordset(["contract_pdf"], flush=False)

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


class CarRepairAuthorization(models.Model):
    _inherit = "car.repair.authorization"

    contract_pdf = fields.Binary(
        "Contract as Signed (PDF)",
        attachment=True,
        readonly=True,
        copy=False,
        help="What the customer signed, for the file; made soon after the signature.",
    )
    contract_pdf_name = fields.Char("Contract File", compute="_compute_contract_name")

    @api.depends("order_id")
    def _compute_contract_name(self):
        for answer in self:
            order = answer.order_id
            answer.contract_pdf_name = f"{order._get_paper_name('contract')}.pdf"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("contract_pdf", None)
        return super().create(vals_list)
