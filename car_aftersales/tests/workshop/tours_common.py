from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user


class CarToursCommon(HttpCase):
    """A car, an operation, a key slot, and a user for each desk of the tours."""

    tiers = ("advisor", "inspector", "cashier", "gate")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["account.journal"].search([("type", "=", "sale")], limit=1):
            cls.env["account.chart.template"]._load(
                "generic_coa", cls.env.company, install_demo=False
            )
        for tier in cls.tiers:
            user = new_test_user(
                cls.env,
                login=f"tour_{tier}",
                groups=f"car_aftersales.car_aftersales_group_{tier}",
                name=f"Tour {tier.title()}",
                tz="Asia/Shanghai",
                lang="en_US",
            )
            setattr(cls, f"user_{tier}", user)
        brand = cls.env["car.vehicle.brand"].create({"name": "Hongqi"})
        model = cls.env["car.vehicle.model"].create(
            {"name": "H5", "brand_id": brand.id}
        )
        cls.vehicle = cls.env["car.vehicle"].create(
            {
                "license_plate": "京A12345",
                "model_id": model.id,
                "owner_id": cls.env["res.partner"].create({"name": "王小明"}).id,
            }
        )
        cls.labor = cls.env["product.product"].create(
            {
                "name": "Replace Brake Pads",
                "type": "service",
                "car_item_kind": "labor",
                "list_price": 240.0,
                "taxes_id": [Command.clear()],
            }
        )
        cls.slot = cls.env["car.key.slot"].create({"name": "K1"})

    def _settle(self, order):
        """Let the car leave on credit: these tours are not about money."""
        order.with_user(self.user_cashier).action_create_invoices()
        drafts = order.sudo().invoice_ids.filtered(lambda move: move.state == "draft")
        drafts.action_post()
        order._get_customer_payer().sudo().action_authorize_credit("Fleet customer")
        order.with_user(self.user_cashier).action_issue_exit_pass()
