from ..common import FROZEN_NOW
from .complaint_common import ComplaintCommon


class SatisfactionCommon(ComplaintCommon):
    """Delivered visits whose customers are asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.company.write(
            {
                "car_rating_mail": True,
                "car_rating_sms": False,
                "car_rating_paper": False,
                "car_rating_hours": 24,
                "car_rating_catch_up_days": 7,
                "car_rating_open_days": 30,
                "car_rating_low": 6,
            }
        )
        cls.customer.email = "wang@example.com"

    def _delivered(self, at=FROZEN_NOW, **values):
        """Return a visit that has left, without playing it."""
        order = self.env["car.repair.order"].create(
            {
                "vehicle_id": self.vehicle.id,
                "type_id": self.type_repair.id,
                "advisor_id": self.user_advisor.id,
                "job_ids": [(0, 0, {"name": "Oil service"})],
                **values,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE car_repair_order SET state = 'delivered', delivered_at = %s"
            " WHERE id = %s",
            (at, order.id),
        )
        self.env.invalidate_all()
        return order

    def _rated(self, score, **values):
        """Return a visit and its answered rating."""
        order = self._delivered(**values)
        rating = self.env["car.satisfaction"]._get_for(order)
        rating._answer(score)
        return rating

    def _ask(self, **later):
        """Run the job so much later than the delivery."""
        with self._later(**(later or {"days": 1})):
            self._run_cron("car_satisfaction_cron_ask")

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [("subject", "ilike", "how was your visit")]
        )

    def _get_sms(self):
        return self.env["sms.sms"].search([("body", "ilike", "how was your visit")])

    def _rating(self, order):
        return self.env["car.satisfaction"].search([("order_id", "=", order.id)])
