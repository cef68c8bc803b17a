from datetime import date

from freezegun import freeze_time

from ..workshop.booking_common import CarBookingCommon


class CarCareCommon(CarBookingCommon):
    """A customer whose car was here, a clerk, and rules that plan what follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.user_follow_up_clerk
        cls.company.car_clerk_id = cls.clerk
        cls.topics = cls.env["car.contact.topic"].search([])
        cls.vehicle.company_id = cls.company

    # === BUILDERS === #

    def _day(self, text):
        """Let the clock stand at ten in the morning of a day in Shanghai."""
        self.env.invalidate_all()
        return freeze_time(f"{text} 02:00:00")

    def _run_job(self, name):
        """Run a job of the follow-up as the server does."""
        cron = self.env.ref(f"car_aftersales.{name}")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _plan(self):
        """Let the nightly job plan the contacts."""
        self._run_job("car_contact_rule_cron_plan")

    def _deliver(self, vehicle=None):
        """Play a visit to its end."""
        order = self._create_order(vehicle_id=(vehicle or self.vehicle).id)
        self._make_ready(order)
        self._pay(self._bill(order))
        order.with_user(self.user_cashier).action_issue_exit_pass()
        order.with_user(self.user_advisor).action_deliver()
        return order

    def _get_tasks(self, kind, **values):
        domain = [("kind", "=", kind), ("partner_id", "=", self.customer.id)]
        domain += [(name, "=", value) for name, value in values.items()]
        return self.env["car.contact.task"].search(domain).with_user(self.clerk)

    def _talk(self, task):
        """Begin the talk as the clerk does."""
        action = task.with_user(self.clerk).action_call()
        return (
            self.env["car.contact.call"].with_user(self.clerk).browse(action["res_id"])
        )

    def _reach(self, task, topics=None, **values):
        """Reach the customer and write down what was said."""
        call = self._talk(task)
        call.write({"topic_ids": (topics or self.topics[:1]).ids, **values})
        call.action_reached()
        return call

    def _days(self, task):
        return (task.date_from, task.date_to, task.call_on)

    def assertDays(self, task, first, last, day):
        """Compare the days of a contact, given as day of March 2026."""
        self.assertEqual(
            self._days(task),
            tuple(date(2026, 3, number) for number in (first, last, day)),
        )
