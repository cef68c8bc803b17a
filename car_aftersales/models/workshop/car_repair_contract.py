from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .car_repair_order import CUSTOMER_DATA
from .car_repair_payer import HOUSE_KINDS


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
    # Kept beside the consents, so that a start need not read them all.
    contract_signed_at = fields.Datetime(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("authorization_ids", "consent_floor")
    def _compute_signed(self):
        for order in self:
            signed = order._get_signed_consents()
            order.is_signed = bool(signed)
            order.signed_at = signed[:1].answered_at

    # === CRUD METHODS === #

    def write(self, vals):
        if "consent_floor" in vals:
            vals = {**vals, "contract_signed_at": False}  # earlier answers are void
        return super().write(vals)

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
        return super()._get_protected_fields() | {
            "contract_signed_at",
            "unsigned_reason",
        }

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
            if order.contract_signed_at or order._get_signed_consents():
                continue
            if order._get_lines_to_sign():
                order._raise_for_each(
                    self.env._(
                        "the customer has not signed the contract; have it signed, or "
                        "ask the manager"
                    )
                )

    def _get_lines_to_sign(self):
        """Return the lines the customer signs for; what the house bears is not his."""
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: (
                line.authorization_state != "declined"
                and line._get_fraction(*HOUSE_KINDS) < 1
            )
        )

    def _get_contract_content(self):
        """Return the contract: as it was signed last, else as it is now.

        The context may name an earlier signed answer of the order (its id).
        """
        self.ensure_one()
        self.check_access("read")
        # Safe: the order itself may be read.
        wanted = self.env.context.get("car_contract_answer")
        named = self.sudo().authorization_ids.filtered(lambda one: one.id == wanted)
        for answer in named or self.sudo()._get_signed_consents():
            if answer.contract_html:
                return Markup(answer.with_context(bin_size=False)._get_contract_text())
        return self._render_contract()

    def _render_contract(self, answer=None, signature=None):
        """Return the contract in the customer's language, as markup.

        :param answer: the signed answer that it shows the signature of.
        :param signature: the picture as it was just drawn, in base64.
        """
        self.ensure_one()
        language = self._get_paper_lang()
        # Safe: the paper of an order that may be read or is being signed.
        paper = self.sudo()
        people = paper.advisor_id.partner_id | paper.company_id.partner_id
        (people | paper.partner_id | paper.owner_id).mapped("name")  # in one query
        clock = self.advisor_id.tz or self.company_id._get_car_time_zone()
        context = {"lang": language, "tz": clock}
        if isinstance(signature, str):
            signature = signature.encode()
        answers = self.env["car.repair.authorization"]
        return (
            self.env["ir.qweb"]
            .with_context(**context)
            ._render(
                "car_aftersales.report_car_repair_order_contract_content",
                {
                    "order": self.sudo().with_context(**context),
                    "answer": (answer or answers).sudo().with_context(**context),
                    "signature": signature,
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
        signed = answers.filtered(self._is_contract)
        drawn = zip(answers, vals_list, strict=True)
        signed._keep_contract({one: vals.get("signature") for one, vals in drawn})
        return answers

    # === BUSINESS METHODS === #

    @api.model
    def _is_contract(self, answer):
        """Tell whether an answer, or values of one, signs the contract."""
        return answer["channel"] == "signature" and answer["kind"] != "diagnosis"

    def _keep_contract(self, drawn):
        """Keep what the customer has signed as it is at this moment.

        :param drawn: the signatures as they were just drawn, by answer.
        """
        values = [
            {
                "name": f"{answer.order_id._get_paper_name('contract')}.html",
                "res_model": answer._name,
                "res_field": "contract_html",
                "res_id": answer.id,
                "mimetype": "text/html",
                "raw": answer.order_id._render_contract(answer, drawn[answer]).encode(),
            }
            for answer in self
        ]
        # Safe: written once with the answer; nobody changes it from then on.
        self.env["ir.attachment"].sudo().create(values)
        self.invalidate_recordset(["contract_html"], flush=False)
        for answer in self:
            if any(entry.is_approved for entry in answer.line_ids):
                answer.order_id.sudo().contract_signed_at = answer.answered_at

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
