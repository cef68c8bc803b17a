from datetime import timedelta

from odoo.fields import Command

from ..common import FROZEN_NOW
from .parts_common import PartsCommon

UNTIL = FROZEN_NOW.date() + timedelta(days=21)


class DeferredCommon(PartsCommon):
    """A visit with an oil service and a job whose part is three weeks away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "Parts depot"})
        cls.module = cls._create_part(
            stock=0,
            name="Door module",
            standard_price=400.0,
            list_price=600.0,
            seller_ids=[Command.create({"partner_id": cls.vendor.id, "price": 400.0})],
        )

    def _add_job(self, order, name="Window does not close", **values):
        """Return a job with labor and the part that is far away."""
        return (
            self.env["car.repair.job"]
            .with_user(self.user_advisor)
            .create(
                {
                    "order_id": order.id,
                    "name": name,
                    "line_ids": [
                        Command.create({"product_id": self.labor.id}),
                        Command.create({"product_id": self.module.id}),
                    ],
                    **values,
                }
            )
        )

    def _create_visit(self, lines=None, **values):
        """Return an agreed order with two jobs, the second waiting for its part."""
        if lines is None:
            lines = [{"product_id": self.labor.id}, {"product_id": self.filter.id}]
        order = self._create_order(lines, **values)
        job = self._add_job(order)
        self._authorize(order)
        return order, job

    def _defer(self, job, user=None):
        return job.with_user(user or self.user_advisor).action_defer(
            "The part comes from the maker", UNTIL
        )

    def _buy_part(self, order):
        """Let the parts clerk buy what is missing; return the purchase order."""
        order.with_user(self.user_parts_clerk).action_buy()
        purchase = order.line_ids.purchase_line_ids.sudo().order_id
        purchase.button_confirm()
        return purchase

    def _issue_now(self, order):
        """Let the clerk issue what is reserved for the work that goes on."""
        held = order.job_ids.filtered("holds_parts").line_ids.sudo().move_ids
        pickings = order.picking_ids.sudo() - held.picking_id
        pickings.filtered(lambda one: one.state == "assigned").with_user(
            self.user_parts_clerk
        ).button_validate()

    def _finish_visit(self, order):
        """Do and bill the rest, and let the car leave."""
        self._issue_now(order)
        self._work(order)
        self._pass_quality(order)
        for invoice in self._bill(order):
            self._pay(invoice)
        self._leave(order)

    def _create_deferred(self):
        """Return a delivered order and its deferred job, the part being bought."""
        order, job = self._create_visit()
        self._buy_part(order)
        self._defer(job)
        self._finish_visit(order)
        return order, job

    def _create_next(self, **values):
        """Return the next order of the car, with a job of its own."""
        return self._create_order([{"product_id": self.filter.id}], **values)
