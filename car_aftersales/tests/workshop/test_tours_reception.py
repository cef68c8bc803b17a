from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestToursReception(HttpCase):
    """The advisor receives cars on the reception screen, with his own rights only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_advisor = new_test_user(
            cls.env,
            login="tour_desk_advisor",
            groups="car_aftersales.car_aftersales_group_advisor",
            name="Tour Desk",
            tz="UTC",
            lang="en_US",
        )
        brand = cls.env["car.vehicle.brand"].create({"name": "Hongqi"})
        model = cls.env["car.vehicle.model"].create(
            {"name": "H5 Desk", "brand_id": brand.id}
        )
        owner = cls.env["res.partner"].create(
            {"name": "Tour Customer", "phone": "139 7777 0001"}
        )
        cls.vehicle = cls.env["car.vehicle"].create(
            {"license_plate": "沪T00009", "model_id": model.id, "owner_id": owner.id}
        )

    def _run(self, tour):
        self.start_tour("/odoo/car-reception", tour, login="tour_desk_advisor")

    def test_known_car_is_received(self):
        self._run("car_reception_tour")
        order = self.vehicle.order_ids
        self.assertEqual(order.job_ids.name, "Noise in front when braking")
        reception = order.reception_id
        self.assertEqual(reception.state, "done")
        self.assertEqual(reception.data_confirmed_by_id, self.user_advisor)
        self.assertEqual(reception.introduced_by_id, self.user_advisor)

    def test_unknown_car_and_customer_are_made_in_place(self):
        self._run("car_reception_new_tour")
        vehicle = self.env["car.vehicle"].search([("license_plate", "=", "沪T00010")])
        self.assertEqual(vehicle.owner_id.name, "Chen Mei")
        self.assertEqual(len(vehicle.order_ids.reception_id), 1)
