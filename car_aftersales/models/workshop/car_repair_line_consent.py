from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .car_repair_order import CUSTOMER_DATA


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # who pays
    payer_id = fields.Many2one(
        "car.repair.payer",
        compute="_compute_payer_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('order_id', '=', order_id)]",
        copy=False,
        groups=CUSTOMER_DATA,
    )
    share_ids = fields.One2many(
        "car.repair.line.share", "line_id", "Split", groups=CUSTOMER_DATA
    )
    is_split = fields.Boolean(
        "Split Between Payers",
        compute="_compute_is_split",
        store=True,
        precompute=True,
    )
    # consent
    authorization_line_ids = fields.One2many(
        "car.repair.authorization.line", "line_id", "Consents", groups=CUSTOMER_DATA
    )
    authorization_state = fields.Selection(
        [
            ("pending", "To be asked"),
            ("authorized", "Authorized"),
            ("partly", "Quantity above consent"),
            ("exceeded", "Price above consent"),
            ("declined", "Declined"),
        ],
        "Consent",
        compute="_compute_authorization",
        store=True,
        precompute=True,
        readonly=True,
    )
    quantity_authorized = fields.Float(
        compute="_compute_authorization",
        store=True,
        precompute=True,
        digits="Product Unit",
        help="How much of the line the newest consent covers.",
    )
    consent_floor = fields.Integer(
        copy=False,
        groups=CUSTOMER_DATA,
        help="Answers up to this entry do not count: the line has come to the customer "
        "from another payer since.",
    )
    ask_again_date = fields.Date(
        copy=False,
        index="btree_not_null",
        help="When a declined line is offered again.",
    )

    # === COMPUTE METHODS === #

    @api.depends("job_id", "job_id.payer_id")
    def _compute_payer_id(self):
        for line in self:
            if not line.payer_id or line.payer_id.order_id != line.order_id:
                # A line not saved yet may know its job only.
                order = line.order_id or line.job_id.order_id
                payer = line.job_id.payer_id
                if order and not payer:
                    payer = order._get_customer_payer()
                line.payer_id = payer

    @api.depends("share_ids")
    def _compute_is_split(self):
        for line in self:
            line.is_split = bool(line.share_ids)

    @api.depends(
        "authorization_line_ids",
        "order_id.consent_floor",
        "consent_floor",
        "job_id.has_own_consent",
        "product_id",
        "quantity",
        "price_total",
        "payer_id.kind",
        "share_ids.percent",
        "share_ids.payer_id.kind",
    )
    def _compute_authorization(self):
        for line in self:
            state, quantity = line._evaluate_consent()
            line.authorization_state = state
            line.quantity_authorized = quantity

    # === CONSTRAINT METHODS === #

    @api.constrains("payer_id", "share_ids")
    def _check_payers(self):
        for line in self:
            payers = line.payer_id | line.share_ids.payer_id
            if payers.order_id - line.order_id:
                raise ValidationError(
                    self.env._(
                        "%(line)s: its payer belongs to another order.", line=line.name
                    )
                )

    # === BUSINESS METHODS === #

    def _get_shares(self):
        """Return the payers of the line with their fractions, summing to 1."""
        self.ensure_one()
        if self.is_split:
            return [(share.payer_id, share.percent / 100) for share in self.share_ids]
        return [(self.payer_id, 1.0)] if self.payer_id else []

    def _get_fraction(self, *kinds):
        """Return which fraction of the line payers of these kinds bear."""
        return sum(
            fraction for payer, fraction in self._get_shares() if payer.kind in kinds
        )

    def _has_consent(self):
        """Tell whether the price was agreed to; then it is no longer computed."""
        self.ensure_one()
        return any(entry.is_approved for entry in self._get_valid_entries())

    def _forget_consent_of_others(self, before):
        """Ask the customer anew for what comes to him from another payer.

        :param before: the fraction that the customer bore.
        """
        self.ensure_one()
        if before < 1 and self._get_fraction("customer") > before + 1e-6:
            entries = self.authorization_line_ids
            # Safe: follows from the change of payer, which was checked.
            self.sudo().consent_floor = max(entries.ids, default=0)

    def _get_valid_entries(self):
        """Return the answers that count: those since the order was last taken up.

        Work that was deferred once goes from order to order: its lines have a floor of
        their own.
        """
        floor = self.consent_floor
        if not self.job_id.has_own_consent:
            floor = max(self.order_id.consent_floor, floor)
        return self.authorization_line_ids.filtered(
            lambda entry: not isinstance(entry.id, int) or entry.id > floor
        )

    def _evaluate_consent(self):
        """Return the state of consent and the quantity it covers.

        The customer answers for the work and for his own amount; the business
        supervisor answers for what the house bears itself. Less than agreed stays
        valid, more makes only the difference pending.
        """
        self.ensure_one()
        answers = self._get_answers().values()
        for state in ("declined", "pending"):
            if any(answer[0] == state for answer in answers):
                return state, 0.0
        quantity = min(quantity for _state, quantity in answers)
        if any(state == "exceeded" for state, _quantity in answers):
            return "exceeded", quantity
        if self.product_uom_id.compare(quantity, self.quantity) < 0:
            return "partly", quantity
        return "authorized", quantity

    def _get_answers(self):
        """Return what the customer and the house have answered, who is asked at all.

        :return: dict of whether it is the house to a pair: state and quantity.
        """
        self.ensure_one()
        house = self._get_fraction("internal", "goodwill")
        entries = self._get_valid_entries().sorted("id", reverse=True)
        by_house = entries.filtered("authorization_id.is_internal")
        answers = {}
        if house < 1:
            newest = (entries - by_house)[:1]
            answers[False] = newest._evaluate(self) if newest else ("pending", 0.0)
        if house:
            newest = by_house[:1]
            answers[True] = newest._evaluate(self) if newest else ("pending", 0.0)
        return answers

    def _lacks_answer(self, internal):
        """Tell whether the house, or the customer, has yet to answer for all of it."""
        answer = self._get_answers().get(internal)
        return bool(answer) and (
            answer[0] != "authorized"
            or self.product_uom_id.compare(answer[1], self.quantity) < 0
        )
