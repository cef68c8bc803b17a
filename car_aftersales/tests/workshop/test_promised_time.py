from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PROMISED_AT, CarWorkshopCommon


@tagged("post_install", "-at_install")
class TestPromisedTime(CarWorkshopCommon):
    def _create_order(self, lines=None, **values):
        return super()._create_order(lines, **{"promised_at": False, **values})

    def _record(self, order, **values):
        return self._authorize(order, promised_at=False, **values)

    def test_consent_is_refused_before_a_time_is_promised(self):
        order = self._create_order()
        with self.assertRaisesRegex(UserError, f"{order.name}.*promised time"):
            self._record(order)

    def test_time_told_with_the_consent_becomes_the_promise(self):
        order = self._create_order()
        self._authorize(order, promised_at=PROMISED_AT)
        self.assertEqual(order.promised_at, PROMISED_AT)
        self.assertEqual(order.first_promised_at, PROMISED_AT)

    def test_promise_of_the_order_is_enough(self):
        order = self._create_order(promised_at=PROMISED_AT)
        self._record(order)
        self.assertEqual(order.state, "authorized")
        self.assertEqual(order.promised_at, PROMISED_AT)

    def test_diagnosis_refusal_and_house_need_no_promise(self):
        order = self._create_order()
        labor, *others = order.line_ids
        answer = [Command.create({"line_id": labor.id})]
        self._record(order, kind="diagnosis", line_ids=answer)
        self._record(
            order,
            line_ids=[
                Command.create({"line_id": line.id, "is_approved": False})
                for line in others
            ],
        )
        goodwill = self.env["car.repair.payer"].create(
            {"order_id": order.id, "kind": "goodwill"}
        )
        others[0].payer_id = goodwill
        self._authorize(
            order, self.user_supervisor, channel="supervisor", promised_at=False
        )
        self.assertEqual(len(order.authorization_ids), 3)

    def test_shop_that_does_not_promise_is_not_asked(self):
        self.company.car_requires_promised_time = False
        order = self._create_order()
        self._record(order)
        self.assertEqual(order.state, "authorized")

    def test_dialog_asks_for_the_time(self):
        order = self._create_order()
        form = Form(
            self.env["car.repair.authorization"]
            .with_user(self.user_advisor)
            .with_context(default_order_id=order.id),
            view="car_aftersales.car_repair_authorization_view_form_record",
        )
        form.channel = "phone"
        self.assertTrue(form.needs_promise)
        with self.assertRaisesRegex(AssertionError, "promised_at"):
            form.save()
        form.promised_at = PROMISED_AT
        form.save()
        self.assertEqual(order.promised_at, PROMISED_AT)
