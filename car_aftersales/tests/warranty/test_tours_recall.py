from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestToursRecall(HttpCase):
    """The advisor receives a recalled car with its work, in one tap."""

    def test_a_recalled_car_is_received_with_its_work(self):
        advisor = new_test_user(
            self.env,
            login="tour_recall_advisor",
            groups="car_aftersales.car_aftersales_group_advisor",
            name="Tour Recall",
            tz="UTC",
            lang="en_US",
        )
        brand = self.env["car.vehicle.brand"].create({"name": "Hongqi"})
        model = self.env["car.vehicle.model"].create(
            {"name": "H5 Recall", "brand_id": brand.id}
        )
        owner = self.env["res.partner"].create({"name": "Tour Customer"})
        vehicle = self.env["car.vehicle"].create(
            {"license_plate": "沪T00077", "model_id": model.id, "owner_id": owner.id}
        )
        maker = self.env["res.partner"].create({"name": "Tour Maker"})
        campaign = self.env["car.recall.campaign"].create(
            {
                "number": "TOUR-1",
                "date_from": "2026-01-01",
                "name": "Fuel pump",
                "payer_partner_id": maker.id,
                "vehicle_ids": [Command.create({"vehicle_id": vehicle.id})],
            }
        )
        campaign.action_open()
        self.start_tour("/odoo/car-reception", "car_recall_tour", login=advisor.login)
        job = vehicle.order_ids.job_ids
        self.assertEqual(job.recall_vehicle_id, campaign.vehicle_ids)
        self.assertEqual(job.payer_id.partner_id, maker)
        self.assertEqual(campaign.vehicle_ids.state, "booked")
