import base64

from odoo.fields import Command

from ..care.care_common import CarCareCommon
from ..workshop.common import SIGNATURE

# Well formed, of no real car
VINS = [f"LTESTRECALL{number:06}" for number in range(1, 40)]
VINS = [vin.replace("LTESTRECALL", "LTESTRECA77") for vin in VINS]


class RecallCommon(CarCareCommon):
    """A maker's terms, a work package with a pump in it, and campaigns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["car.warranty.maker"].create(
            {"partner_id": cls.maker.id, "labor_rate": 120.0}
        )
        cls.pump = cls._create_part(
            stock=3.0, name="Fuel pump", standard_price=100.0, list_price=220.0
        )
        cls.package = cls.env["car.repair.package"].create(
            {
                "name": "Replace fuel pump",
                "line_ids": [
                    Command.create({"product_id": cls.labor.id}),
                    Command.create({"product_id": cls.pump.id, "quantity": 1}),
                ],
            }
        )
        cls.cars = cls.env["car.recall.vehicle"]

    # === BUILDERS === #

    def _create_campaign(self, cars=(), is_open=True, **values):
        """Return a campaign of the warranty clerk with these cars."""
        campaign = (
            self.env["car.recall.campaign"]
            .with_user(self.user_warranty_clerk)
            .create(
                {
                    "number": "R2026-01",
                    "name": "Fuel pump",
                    "risk": "The engine may stop.",
                    "maker_id": self.terms.id,
                    "package_id": self.package.id,
                    "date_from": "2026-01-01",
                    **values,
                }
            )
        )
        self.cars.with_user(self.user_warranty_clerk).create(
            [{"campaign_id": campaign.id, "vehicle_id": car.id} for car in cars]
        )
        if is_open:
            campaign.action_open()
        return campaign

    def _row(self, campaign, vehicle=None):
        """Return the row of a car as the advisor sees it."""
        row = campaign.sudo().vehicle_ids.filtered(
            lambda one: one.vehicle_id == (vehicle or self.vehicle)
        )
        return row.with_user(self.user_advisor)

    def _load(self, campaign, text, user=None, **values):
        """Load a list of VINs as the clerk does; return its report."""
        content = text if isinstance(text, bytes) else text.encode()
        load = (
            self.env["car.recall.import"]
            .with_user(user or self.user_warranty_clerk)
            .create(
                {
                    "campaign_id": campaign.id,
                    "file": base64.b64encode(content),
                    "file_name": "vins.csv",
                    **values,
                }
            )
        )
        load.action_load()
        return load

    def _answer(self, row, answer, user=None, **values):
        """Write down in the dialog what becomes of a car."""
        dialog = (
            self.env["car.recall.answer"]
            .with_user(user or self.user_advisor)
            .with_context(default_recall_vehicle_ids=row.ids)
            .create({"answer": answer, **values})
        )
        return dialog.action_confirm()

    def _refuse(self, row, **values):
        values = {
            "reason": "Sells the car next week",
            "signed_by": "王小明",
            "signature": SIGNATURE,
            **values,
        }
        return self._answer(row, "refuse", **values)

    def _put_off(self, row, order, **values):
        values = {
            "order_id": order.id,
            "reason": "Pump not delivered",
            "until": "2026-03-20",
            "signed_by": "王小明",
            "signature": SIGNATURE,
            **values,
        }
        return self._answer(row, "put_off", **values)

    def _bill_and_pass(self, order):
        """Bring a ready order to where only the delivery is missing."""
        for invoice in self._bill(order):
            if invoice.amount_residual and invoice.partner_id == self.customer:
                self._pay(invoice)
        order.with_user(self.user_cashier).action_issue_exit_pass()

    def _prepare_delivery(self, **values):
        """Return an order that was played up to its delivery."""
        order = self._create_order(**values)
        self._make_ready(order)
        self._bill_and_pass(order)
        return order
