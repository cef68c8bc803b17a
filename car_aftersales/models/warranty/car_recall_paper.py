from odoo import fields, models


class CarRecallVehicle(models.Model):
    """The paper on which a customer declines the work of a recall, or puts it off."""

    _inherit = "car.recall.vehicle"

    # === ACTION METHODS === #

    def action_print_refusal(self):
        """Print the paper: to be signed by hand, or as it was signed on the screen."""
        self._check_paper()
        return self.env.ref(
            "car_aftersales.car_recall_vehicle_report_refusal"
        ).report_action(self)

    # === BUSINESS METHODS === #

    def _check_paper(self):
        """Refuse a paper for a car without file, or whose campaign never ran."""
        for row in self:
            row._check_running()
            if not row.vehicle_id:
                row._raise_missing(self.env._("we have no file of the car"))
            if row.state in ("done", "not_ours"):
                row._raise_missing(self.env._("there is nothing to decline any more"))

    def _get_paper_row(self):
        """Return the row in the customer's language."""
        self.ensure_one()
        return self.with_context(lang=self._get_paper_lang())

    def _get_paper_lang(self):
        """Return the language of the customer's papers."""
        self.ensure_one()
        # Safe: a language.
        return self.sudo().vehicle_id.owner_id.lang or self.env.lang or "en_US"

    def _get_paper_kind(self):
        """Return what kind of campaign it is, in the language of the paper."""
        kinds = self.env["car.recall.campaign"]._fields["kind"]
        return dict(kinds._description_selection(self.env))[self.kind]

    def _get_paper_order(self):
        """Return the visit on which the customer is asked."""
        self.ensure_one()
        if self.put_off_order_id and self.state != "refused":
            return self.put_off_order_id
        orders = self.env["car.repair.order"]
        return orders.search(
            fields.Domain("vehicle_id", "=", self.vehicle_id.id)
            & fields.Domain("company_id", "=", self.company_id.id)
            & orders._get_open_domain(),
            limit=1,
        )

    def _get_paper_answer(self):
        """Return what the customer has signed on the screen; empty: nothing yet.

        :return: dict of kind, reason, name, signature, day on which it was signed or
            until which it was put off
        """
        self.ensure_one()
        if self.state == "refused":
            return {
                "kind": "refused",
                "reason": self.refusal_reason,
                "name": self.refusal_signed_by,
                "signature": self.refusal_signature,
                "at": self.refused_at,
            }
        if self.put_off_order_id and self.put_off_signature:
            return {
                "kind": "put_off",
                "reason": self.put_off_reason,
                "name": self.put_off_signed_by,
                "signature": self.put_off_signature,
                "until": self.put_off_until,
            }
        return {}

    def _get_paper_name(self):
        """Return the name of the paper's file, without slashes."""
        self.ensure_one()
        name = f"{self.env._('Recall Declined')} {self.display_name}"
        return name.replace("/", "-").replace(":", "")
