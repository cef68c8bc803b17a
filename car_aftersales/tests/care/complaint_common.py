from contextlib import contextmanager
from datetime import timedelta

from freezegun import freeze_time

from ..common import FROZEN_NOW
from ..workshop.common import CarWorkshopCommon


class ComplaintCommon(CarWorkshopCommon):
    """Complaints as the desks write them down, and a clock to move."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env.ref("car_aftersales.car_complaint_category_service")
        cls.category_quality = cls.env.ref(
            "car_aftersales.car_complaint_category_quality"
        )
        cls.cause = cls.env.ref("car_aftersales.car_complaint_cause_people")

    @contextmanager
    def _later(self, **delta):
        """So much later than the frozen moment."""
        with freeze_time(FROZEN_NOW + timedelta(**delta)):
            yield
        self.env.invalidate_all()

    def _run_cron(self, name):
        """Run a scheduled job as the server does."""
        cron = self.env.ref(f"car_aftersales.{name}")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _complain(self, user=None, **values):
        """Return a complaint of the customer, written down by the clerk."""
        return (
            self.env["car.complaint"]
            .with_user(user or self.user_follow_up_clerk)
            .create(
                {
                    "text": "Nobody told me that it takes a day longer",
                    "partner_id": self.customer.id,
                    "vehicle_id": self.vehicle.id,
                    **values,
                }
            )
        )

    def _classify(self, complaint, **values):
        complaint.write(
            {
                "category_id": self.category.id,
                "user_id": self.user_follow_up_clerk.id,
                **values,
            }
        )
        complaint.action_classify()
        return complaint

    def _answer(self, complaint):
        """Bring a complaint to its answer."""
        if complaint.state == "received":
            self._classify(complaint)
        complaint.write(
            {"answer_text": "We are sorry and explain it", "cause_id": self.cause.id}
        )
        complaint.action_answer()
        return complaint

    def _notified(self, user):
        """Return the subjects of what a user was notified of."""
        return (
            self.env["mail.message"]
            .search([("notified_partner_ids", "in", user.partner_id.ids)])
            .mapped("subject")
        )

    def _deliver_order(self):
        """Return a visit that was billed, paid and left."""
        order = self._create_order()
        self._make_ready(order)
        invoices = self._bill(order)
        for invoice in invoices:
            self._pay(invoice)
        self._leave(order)
        return order
