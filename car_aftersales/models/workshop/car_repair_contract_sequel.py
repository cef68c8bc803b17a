from odoo import models


class CarRepairOrder(models.Model):
    """What happened to a car after its contract was signed, printed below it.

    The signed text stays as it was; intake, answers to additional work, new promises,
    quality check and return follow below, so that one paper tells the whole visit.
    """

    _inherit = "car.repair.order"

    def _get_contract_sequel(self):
        """Return what came after the signed text of the contract. Extend for more.

        :return: dict of records by part; empty for a contract as it is filed
        """
        self.ensure_one()
        # Safe: a paper of an order that may be read.
        order = self.sudo().with_context(lang=self._get_paper_lang())
        if self.env.context.get("car_contract_answer"):
            return {}
        signed = order._get_signed_consents().filtered("contract_html")[:1]
        if not signed:
            return {}
        since = signed.answered_at
        intake = order.intake_id.filtered(
            lambda one: one.finished_at and one.finished_at >= since
        )
        release = order.inspection_ids.filtered(
            lambda one: one.kind == "release" and one.state != "cancelled"
        )[:1]
        return {
            "intake": intake,
            "answers": order.authorization_ids.filtered(
                lambda one: (
                    one.kind != "diagnosis"
                    and one.id > signed.id
                    and not one.is_internal
                )
            ).sorted("id"),
            "promises": order.promise_ids.filtered(
                lambda one: one.changed_at > since
            ).sorted("id"),
            "checks": order.quality_check_ids.filtered(
                lambda one: not one.is_void
            ).sorted("id"),
            "acceptance": release and release._get_signature("acceptance"),
        }
