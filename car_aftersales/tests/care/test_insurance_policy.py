from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..common import FROZEN_NOW
from .campaigns_common import CampaignsCommon, day


@tagged("post_install", "-at_install")
class TestInsurancePolicy(CampaignsCommon):
    """Insurances of customers' cars: remembered in time, renewed with us or not."""

    def _create_policy(self, **values):
        """Return a policy that ends in thirty days, written down by the clerk."""
        kind = self.env.ref("car_aftersales.car_insurance_kind_compulsory")
        return (
            self.env["car.insurance.policy"]
            .with_user(self.user_follow_up_clerk)
            .create(
                {
                    "name": "PA-0001",
                    "vehicle_id": self.vehicle.id,
                    "insurer_id": self.insurer.id,
                    "kind_ids": [(6, 0, kind.ids)],
                    "date_from": day(-335),
                    "date_to": day(30),
                    "premium": 950.0,
                    **values,
                }
            )
        )

    def _task(self, policy):
        self._plan("insurance")
        return self.env["car.contact.task"].search(
            [("res_model", "=", policy._name), ("res_id", "=", policy.id)]
        )

    def test_state_follows_from_the_days(self):
        policy = self._create_policy()
        policies = self.env["car.insurance.policy"]
        self.assertEqual((policy.state, policy.days_left), ("valid", 30))
        self.assertEqual(policy.partner_id, self.customer)
        for moment, state in (
            (FROZEN_NOW.replace(month=4, day=2), "expired"),
            (FROZEN_NOW.replace(year=2025, month=3, day=2), "future"),
            (FROZEN_NOW, "valid"),
        ):
            with freeze_time(moment):
                policy.invalidate_recordset()
                self.assertEqual(policy.state, state)
                self.assertIn(policy, policies.search([("state", "=", state)]))
                self.assertNotIn(policy, policies.search([("state", "!=", state)]))
        policy.is_cancelled = True
        self.assertEqual(policy.state, "cancelled")
        self.assertIn(policy, policies.search([("state", "=", "cancelled")]))

    def test_the_customer_is_called_between_30_and_7_days_before(self):
        policy = self._create_policy()
        task = self._task(policy)
        self.assertEqual(
            (task.kind, task.purpose, task.date_from, task.date_to),
            ("insurance_expiry", "marketing", day(0), day(23)),
        )
        self.assertEqual(task.partner_id, self.customer)
        self.assertEqual(self._task(policy), task, "Never twice.")

    def test_renewing_ends_the_call_and_counts(self):
        policy = self._create_policy()
        task = self._task(policy)
        action = policy.action_renew()
        form = Form(
            self.env["car.insurance.policy"]
            .with_user(self.user_follow_up_clerk)
            .with_context(**action["context"])
        )
        form.name = "PA-0002"
        renewed = form.save()
        self.assertEqual(renewed.date_from, day(31))
        self.assertEqual(renewed.kind_ids, policy.kind_ids)
        self.assertEqual(renewed.seller_id, self.user_follow_up_clerk)
        self.assertEqual(policy.renewal, "renewed")
        self.assertEqual((task.state, task.close_reason), ("closed", "obsolete"))
        renewed.is_cancelled = True
        self.assertEqual(policy.renewal, "pending")

    def test_not_renewed_is_written_down_with_its_reason(self):
        policy = self._create_policy()
        task = self._task(policy)
        policy.lost_reason = "price"
        self.assertEqual(policy.renewal, "lost")
        self.assertEqual(task.state, "closed")
        other = self._create_policy(name="PA-0003")
        self._create_policy(name="CP-1", previous_id=other.id)
        self.assertEqual(other.renewal, "elsewhere")

    def test_refused_offers_and_sold_cars_are_not_called(self):
        policy = self._create_policy()
        self._refuse(self.customer, purpose="marketing")
        self.assertEqual(self._task(policy).close_reason, "refused")
        second = self._create_policy(
            name="PA-9", vehicle_id=self.other.car_vehicle_ids.id
        )
        task = self._task(second)
        self.assertEqual(task.partner_id, self.other)
        second.vehicle_id.sudo().owner_id = self.customer
        self.env["car.contact.task"]._withdraw_gone()
        self.assertEqual((task.state, task.close_reason), ("closed", "sold"))

    def test_a_policy_renews_one_of_its_own_vehicle(self):
        policy = self._create_policy()
        with self.assertRefused("another vehicle"):
            self._create_policy(
                name="PA-7",
                vehicle_id=self.other.car_vehicle_ids.id,
                previous_id=policy.id,
            )
        with self.assertRaises(AccessError):
            policy.with_user(self.user_manager).unlink()

    def test_roles_and_companies(self):
        policy = self._create_policy()
        with self.assertRaises(AccessError):
            policy.with_user(self.user_technician).read(["name"])
        with self.assertRaises(AccessError):
            policy.with_user(self.user_cashier).write({"premium": 1.0})
        clerk, _company = self._create_other_company_user("follow_up_clerk")
        with self.assertRaises(AccessError):
            policy.with_user(clerk).read(["name"])
        self.assertEqual(self.vehicle.with_user(self.user_advisor).policy_count, 1)
