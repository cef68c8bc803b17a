from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .car_repair_order import CUSTOMER_DATA


class CarRepairOrder(models.Model):
    """The contract (进厂维修单): signed by the customer before any work starts.

    Rule book of the workshop, 业务接待工作制度: work and hand-over follow the signed
    contract. Whether a type of order asks for a signature is a setting of the type; the
    manager may let one order start without, with a reason.
    """

    _inherit = "car.repair.order"

    is_signed = fields.Boolean(
        "Contract Signed", compute="_compute_signed", groups=CUSTOMER_DATA
    )
    signed_at = fields.Datetime(
        "Signed", compute="_compute_signed", groups=CUSTOMER_DATA
    )
    unsigned_reason = fields.Char(
        "Starts Unsigned",
        readonly=True,
        copy=False,
        tracking=True,
        help="Why the manager lets the work start before the customer has signed.",
    )
    requires_signature = fields.Boolean(related="type_id.requires_signature")

    # === COMPUTE METHODS === #

    @api.depends("authorization_ids", "consent_floor")
    def _compute_signed(self):
        for order in self:
            signed = order._get_signed_consents()
            order.is_signed = bool(signed)
            order.signed_at = signed[:1].answered_at

    # === ACTION METHODS === #

    def action_start_unsigned(self, reason=None):
        """Let the work start before the customer has signed.

        :raise AccessError: for anyone but the manager.
        """
        if not self._has_group("manager"):
            raise AccessError(
                self.env._(
                    "%(orders)s: only the after-sales manager lets work start so.",
                    orders=", ".join(self.mapped("name")),
                )
            )
        if not reason:
            return self._get_reason_action(
                "unsigned", self.env._("Start Without a Signature")
            )
        # Safe: the manager's decision just taken.
        self.sudo().unsigned_reason = reason
        return True

    def action_print_contract(self):
        """Print the contract: as it was signed, else as it is now."""
        self.ensure_one()
        report = self.env.ref("car_aftersales.car_repair_order_report_contract")
        return report.report_action(self, config=False)

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"unsigned_reason"}

    def _get_signed_consents(self):
        """Return the customer's signed answers that count, the newest first."""
        return self.authorization_ids.filtered(
            lambda answer: (
                answer.channel == "signature"
                and answer.kind != "diagnosis"
                and any(
                    entry.is_approved and entry.id > answer.order_id.consent_floor
                    for entry in answer.line_ids
                )
            )
        ).sorted("id", reverse=True)

    def _check_signed(self):
        """Refuse to start work on a contract that is not signed.

        :raise UserError: naming the order.
        """
        # Safe: the technician starts his job; only whether it is signed comes out.
        for order in self.sudo():
            if not order.requires_signature or order.unsigned_reason:
                continue
            if not order._get_signed_consents():
                order._raise_for_each(
                    self.env._(
                        "the customer has not signed the contract; have it signed, or "
                        "ask the manager"
                    )
                )

    def _get_contract_content(self):
        """Return the contract: as it was signed last, else as it is now."""
        self.ensure_one()
        self.check_access("read")
        # Safe: the order itself may be read.
        for answer in self.sudo()._get_signed_consents():
            if answer.contract_html:
                return Markup(answer.with_context(bin_size=False)._get_contract_text())
        return self._render_contract()

    def _render_contract(self, answer=None):
        """Return the contract in the customer's language, as markup.

        :param answer: the signed answer that it shows the signature of.
        """
        self.ensure_one()
        language = self._get_paper_lang()
        # Safe: the paper of an order that may be read or is being signed.
        clock = self.advisor_id.tz or self.company_id.resource_calendar_id.tz
        context = {"lang": language, "tz": clock}
        answers = self.env["car.repair.authorization"]
        return (
            self.env["ir.qweb"]
            .with_context(**context)
            ._render(
                "car_aftersales.report_car_repair_order_contract_content",
                {
                    "order": self.sudo().with_context(**context),
                    "answer": (answer or answers).sudo().with_context(**context),
                },
                lang=language,
            )
        )


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    def _check_start(self):
        # Safe: only whether the contract is signed is asked.
        self.sudo().order_id._check_signed()
        return super()._check_start()


class CarRepairAuthorization(models.Model):
    _inherit = "car.repair.authorization"

    contract_html = fields.Binary(
        "Contract as Signed",
        attachment=True,
        readonly=True,
        copy=False,
        help="What the customer signed. Every later print shows it unchanged.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("contract_html", None)
        answers = super().create(vals_list)
        answers.filtered(
            lambda answer: answer.channel == "signature" and answer.kind != "diagnosis"
        )._keep_contract()
        return answers

    # === BUSINESS METHODS === #

    def _keep_contract(self):
        """Keep what the customer has signed as it is at this moment."""
        values = [
            {
                "name": f"{answer.order_id._get_paper_name('contract')}.html",
                "res_model": answer._name,
                "res_field": "contract_html",
                "res_id": answer.id,
                "mimetype": "text/html",
                "raw": answer.order_id._render_contract(answer).encode(),
            }
            for answer in self
        ]
        # Safe: written once with the answer; nobody changes it from then on.
        self.env["ir.attachment"].sudo().create(values)
        self.invalidate_recordset(["contract_html"], flush=False)

    def _get_contract_text(self):
        """Return the kept contract as text."""
        self.ensure_one()
        kept = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "contract_html"),
                ("res_id", "=", self.id),
            ],
            order="id",
            limit=1,
        )
        return kept.raw.decode()
