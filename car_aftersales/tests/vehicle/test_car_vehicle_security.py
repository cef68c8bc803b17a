from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, users

from ..common import CarAftersalesCommon

HIDDEN = ("owner_id", "owner_phone", "contact_id", "ownership_ids", "ownership_count")


class TestCarVehicleSecurity(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vehicle = cls._create_vehicle(contact_id=cls.customer.id)
        cls.customer.email = "wang@example.com"

    # === TECHNICIAN AND GATE === #

    @users("car_technician", "car_gate")
    def test_the_car_opens_without_its_people(self):
        vehicle = self.vehicle.with_user(self.env.user)
        arch = etree.fromstring(vehicle.get_view(view_type="form")["arch"])
        fields = {node.get("name") for node in arch.iter("field")}
        self.assertFalse(set(HIDDEN) & fields)
        names = fields & set(vehicle.fields_get())
        self.assertIn("vin", names)
        values = vehicle.web_read({name: {} for name in names})
        self.assertNotIn("王小明", str(values))
        self.assertEqual(vehicle.display_name, "京A12345 Hongqi H5")

    @users("car_technician", "car_gate")
    def test_no_way_leads_to_the_owner(self):
        vehicle = self.vehicle.with_user(self.env.user)
        leaking = vehicle.with_context(
            show_address=True, show_email=True, show_vat=True
        )
        for name in HIDDEN:
            with self.assertRaises(AccessError, msg=name):
                leaking.read([name])
            with self.assertRaises(AccessError, msg=name):
                vehicle.web_read({name: {}})
            with self.assertRaises(AccessError, msg=name):
                vehicle.export_data([name])
        for path in ("owner_id", "owner_id.phone", "ownership_ids.partner_id"):
            with self.assertRaises(AccessError, msg=path):
                vehicle.search([(path, "!=", False)])
        with self.assertRaises(AccessError):
            vehicle.formatted_read_group([], ["owner_id"], ["__count"])
        with self.assertRaises(AccessError):
            vehicle.search([], order="owner_id")
        with self.assertRaises(AccessError):
            self.env["car.vehicle.ownership"].search([])
        with self.assertRaises(AccessError):
            self.env["car.vehicle.event"].search_read([], ["partner_id"])

    @users("car_technician", "car_gate")
    def test_customers_are_no_contacts_of_theirs(self):
        partner = self.customer.with_user(self.env.user)
        for names in (["name"], ["phone"], ["display_name"]):
            with self.assertRaises(AccessError):
                partner.read(names)
        self.assertFalse(partner.search([("phone", "ilike", "138")]))
        self.assertFalse(partner.name_search("王小明"))
        self.assertNotIn(
            "王小明", str(partner.formatted_read_group([], ["name"], ["__count"]))
        )
        colleague = self.user_advisor.partner_id.with_user(self.env.user)
        self.assertEqual(colleague.name, "Advisor")

    @users("car_technician")
    def test_the_chatter_of_the_car_is_closed_to_the_technician(self):
        body = "王小明 asked for a call"
        message = self.vehicle.message_post(body=body)
        self.assertIn(message, self.vehicle.with_user(self.user_advisor).message_ids)
        messages = self.env["mail.message"].search(
            [("model", "=", "car.vehicle"), ("res_id", "=", self.vehicle.id)]
        )
        self.assertFalse(messages)
        self.env.invalidate_all()
        self.assertFalse(self.vehicle.with_user(self.env.user).message_ids)
        with self.assertRaises(AccessError):
            message.with_user(self.env.user).read(["body"])

    @users("car_technician", "car_gate")
    def test_they_change_nothing_about_the_car(self):
        vehicle = self.vehicle.with_user(self.env.user)
        with self.assertRaises(AccessError):
            vehicle.color = "red"
        with self.assertRaises(AccessError):
            vehicle.odometer_km = 100
        with self.assertRaises(AccessError):
            vehicle._record_service(
                self.env["car.repair.package"].sudo().create({"name": "Oil"}),
                "2026-03-01",
                100,
            )

    # === TWO DESKS === #

    def test_a_technician_who_is_advisor_too_sees_customers(self):
        user = new_test_user(
            self.env,
            "car_both",
            groups="car_aftersales.car_aftersales_group_technician,"
            "car_aftersales.car_aftersales_group_advisor",
        )
        self.assertEqual(self.vehicle.with_user(user).owner_id.name, "王小明")
        self.assertIn(
            "owner",
            self.env["car.vehicle.event"].with_user(user).search([]).mapped("kind"),
        )

    def test_the_user_form_keeps_both_desks(self):
        technician = self.env.ref("car_aftersales.car_aftersales_group_technician")
        advisor = self.env.ref("car_aftersales.car_aftersales_group_advisor")
        self.assertNotEqual(technician.privilege_id, advisor.privilege_id)
        user = self.user_technician
        user.write({"group_ids": [Command.link(advisor.id)]})
        with Form(user) as form:
            form.name = "Two Desks"
        self.assertLessEqual(technician | advisor, user.group_ids)

    # === ADVISOR AND ABOVE === #

    @users("car_advisor")
    def test_the_advisor_does_not_export_customers(self):
        with self.assertRaises(AccessError):
            self.vehicle.with_user(self.env.user).export_data(["license_plate"])
        with self.assertRaises(AccessError):
            self.vehicle.with_user(self.env.user).ownership_ids.export_data(["phone"])

    @users("car_supervisor")
    def test_the_supervisor_exports_and_keeps_the_master_data(self):
        rows = self.vehicle.with_user(self.env.user).export_data(["owner_id/name"])
        self.assertEqual(rows["datas"], [["王小明"]])
        brand = self.env["car.vehicle.brand"].create({"name": "Chery"})
        self.env["car.vehicle.model"].create({"name": "QQ", "brand_id": brand.id})
        self.env["car.maintenance.plan"].create({"name": "QQ"})

    @users("car_advisor")
    def test_the_advisor_neither_deletes_cars_nor_adds_models(self):
        with self.assertRaises(AccessError):
            self.vehicle.with_user(self.env.user).unlink()
        with self.assertRaises(AccessError):
            self.env["car.vehicle.model"].create(
                {"name": "X", "brand_id": self.brand.id}
            )

    # === COMPANIES === #

    def test_another_company_s_vehicle_is_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other Site"})
        theirs = self._create_vehicle(
            vin=False, license_plate="京C00001", company_id=other.id, odometer_km=5
        )
        shared = self._create_vehicle(
            vin=False, license_plate="京C00002", company_id=False, odometer_km=5
        )
        Vehicle = self.env["car.vehicle"].with_user(self.user_advisor)
        found = Vehicle.search([("license_plate", "like", "京C")])
        self.assertEqual(found, shared)
        self.assertFalse(Vehicle.name_search("京C00001"))
        with self.assertRaises(AccessError):
            theirs.with_user(self.user_advisor).read(["license_plate"])
        with self.assertRaises(AccessError):
            theirs.with_user(self.user_advisor)._add_reading(10)
        readings = self.env["car.odometer.reading"].with_user(self.user_advisor)
        self.assertEqual(readings.search([]).vehicle_id, shared)
        events = self.env["car.vehicle.event"].with_user(self.user_advisor)
        self.assertNotIn(theirs.id, events.search([]).vehicle_id.ids)

    def test_a_shared_car_may_have_any_company_s_customer(self):
        other = self.env["res.company"].create({"name": "Other Site"})
        customer = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        shared = self._create_vehicle(vin=False, license_plate=False, company_id=False)
        shared.owner_id = customer
        present = shared.ownership_ids.filtered(lambda period: not period.date_to)
        self.assertEqual(present.partner_id, customer)
