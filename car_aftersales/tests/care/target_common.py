from contextlib import contextmanager
from datetime import datetime

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command

from ..workshop.common import CarWorkshopCommon


class TargetCommon(CarWorkshopCommon):
    """Targets of 2026, and what fills them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Those of the rule book would stand in the way.
        cls.env["car.target"].search([]).unlink()
        cls.company.resource_calendar_id.tz = "Asia/Shanghai"
        top = cls.env["product.category"].create({"name": "精品"})
        below = cls.env["product.category"].create(
            {
                "name": "脚垫",
                "parent_id": top.id,
                "property_cost_method": cls.cost_method,
                "property_valuation": cls.valuation,
            }
        )
        cls.company.car_accessory_category_id = top
        cls.mat = cls._create_part(
            name="Floor mat",
            stock=5.0,
            standard_price=100.0,
            list_price=180.0,
            categ_id=below.id,
        )

    @contextmanager
    def _on(self, day, hour=10):
        """Let it be an hour of a day in Shanghai; what is done is then saved."""
        moment = datetime.combine(fields.Date.to_date(day), datetime.min.time())
        with freeze_time(fields.Datetime.add(moment, hours=hour - 8)):
            yield
            self.env.flush_all()

    def _create_target(self, indicator, value=100.0, period="year", **values):
        return (
            self.env["car.target"]
            .with_user(self.user_supervisor)
            .create(
                {
                    "indicator": indicator,
                    "target_value": value,
                    "period": period,
                    "date_from": "2026-03-01",
                    **values,
                }
            )
        )

    def _sell(self, product, quantity, day, move_type="out_invoice"):
        """Sell without a repair order, over the counter."""
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.customer.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create({"product_id": product.id, "quantity": quantity})
                ],
            }
        )
        move.action_post()
        return move
