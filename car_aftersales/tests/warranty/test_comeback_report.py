from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .guarantee_common import GuaranteeCommon


@tagged("post_install", "-at_install")
class TestComebackReport(GuaranteeCommon):
    """The comeback rate: counts divided by counts, whatever is grouped by."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.electric = cls.env["car.workshop.team"].create({"name": "Electric"})
        cls.mate = cls.env["car.technician"].create(
            {"name": "Mate", "team_id": cls.team.id}
        )

    def _play(self):
        """Three brake visits of two technicians, one comes back; one of others."""
        job = {
            "technician_ids": [Command.set((self.worker | self.mate).ids)],
        }
        orders = []
        for number in range(3):
            car = self._create_vehicle(license_plate=f"京R0000{number}", vin=False)
            orders.append(self._deliver(vehicle_id=car.id, job=job))
        car = self._create_vehicle(license_plate="京R00009", vin=False)
        self._deliver(
            vehicle_id=car.id,
            system=self.lights,
            job={"team_id": self.electric.id},
        )
        with self._day("2026-03-06"):
            back = self._bring(
                vehicle_id=orders[0].vehicle_id.id,
                odometer_km=42500,
                job={"team_id": self.electric.id},
            )
        comeback = self._link(back, orders[0])
        self.env.flush_all()
        return back, comeback

    def _read(self, groupby, user=None):
        report = self.env["car.comeback.report"].with_user(
            user or self.user_workshop_supervisor
        )
        self.env.flush_all()
        rows = report._read_group(
            [("company_id", "=", self.company.id)],
            [groupby] if groupby else [],
            [
                "order_count:count_distinct",
                "comeback_count:count_distinct",
                "comeback_rate:avg",
            ],
        )
        return {row[0]: row[1:] for row in rows} if groupby else rows[0]

    def test_rate_is_orders_that_came_back_by_orders(self):
        before = self._read(None)[0]
        self._play()
        by_team = self._read("team_id")
        self.assertEqual(by_team[self.team][:2], (3, 1))
        self.assertAlmostEqual(by_team[self.team][2], 100 / 3)
        self.assertEqual(by_team[self.electric], (1, 0, 0))
        orders, came_back, rate = self._read(None)
        self.assertEqual(orders - before, 4)
        self.assertAlmostEqual(rate, 100.0 * came_back / orders)
        by_system = self._read("system_id")
        self.assertEqual(by_system[self.brakes][:2], (3, 1))
        by_class = self._read("repair_class_id")
        self.assertEqual(by_class[self.minor][:2], (4, 1))

    def test_each_technician_has_the_orders_he_worked_on(self):
        self._play()
        by_technician = self._read("technician_id")
        for technician in (self.worker, self.mate):
            self.assertEqual(by_technician[technician][:2][1], 1)
        self.assertEqual(by_technician[self.mate][0], 3)

    def test_it_counts_in_the_month_of_the_first_delivery(self):
        self._play()
        report = self.env["car.comeback.report"].with_user(self.user_supervisor)
        rows = report._read_group(
            [("team_id", "=", self.team.id)],
            ["delivered_at:month"],
            ["comeback_count:count_distinct"],
        )
        self.assertEqual([row[1] for row in rows], [1])

    def test_not_our_fault_counts_no_more(self):
        _back, comeback = self._play()
        comeback = comeback.with_user(self.user_inspector)
        comeback.write(
            {
                "evidence": "A stone",
                "attachment_ids": [Command.create({"name": "a.jpg", "raw": b"x"})],
            }
        )
        with self._day("2026-03-07"):
            comeback.action_refute()
        self.assertEqual(self._read("team_id")[self.team][:2], (3, 0))

    def test_cost_equals_the_books_and_is_shared(self):
        back, comeback = self._play()
        with self._day("2026-03-06"):
            self._deliver(back)
        self.env.flush_all()
        report = self.env["car.comeback.report"].with_user(self.user_supervisor)
        domain = [("team_id", "=", self.team.id)]
        [(cost,)] = report._read_group(domain, [], ["cost_amount:sum"])
        self.assertAlmostEqual(cost, 180)
        self.assertAlmostEqual(cost, self._balance(self.internal_account))
        self.assertAlmostEqual(cost, comeback.sudo().cost_amount)
        by_worker = dict(
            report._read_group(domain, ["technician_id"], ["cost_amount:sum"])
        )
        self.assertAlmostEqual(by_worker[self.mate], 90)
        rows = report.search([*domain, ("comeback_id", "!=", False)])
        self.assertEqual(rows.comeback_order_id, back)
        self.assertEqual(len(rows), 2)

    def test_only_the_heads_read_it(self):
        for user in (self.user_technician, self.user_advisor, self.user_cashier):
            with self.assertRaises(AccessError):
                self._read("team_id", user=user)
