from lxml import etree

from odoo.exceptions import AccessError, UserError

from .common import SIGNATURE
from .release_common import CarReleaseCommon


class TestReleaseSecurity(CarReleaseCommon):
    """Who takes which step of quality check and pick-up, tried by those who may not."""

    def test_steps_of_the_pick_up_are_the_advisors(self):
        order = self._bring_to_ready()
        for user in (self.user_inspector, self.user_cashier, self.user_parts_clerk):
            other = order.with_user(user)
            for step in (other.action_tell_ready, other.action_explain):
                with self.assertRaises(AccessError):
                    step()
            with self.assertRaises(AccessError):
                other._tell_ready("phone", "Wang")
        with self.assertRefused("your role may not", AccessError):
            order.action_override_release("I want to")
        intake = order.intake_id
        with self.assertRaises(AccessError):
            intake.belonging_ids[0].with_user(self.user_cashier).action_give_back()

    def test_acceptance_is_not_signed_on_another_inspection(self):
        order = self._bring_to_ready()
        with self.assertRefused("on the comparison"):
            self._sign(order.intake_id, "acceptance")
        release = self._begin_release(order)
        with self.assertRaises(AccessError):
            self.env["car.inspection.signature"].with_user(self.user_inspector).create(
                {
                    "inspection_id": release.id,
                    "purpose": "acceptance",
                    "signed_by": "x",
                    "signature": SIGNATURE,
                }
            )

    def test_technician_sees_nothing_of_the_customer(self):
        order = self._bring_to_ready()
        release = self._begin_release(order)
        remark = self._remark(order, mood="negative", text="Waited an hour")
        seen = release.with_user(self.user_technician)
        for name in ("release_fuel_level", "comparison_missing", "belonging_ids"):
            with self.assertRaises(AccessError):
                seen.read([name])
        with self.assertRaises(AccessError):
            remark.with_user(self.user_technician).read(["text"])
        with self.assertRaises(AccessError):
            order.with_user(self.user_technician).read(["remark_ids"])
        check = order.quality_check_ids.with_user(self.user_technician)
        self.assertEqual(check.read(["result"])[0]["result"], "passed")

    def test_technician_neither_finishes_the_comparison_nor_is_offered_it(self):
        release = self._begin_release(self._bring_to_ready())
        seen = release.with_user(self.user_technician)
        with self.assertRefused("your role may not", AccessError):
            seen.action_finish()
        for user, kinds in (
            (self.user_technician, "kind in ('intake', 'release')"),
            (self.user_advisor, "kind == 'intake' and intake_step != 'close'"),
        ):
            view = self.env["car.inspection"].with_user(user).get_view(view_type="form")
            (button,) = etree.fromstring(view["arch"]).xpath(
                "//button[@name='action_finish']"
            )
            self.assertIn(kinds, button.get("invisible"))

    def test_other_company_sees_nothing_of_it(self):
        order = self._bring_to_ready()
        remark = self._remark(order)
        other = self.env["res.company"].create({"name": "Other dealer"})
        self.user_supervisor.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        for record in (remark, order.quality_check_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.user_supervisor).read(["display_name"])

    def test_customers_words_are_not_deleted(self):
        remark = self._remark(self._bring_to_ready())
        for user in (self.user_advisor, self.user_manager):
            with self.assertRaises(UserError):
                remark.with_user(user).unlink()
