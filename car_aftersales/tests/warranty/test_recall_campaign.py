from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .recall_common import VINS, RecallCommon


@tagged("post_install", "-at_install")
class TestRecallCampaign(RecallCommon):
    """The warranty clerk keeps campaigns: their cars, their parts, how far they are."""

    # === KEEPING === #

    def test_the_form_presets_payer_and_duty(self):
        form = Form(self.env["car.recall.campaign"].with_user(self.user_warranty_clerk))
        form.name = "Airbag"
        form.maker_id = self.terms
        self.assertEqual(
            (form.payer_kind, form.payer_partner_id), ("warranty", self.maker)
        )
        self.assertTrue(form.is_mandatory)
        form.kind = "service_action"
        self.assertFalse(form.is_mandatory)
        campaign = form.save()
        self.assertRegex(campaign.number, r"^RC/2026/\d{4}$")

    def test_it_runs_only_with_a_payer_and_by_the_warranty_clerk(self):
        campaign = self._create_campaign(
            is_open=False, maker_id=False, payer_partner_id=False
        )
        with self.assertRefused("say who pays"):
            campaign.action_open()
        campaign.payer_kind = "goodwill"
        campaign.action_open()
        self.assertEqual(str(campaign.opened_on), "2026-03-02")
        for user in (self.user_advisor, self.user_parts_clerk, self.user_supervisor):
            with self.assertRaises(AccessError):
                campaign.with_user(user).action_close()
        with self.assertRefused("kept for the records"):
            campaign.with_user(self.user_manager).unlink()
        with self.assertRefused("cannot become"):
            self._create_campaign(number="C2", is_open=False).action_close()

    def test_a_campaign_that_was_told_does_not_go_back_to_draft(self):
        campaign = self._create_campaign([self.vehicle])
        campaign.action_reset()
        campaign.action_open()
        self._row(campaign).action_inform()
        with self.assertRefused("close it instead"):
            campaign.action_reset()

    def test_numbers_are_unique_by_maker_and_company(self):
        self._create_campaign()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._create_campaign()
        self._create_campaign(maker_id=False, payer_partner_id=self.maker.id)

    def test_a_campaign_with_cars_stays_with_its_company(self):
        campaign = self._create_campaign([self.vehicle], is_open=False)
        other = self.env["res.company"].create({"name": "Other dealer"})
        with self.assertRefused("stays with its company"):
            campaign.sudo().company_id = other

    def test_every_desk_reads_campaigns_and_only_some_change_them(self):
        campaign = self._create_campaign([self.vehicle])
        for user in (
            self.user_technician,
            self.user_parts_clerk,
            self.user_gate,
            self.user_advisor,
        ):
            self.assertEqual(campaign.with_user(user).affected_count, 1)
            with self.assertRaises(AccessError):
                campaign.with_user(user).name = "Mine"
        with self.assertRaises(AccessError):
            campaign.with_user(self.user_portal).read(["name"])

    # === FINDING CARS === #

    def _find(self, **values):
        campaign = self._create_campaign(number=f"F{len(values)}{values}", **values)
        campaign.action_find_vehicles()
        return campaign.vehicle_ids.vehicle_id

    def test_cars_are_found_by_model_and_ranges(self):
        other_model = self.env["car.vehicle.model"].create(
            {"name": "H9", "brand_id": self.brand.id}
        )

        def car(number, **values):
            return self._create_vehicle(
                license_plate=f"京D0000{number}", vin=VINS[number], **values
            )

        first = car(1, model_year=2020, built_on="2020-05-01")
        second = car(2, model_year=2021, built_on="2021-05-01")
        third = car(3, model_year=2020, model_id=other_model.id)
        self.vehicle.model_year = 0
        self.assertEqual(
            self._find(model_ids=[Command.set(self.model.ids)]),
            first | second | self.vehicle,
        )
        self.assertEqual(self._find(year_from=2020, year_to=2020), first | third)
        self.assertEqual(
            self._find(year_to=2020, model_ids=[Command.set(self.model.ids)]), first
        )
        self.assertEqual(
            self._find(built_from="2020-05-01", built_to="2020-05-01"), first
        )
        self.assertEqual(self._find(built_from="2020-05-02"), second)
        self.assertEqual(
            self._find(vin_from=VINS[2].lower(), vin_to=VINS[3]), second | third
        )
        third.active = False
        self.assertEqual(self._find(vin_from=VINS[3]), third.browse())

    def test_finding_again_adds_nothing_and_keeps_what_is_known(self):
        campaign = self._create_campaign(model_ids=[Command.set(self.model.ids)])
        campaign.action_find_vehicles()
        self._row(campaign).action_inform()
        campaign.action_find_vehicles()
        self.assertEqual(campaign.affected_count, 1)
        self.assertEqual(self._row(campaign).state, "informed")

    def test_a_range_is_asked_for_and_must_make_sense(self):
        campaign = self._create_campaign()
        with self.assertRefused("give models, model years"):
            campaign.action_find_vehicles()
        with self.assertRefused("lies before its beginning"):
            campaign.write({"vin_from": VINS[3], "vin_to": VINS[2]})
        with self.assertRefused("of the same length"):
            campaign.write({"vin_from": VINS[3], "vin_to": VINS[3][:-1] + "99"})
        with self.assertRaises(AccessError):
            campaign.with_user(self.user_advisor).action_find_vehicles()

    # === LATER CARS === #

    def test_a_later_car_is_tied_to_the_list_that_names_it(self):
        campaign = self._create_campaign()
        self._load(campaign, "\n".join(VINS[:3]))
        with self._day("2026-05-04"):
            car = (
                self.env["car.vehicle"]
                .with_user(self.user_advisor)
                .create(
                    {
                        "license_plate": "京E00001",
                        "vin": VINS[1].lower(),
                        "model_id": self.model.id,
                        "owner_id": self.customer.id,
                    }
                )
            )
        row = self._row(campaign, car)
        self.assertEqual((row.vin, str(row.linked_on)), (VINS[1], "2026-05-04"))
        self.assertEqual(car.open_recall_count, 1)
        self.assertEqual(campaign.affected_count, 3)

    def test_a_later_car_in_the_range_is_listed_while_it_runs(self):
        running = self._create_campaign(model_ids=[Command.set(self.model.ids)])
        draft = self._create_campaign(
            number="D1", is_open=False, model_ids=[Command.set(self.model.ids)]
        )
        plain = self._create_campaign(number="P1")
        car = self._create_vehicle(license_plate="京E00002", vin=VINS[4])
        self.assertEqual(running.vehicle_ids.vehicle_id, car)
        self.assertFalse(draft.vehicle_ids or plain.vehicle_ids)

    def test_a_corrected_vin_unties_and_ties(self):
        campaign = self._create_campaign()
        self._load(campaign, "\n".join(VINS[:2]))
        car = self._create_vehicle(license_plate="京E00003", vin=VINS[0])
        self.assertTrue(self._row(campaign, car))
        car.vin = VINS[1]
        rows = {row.vin: row.vehicle_id for row in campaign.vehicle_ids}
        self.assertEqual(rows, {VINS[0]: car.browse(), VINS[1]: car})

    def test_many_new_cars_cost_as_many_queries_as_one(self):
        campaign = self._create_campaign()
        self._load(campaign, "\n".join(VINS))
        cars = self.env["car.vehicle"]
        counts = []
        for first, last in ((10, 11), (11, 31)):
            made = cars.create(
                [
                    {
                        "vin": f"LTESTFRESH{n:07}".replace("O", "0"),
                        "model_id": self.model.id,
                    }
                    for n in range(first, last)
                ]
            )
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE car_vehicle SET vin = data.vin FROM (VALUES %s) data (id, vin)"
                " WHERE car_vehicle.id = data.id"
                % ", ".join(
                    f"({car.id}, '{VINS[n]}')" for n, car in enumerate(made, first)
                )
            )
            self.env.invalidate_all()
            made.mapped("vin")
            before = self.env.cr.sql_log_count
            made._link_recalls()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(made.mapped("open_recall_count")))
        self.assertLessEqual(counts[1], counts[0] + 1, counts)

    def test_a_new_owner_is_asked_himself(self):
        campaign = self._create_campaign([self.vehicle])
        row = self._row(campaign)
        self._refuse(row)
        buyer = self.env["res.partner"].create({"name": "Li Lei"})
        with self._day("2026-04-01"):
            self.vehicle.owner_id = buyer
        self.assertEqual((row.state, str(row.linked_on)), ("open", "2026-04-01"))
        self.assertFalse(row.refusal_signature)

    def test_a_recalled_car_is_not_deleted(self):
        car = self._create_vehicle(license_plate="京E00009", vin=VINS[9])
        self._create_campaign([car])
        with self.assertRefused("it has recalls"):
            car.with_user(self.user_manager).unlink()

    # === FIGURES === #

    def test_figures_count_what_is_ours(self):
        cars = [
            self._create_vehicle(license_plate=f"京F0000{n}", vin=VINS[n])
            for n in range(8)
        ]
        campaign = self._create_campaign(cars)
        self._load(campaign, f"{VINS[20]}\n{VINS[21]}")
        rows = [self._row(campaign, car) for car in cars]
        for row in rows[:3]:
            self._answer(row, "elsewhere", done_on="2026-02-01", done_by="Nanjing")
        rows[3].action_inform()
        self._refuse(rows[4])
        self._answer(rows[5], "gone", gone_reason="scrapped", reason="Letter")
        self._answer(rows[6], "gone", gone_reason="exported")
        campaign.invalidate_recordset()
        self.assertEqual(
            {
                "affected": campaign.affected_count,
                "known": campaign.known_count,
                "waiting": campaign.waiting_count,
                "done": campaign.done_count,
                "refused": campaign.refused_count,
                "gone": campaign.gone_count,
            },
            {
                "affected": 10,
                "known": 8,
                "waiting": 4,
                "done": 3,
                "refused": 1,
                "gone": 2,
            },
        )
        self.assertEqual(campaign.completion_rate, 37.5)  # 3 of 8
        self.assertEqual(campaign.informed_rate, 62.5)  # 3, 1 and 1 of 8
        empty = self._create_campaign(number="E1")
        self.assertEqual((empty.completion_rate, empty.informed_rate), (0.0, 0.0))

    def test_figures_of_many_campaigns_cost_one_query(self):
        made = [self._create_campaign([self.vehicle], number=f"Q{n}") for n in range(5)]
        campaigns = self.env["car.recall.campaign"].concat(*made)
        for some in (campaigns[:1], campaigns):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("state")
            with self.assertQueryCount(1):
                self.assertEqual(sum(some.mapped("waiting_count")), len(some))
                some.mapped("completion_rate")

    def test_parts_needed_follow_the_package_and_the_stock(self):
        hybrid = self.env["car.vehicle.model"].create(
            {"name": "H5 PHEV", "brand_id": self.brand.id, "energy": "plug_in"}
        )
        lines = self.package.line_ids
        lines.filtered(lambda line: line.product_id == self.pump).model_ids = self.model
        self.package.line_ids = [
            Command.create(
                {"product_id": self.oil.id, "quantity": 4, "energy": hybrid.energy}
            )
        ]
        cars = [
            self._create_vehicle(license_plate=f"京G0000{n}", vin=VINS[n])
            for n in range(5)
        ]
        other = self._create_vehicle(
            license_plate="京G00009", vin=VINS[9], model_id=hybrid.id
        )
        campaign = self._create_campaign([*cars, other])
        self._load(campaign, VINS[30])  # not known here
        self._answer(
            self._row(campaign, cars[0]), "elsewhere", done_on="2026-02-01", done_by="x"
        )
        self.env.flush_all()
        parts = {
            part.product_id: part
            for part in campaign.with_user(self.user_parts_clerk).part_ids
        }
        self.assertEqual(set(parts), {self.pump, self.oil}, "Labor is no part.")
        pump, oil = parts[self.pump], parts[self.oil]
        self.assertEqual(
            (pump.car_count, pump.quantity, pump.free_quantity, pump.missing_quantity),
            (4, 4.0, 3.0, 1.0),
        )
        self.assertEqual((oil.car_count, oil.quantity), (1, 4.0))
        self.assertEqual(oil.missing_quantity, 0.0)
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.maker.id,
                "order_line": [
                    Command.create({"product_id": self.pump.id, "product_qty": 2})
                ],
            }
        )
        order.button_confirm()
        self.env.invalidate_all()
        self.assertEqual((pump.incoming_quantity, pump.missing_quantity), (2.0, 0.0))
