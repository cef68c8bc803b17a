from odoo import models


class AccountPaymentRegister(models.TransientModel):
    """The desk takes the customer's money after what he pays for was explained."""

    _inherit = "account.payment.register"

    # === BUSINESS METHODS === #

    def _create_payments(self):
        self._check_car_explained()
        return super()._create_payments()

    def _check_car_explained(self):
        """Refuse money for a finished car before work and charges were explained.

        Rule book: explained, and questions answered, before payment (R-110). Who pays
        beforehand, or from home, is not held up; nor is a maker or an insurer.
        """
        # Safe: tells only which visit waits for the explanation.
        lines = self.line_ids.sudo().move_id.line_ids
        payers = lines.car_repair_payer_id.filtered(lambda one: one.kind == "customer")
        payers.order_id._refuse(
            lambda order: (
                order.state == "ready"
                and order.type_id.requires_explanation
                and order.type_id.is_release_blocking
                and not (order.explained_at or order.release_override_at)
            ),
            self.env._(
                "the advisor explains work, parts and charges to the customer before "
                "he pays"
            ),
        )
