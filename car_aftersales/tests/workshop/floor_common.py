from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command

from .common import PROMISED_AT, SIGNATURE, CarWorkshopCommon

PRICE, PHONE, STREET = 7391.5, "138 0013 8000", "中山路"
SECRETS = ("7391.5", "7,391.5", "8352.4", "8,352.4", PHONE, "13800138000", STREET)
# What leads from a record that a technician may know to what he may not
ORDER_PATHS = {
    "phone": PHONE,
    "partner_id.phone": PHONE,
    "partner_id.street": STREET,
    "line_ids.price_unit": PRICE,
    "authorization_ids.line_ids.price_unit": PRICE,
    "amount_untaxed": PRICE,
}
PATHS = {
    "car.repair.order": ORDER_PATHS,
    "car.repair.job": {
        "amount_untaxed": PRICE,
        "line_ids.price_unit": PRICE,
        **{f"order_id.{path}": value for path, value in ORDER_PATHS.items()},
    },
    "car.repair.line": {
        "price_unit": PRICE,
        "price_subtotal": PRICE,
        "order_id.partner_id.phone": PHONE,
        "additional_work_id.order_id.partner_id.phone": PHONE,
    },
    "car.vehicle": {
        "owner_id.phone": PHONE,
        "owner_id.street": STREET,
        "order_ids.partner_id.phone": PHONE,
    },
    "car.additional.work": {
        "line_ids.price_unit": PRICE,
        "order_id.partner_id.phone": PHONE,
        "order_id.line_ids.price_unit": PRICE,
    },
    "res.partner": {"phone": PHONE, "street": STREET},
}


class FloorSecurityCommon(CarWorkshopCommon):
    """A visit with everything the workshop writes, whose price, phone and address a
    technician is not to learn. At many dealers he washes cars and opens the gate, too.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.li = cls.env["car.technician"].create(
            {
                "name": "Li Wei",
                "user_id": cls.user_technician.id,
                "badge": "BADGE-LI-0001",
            }
        )
        cls.board = cls.env["car.board"].create({"name": "Wall"})

    def setUp(self):
        super().setUp()
        self._receive_car()

    def _receive_car(self):
        self.order = self._create_order(
            lines=[{"product_id": self.labor.id, "price_unit": PRICE}],
            preauthorized_limit=PRICE,
        )
        self._authorize(self.order)
        self.job = self.order.job_ids.with_user(self.user_technician)

    def _play_the_floor(self):
        """Wash, hand over, work, find more, ask, fail and work again."""
        order = self.order.with_user(self.user_advisor)
        order.action_request_wash()
        order.wash_ids.with_user(self.user_gate).action_finish()
        order._hand_car_over("workshop", name="Zhao", signature=SIGNATURE)
        self.job.action_start()
        self.work = self._report()
        self.work.with_user(self.user_advisor).action_offer()
        self.work.sudo().line_ids.with_user(self.user_advisor).price_unit = PRICE
        self._authorize(
            order,
            line_ids=[
                Command.create({"line_id": line.id, "is_approved": True})
                for line in self.work.sudo().line_ids
            ],
            promised_at=PROMISED_AT + timedelta(hours=2),
            kind="additional",
        )
        self.job.action_finish()
        added = self.work.added_job_id.with_user(self.user_technician)
        added.action_start()
        added.action_finish()
        order.action_request_quality_check()
        added.with_user(self.user_inspector).action_send_back("Still squeals")
        return order

    def _report(self, **values):
        return (
            self.env["car.additional.work"]
            .with_user(self.user_technician)
            .create(
                {
                    "job_id": self.job.id,
                    "name": "Brake pads worn",
                    "labor_product_id": self.labor.id,
                    **values,
                }
            )
        )

    def _get_readable(self):
        """Return our models and what messages and files are in, as the technician."""
        names = [
            name
            for name, model in self.env.registry.items()
            if name.startswith("car.") and model._auto and not model._abstract
        ]
        for name in (*sorted(names), "mail.message", "ir.attachment", "res.partner"):
            model = self.env[name].with_user(self.user_technician)
            if model.has_access("read"):
                yield model

    def _read_all(self, records):
        """Return everything a user reads of records, as text."""
        try:
            return str(records.read())
        except AccessError:  # a link to what he may not read; look at the others
            texts = []
        for name in records.fields_get():
            try:
                texts.append(str(records.read([name])))
            except AccessError as refusal:
                texts.append(str(refusal))
        return "".join(texts)

    def assertNoSecret(self, text, where):
        for secret in SECRETS:
            # What was read may be long: the place and the secret say enough.
            self.assertFalse(secret in text, f"{where} tells {secret}")
