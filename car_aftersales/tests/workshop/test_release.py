from odoo import fields
from odoo.fields import Command

from ..common import FROZEN_NOW
from .release_common import CarReleaseCommon


class TestRelease(CarReleaseCommon):
    """The finished car is compared, shown, explained, accepted and given back."""

    def test_car_is_given_back_with_all_formalities(self):
        order = self._bring_to_ready()
        self.assertEqual(order.release_state, "missing")
        self._do_all(order)
        self.assertEqual(order.release_state, "complete")
        self.assertFalse(order.release_missing)
        order.action_deliver()
        self.assertEqual(order.state, "delivered")
        self.assertEqual(order.ready_told_channel, "phone")
        self.assertEqual(order.ready_told_at, FROZEN_NOW)
        self.assertEqual(order.explained_by_id, self.user_advisor)
        self.assertTrue(order.key_returned_at and order.box_returned_at)
        given = order.custody_ids.filtered(lambda log: log.action == "give_back")
        self.assertEqual(len(given), 5)  # key, license, umbrella, child seat, car
        self.assertIn("Umbrella", given.mapped("note"))

    def test_delivery_names_everything_that_is_missing(self):
        order = self._bring_to_ready()
        self._leave_on_credit(order)
        with self.assertRefused(
            "Comparison with the intake(.|\n)*Tell the customer(.|\n)*Pick-up papers"
            "(.|\n)*explained(.|\n)*signature(.|\n)*says about(.|\n)*Key in slot K1"
            "(.|\n)*license(.|\n)*Umbrella"
        ):
            order.action_deliver()
        with self.assertRefused("it is not delivered yet"):
            order.write(
                {
                    "state": "delivered",
                    "accepted_at": FROZEN_NOW,
                    "given_back_at": FROZEN_NOW,
                }
            )

    def test_no_money_is_taken_before_the_charges_are_explained(self):
        order = self._bring_to_ready()
        invoice = self._bill(order)
        with self.assertRefused(f"{order.name}.*explains work, parts and charges"):
            self._pay(invoice)
        self.assertEqual(invoice.payment_state, "not_paid")
        order.action_explain()
        self._pay(invoice)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_who_pays_beforehand_is_not_held_up(self):
        order = self._create_order(type_id=self.type_release.id)
        payer = order._get_customer_payer().with_user(self.user_cashier)
        advance = payer._create_down_payment(100.0).with_env(self.env)
        self._pay(advance)
        self.assertIn(advance.payment_state, ("paid", "in_payment"))

    def test_delivery_is_refused_while_one_thing_is_missing(self):
        order = self._bring_to_ready()
        self._do_all(order, without=("give_back",))
        order.intake_id.document_ids.action_give_back()
        order.intake_id.belonging_ids.action_give_back()
        self.assertEqual(self._open_keys(order), ["return_key"])
        with self.assertRefused("Key in slot K1: give it back"):
            order.action_deliver()
        order.action_take_key()
        with self.assertRefused("Key: with Advisor"):
            order.action_deliver()
        order.action_missing("key_holder")
        order.action_missing("return_key")
        order.action_deliver()
        self.assertEqual(order.state, "delivered")

    def test_delivery_is_refused_without_signed_acceptance(self):
        order = self._bring_to_ready()
        self._do_all(order, without=("accept",))
        with self.assertRefused("finished car accepted"):
            order.action_deliver()
        self._accept(order)
        order.action_deliver()
        self.assertEqual(order.accepted_at, FROZEN_NOW)

    def test_changed_comparison_makes_the_acceptance_void(self):
        order = self._bring_to_ready()
        self._do_all(order)
        release = order.release_id
        action = release.with_user(self.user_supervisor).action_reopen()
        self.env[action["res_model"]].with_user(self.user_supervisor).with_context(
            **action["context"]
        ).create({"reason": "Look again"}).action_confirm()
        self.assertEqual(release.state, "in_progress")
        self.assertIn("release_finish", self._open_keys(order))
        self.assertIn("sign_acceptance", self._open_keys(order))

    # === COMPARISON === #

    def test_comparison_shows_what_the_intake_saw(self):
        order = self._bring_to_ready()
        release = self._begin_release(order)
        self.assertEqual(
            release.belonging_ids.mapped("name"), ["Umbrella", "Child seat"]
        )
        self.assertEqual(release.document_ids.type_id, self.license)
        self.assertEqual(release.damage_ids.mapped("x"), [30])
        self.assertFalse(release.damage_ids.is_new)
        self.assertEqual(release.line_ids.mapped("name"), ["Washed"])
        self.assertEqual(order.action_release_check()["res_id"], release.id)

    def test_differences_are_explained_before_the_comparison_is_closed(self):
        order = self._bring_to_ready()
        release = self._begin_release(order)
        release.action_rest_ok()
        umbrella = release.belonging_ids[0]
        umbrella.presence = "missing"
        release.action_all_there()
        release.release_fuel_level = "1"
        release.damage_ids = [Command.create({"x": 50, "y": 10, "kind": "dent"})]
        with self.assertRefused(
            "Umbrella: not as it came in(.|\n)*New damage(.|\n)*Less fuel"
        ):
            release.action_finish()
        umbrella.explanation = "Lost; replaced by a new one on Friday"
        release.fuel_explanation = "Road test of 12 km"
        new = release.damage_ids.filtered("is_new")
        new.note = "Polished free of charge on Friday"
        release.action_finish()
        self.assertEqual(release.state, "done")
        self.assertEqual(len(order._get_pickup_differences()), 3)

    def test_what_was_lost_and_explained_is_not_given_back(self):
        order = self._bring_to_ready()
        release = self._begin_release(order)
        umbrella = release.belonging_ids[0]
        umbrella.write({"presence": "missing", "explanation": "Lost, paid for"})
        keys = self._open_keys(order)
        self.assertNotIn(f"return_belonging_{umbrella.origin_id.id}", keys)
        with self.assertRefused("Umbrella is not kept here"):
            umbrella.origin_id.with_user(self.user_advisor).action_give_back()

    def test_closed_comparison_is_kept(self):
        order = self._bring_to_ready()
        release = self._compare(order)
        with self.assertRefused("it is closed"):
            release.belonging_ids[0].presence = "missing"
        with self.assertRefused("it is closed"):
            release.release_fuel_level = "0"

    # === TOLD, PREPARED, EXPLAINED === #

    def test_first_notice_ends_the_repair_and_every_one_is_logged(self):
        order = self._bring_to_ready()
        self._tell(order, note="comes at five")
        first = order.ready_told_at
        self.assertEqual(order.ready_told_to, "王小明")
        self.assertTrue(
            any(
                "comes at five" in (body or "")
                for body in order.message_ids.mapped("body")
            )
        )
        self._tell(order, channel="message")
        self.assertEqual(order.ready_told_at, first)
        self.assertEqual(order.ready_told_channel, "message")

    def test_notice_goes_by_mail_and_sms(self):
        order = self._bring_to_ready()
        with self.assertRefused("no e-mail address"):
            self._tell(order, channel="mail")
        self.customer.email = "wang@example.com"
        self._tell(order, channel="mail")
        mails = self.env["mail.mail"].search([("res_id", "=", order.id)])
        mails = mails.filtered(lambda mail: mail.model == order._name)
        self.assertIn("is ready", mails.subject)
        self._tell(order, channel="sms")
        sms = self.env["sms.sms"].search([("partner_id", "=", self.customer.id)])
        self.assertIn("is ready", sms.body)

    def test_steps_wait_until_the_car_is_ready(self):
        order = self._create_order(type_id=self.type_release.id)
        for step in (
            order.action_tell_ready,
            order.action_explain,
            order.action_release_check,
            order.action_sign_acceptance,
        ):
            with self.assertRefused("the car is not ready"):
                step()

    def test_moments_are_written_by_the_steps_only(self):
        order = self._bring_to_ready()
        order.write(
            {
                "ready_told_at": FROZEN_NOW,
                "explained_at": FROZEN_NOW,
                "papers_prepared_at": FROZEN_NOW,
                "release_override_at": FROZEN_NOW,
            }
        )
        self.assertFalse(
            order.ready_told_at
            or order.explained_at
            or order.papers_prepared_at
            or order.release_override_at
        )

    def test_work_after_ready_asks_for_everything_again(self):
        order = self._bring_to_ready()
        self._do_all(order, without=("settle", "give_back"))
        order.action_rework("The customer hears a noise", "additional")
        self.assertFalse(order.ready_told_at or order.explained_at or order.accepted_at)
        self.assertEqual(order.release_id.state, "in_progress")
        self.assertFalse(order.release_id._get_signature("acceptance"))

    # === LET GO, OTHER TYPES, WORDS === #

    def test_supervisor_lets_a_car_go_with_a_reason(self):
        order = self._bring_to_ready()
        self._leave_on_credit(order)
        boss = order.with_user(self.user_supervisor)
        action = boss.action_override_release()
        dialog = self.env[action["res_model"]].with_user(self.user_supervisor)
        dialog.with_context(**action["context"]).create(
            {"reason": "Customer in a hurry"}
        ).action_confirm()
        self.assertEqual(order.release_state, "released")
        self.assertEqual(order.release_override_by_id, self.user_supervisor)
        order.action_deliver()
        self.assertEqual(order.state, "delivered")
        self.assertTrue(order.key_returned_at)

    def test_type_that_does_not_block_only_tells(self):
        self.type_release.is_release_blocking = False
        order = self._bring_to_ready()
        self._settle(order)
        self.assertEqual(order.release_state, "missing")
        order.action_deliver()
        self.assertEqual(order.state, "delivered")

    def test_type_that_asks_for_nothing_is_delivered_as_ever(self):
        order = self._create_order()
        self._make_ready(order)
        self.assertEqual(order.release_state, "none")
        self._settle(order)
        order.with_user(self.user_advisor).action_deliver()
        self.assertEqual(order.state, "delivered")

    def test_negative_words_are_followed_until_settled(self):
        order = self._bring_to_ready()
        with self.assertRefused("what the customer is not satisfied with"):
            self._remark(order, mood="negative")
        remark = self._remark(order, mood="negative", text="Waited an hour")
        self.assertEqual(remark.state, "open")
        self.assertEqual(
            remark.responsible_id.group_ids & self.user_supervisor.group_ids,
            self.env.ref("car_aftersales.car_aftersales_group_supervisor"),
        )
        boss = remark.with_user(self.user_supervisor)
        with self.assertRefused("what was done about it"):
            boss.action_settle()
        boss.write({"answer": "Apologized; next visit with appointment"})
        boss.action_settle()
        self.assertEqual(remark.state, "settled")
        self.assertEqual(remark.settled_at, FROZEN_NOW)
        with self.assertRefused("stay as he said them"):
            boss.write({"text": "All was fine"})
        self.assertEqual(self._remark(order).state, "noted")

    def test_papers_say_what_was_checked_and_what_comes_next(self):
        order = self._bring_to_ready()
        self._compare(order)
        order.pickup_advice = "Run in the new pads gently"
        order.action_pickup_papers()
        self.assertEqual(order.papers_prepared_at, fields.Datetime.now())
        report = self.env.ref("car_aftersales.car_repair_order_report_pickup")
        html = report._render_qweb_html(report.report_name, order.ids)[0].decode()
        for text in (
            "Repair Contract",
            "Settlement Statement",
            "Pick-Up Sheet",
            "Inspector",
            "Run in the new pads gently",
            "Umbrella",
        ):
            self.assertIn(text, html)
        self.assertNotIn("Less Fuel", html)
