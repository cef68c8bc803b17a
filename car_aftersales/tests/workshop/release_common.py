from odoo.fields import Command

from ..common import FROZEN_NOW
from .common import SIGNATURE
from .inspection_common import CarInspectionCommon


class CarReleaseCommon(CarInspectionCommon):
    """A car taken in with key, papers and articles, whose type asks for everything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type_release = cls.env["car.repair.type"].create(
            {
                "requires_signature": False,
                "name": "Full service",
                "requires_inspection": True,
                "requires_release_check": True,
                "requires_ready_notice": True,
                "requires_pickup_papers": True,
                "requires_explanation": True,
                "requires_acceptance_signature": True,
                "requires_return_check": True,
                "requires_feedback": True,
                "is_release_blocking": True,
            }
        )
        cls.env["car.inspection.template"].create(
            {
                "name": "Before pick-up",
                "kind": "release",
                "sequence": 1,
                "line_ids": [Command.create({"name": "Washed"})],
            }
        )

    # === BUILDERS === #

    def _bring_to_ready(self, order_type=None):
        """Return an order whose car is finished, with its intake complete."""
        order = self._create_order(type_id=(order_type or self.type_release).id)
        intake = self._begin_intake(order)
        intake.write({"odometer_km": 42000, "fuel_level": "2"})
        intake.key_slot_id = self.slot
        intake.storage_box_id = self.box
        intake.document_ids = [Command.create({"type_id": self.license.id})]
        intake.document_ids.action_all_good()
        intake.belonging_ids = [
            Command.create({"name": "Umbrella"}),
            Command.create({"name": "Child seat", "place": "car"}),
        ]
        intake.damage_ids = [Command.create({"x": 30, "y": 88, "note": "5 cm"})]
        intake.action_rest_ok()
        intake.action_finish()
        self._make_ready(order)
        return order.with_user(self.user_advisor)

    def _begin_release(self, order):
        """Let the advisor begin the comparison and return it."""
        order.action_release_check()
        return order.release_id.with_user(self.user_advisor)

    def _compare(self, order):
        """Compare the car: everything is as it came in."""
        release = self._begin_release(order)
        release.action_rest_ok()
        release.action_all_there()
        release.release_fuel_level = "2"
        release.action_finish()
        return release

    def _tell(self, order, **values):
        """Record in the dialog that the customer was told."""
        action = order.action_tell_ready()
        dialog = self.env[action["res_model"]].with_user(self.user_advisor)
        dialog = dialog.with_context(**action["context"]).create(values)
        dialog.action_confirm()
        return dialog

    def _remark(self, order, user=None, **values):
        return (
            self.env["car.customer.remark"]
            .with_user(user or self.user_advisor)
            .create({"order_id": order.id, "mood": "satisfied", **values})
        )

    def _accept(self, order):
        """Let the customer sign that he accepts the finished car."""
        action = order.action_sign_acceptance()
        dialog = self.env[action["res_model"]].with_user(self.user_advisor)
        return dialog.with_context(**action["context"]).create(
            {"signed_by": "王小明", "signature": SIGNATURE}
        )

    def _settle(self, order):
        """Bill, take the money, issue the exit pass."""
        for invoice in self._bill(order):
            if invoice.state == "draft":
                invoice.invoice_date = FROZEN_NOW.date()
                invoice.action_post()
            self._pay(invoice)
        order.with_user(self.user_cashier).action_issue_exit_pass()

    def _leave_on_credit(self, order):
        """Bill, let the manager give credit, issue the exit pass."""
        self._bill(order)
        order._get_customer_payer().with_user(
            self.user_manager
        ).action_authorize_credit("Pays at the end of the month")
        order.with_user(self.user_cashier).action_issue_exit_pass()

    def _give_all_back(self, order):
        order.action_give_key_back()
        intake = order.intake_id
        intake.document_ids.action_give_back()
        intake.belonging_ids.action_give_back()

    def _do_all(self, order, without=()):
        """Take every step of the pick-up but some."""
        steps = {
            "compare": self._compare,
            "tell": self._tell,
            "papers": lambda each: each.action_pickup_papers(),
            "explain": lambda each: each.action_explain(),
            "settle": self._settle,
            "accept": self._accept,
            "remark": self._remark,
            "give_back": self._give_all_back,
        }
        for name, step in steps.items():
            if name not in without:
                step(order)

    def _open_keys(self, order):
        """Return the keys of what is missing at pick-up."""
        return [item["key"] for item in order.release_missing]
