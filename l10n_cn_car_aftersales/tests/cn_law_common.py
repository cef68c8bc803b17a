from odoo.fields import Command

from odoo.addons.car_aftersales.tests.workshop.common import CarWorkshopCommon


class CnLawCommon(CarWorkshopCommon):
    """A dealer to whom the repair law of China applies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref("base.cn")
        cls.company.write(
            {
                "car_cn_law": True,
                "vat": "91310000MA1K35Q61X",
                "phone": "021 5555 0100",
                "street": "曹安公路 1 号",
                "car_cn_license_number": "310114000001",
                "car_cn_license_class": "1",
            }
        )
        cls.vehicle.plate_country_id = cls.china
        cls.law = cls.env.ref("l10n_cn_car_aftersales.car_law_guarantee_2023")
        cls.classes = {
            code: cls.env.ref(f"car_aftersales.car_repair_class_{code}")
            for code in ("whole", "assembly", "level2", "level1", "minor", "special")
        }
        cls.type_level2 = cls.env.ref("car_aftersales.car_repair_type_level2")

    # === BUILDERS === #

    def _create_level2(self, **values):
        """Return an order for a level-2 maintenance, made by the advisor."""
        return self._create_order(
            type_id=self.type_level2.id, odometer_km=42000, **values
        )

    def _bring_level2_to_ready(self, **values):
        order = self._create_level2(**values)
        self._make_ready(order)
        self.assertEqual(order.state, "ready")
        return order

    def _settle(self, order):
        """Bill, take the money, issue the exit pass."""
        for invoice in self._bill(order):
            self._pay(invoice)
        order.with_user(self.user_cashier).action_issue_exit_pass()

    def _issue_certificate(self, order, user=None, **values):
        """Issue the certificate in its dialog; return it."""
        order = order.with_user(user or self.user_inspector)
        action = order.action_issue_certificate()
        dialog = self.env[action["res_model"]].with_user(order.env.user)
        dialog = dialog.with_context(**action["context"]).create(values)
        dialog.action_confirm()
        return order.cn_certificate_id

    def _create_job_lines(self, repair_class):
        """Return an order with labor, a part and a fee in one job of this class."""
        fee = self.env.ref("car_aftersales.product_diagnosis_fee")
        order = self._create_order(
            [
                {"product_id": self.labor.id},
                {"product_id": self.filter.id},
                {"product_id": fee.id},
            ]
        )
        order.job_ids.repair_class_id = repair_class
        return order

    def _create_law(self, date_from, days, km, **values):
        """Return a version of the law with one row, for minor repairs of cars."""
        return self.env["car.law.guarantee"].create(
            {
                "name": "Law to come",
                "date_from": date_from,
                "line_ids": [
                    Command.create(
                        {
                            "vehicle_kind": "car",
                            "law_class": "minor",
                            "days": days,
                            "km": km,
                        }
                    )
                ],
                **values,
            }
        )
