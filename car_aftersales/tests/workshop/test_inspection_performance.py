from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import CarInspectionCommon

FEW, MANY = 5, 30


@tagged("post_install", "-at_install")
class TestInspectionPerformance(CarInspectionCommon):
    """As many queries for thirty items as for five, for 80 inspections as for ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = {count: cls._create_type_with_items(count) for count in (FEW, MANY)}

    @classmethod
    def _create_type_with_items(cls, count):
        """Return an order type whose intake asks for so many items."""
        order_type = cls.env["car.repair.type"].create(
            {
                "requires_signature": False,
                "name": f"{count} items",
                "document_type_ids": [Command.set((cls.license | cls.policy).ids)],
            }
        )
        cls.env["car.inspection.template"].create(
            {
                "name": f"{count} items",
                "kind": "intake",
                "type_ids": [Command.set(order_type.ids)],
                "line_ids": [
                    Command.create({"name": f"Item {number}"})
                    for number in range(count)
                ],
            }
        )
        return order_type

    def _create_orders(self, count, order_type):
        return self.env["car.repair.order"].create(
            [
                {
                    "vehicle_id": self.vehicle.id,
                    "type_id": order_type.id,
                    "job_ids": [Command.create({"name": "Noise"})],
                }
                for _number in range(count)
            ]
        )

    def _count(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _compare(self, act, few, many):
        """Count the queries of an act for both, after the caches are warm."""
        self._count(lambda: act(few))
        return self._count(lambda: act(few)), self._count(lambda: act(many))

    def _read_view(self, records, kind):
        """Read what a view of the advisor shows, the items as well."""
        model = self.env["car.inspection"].with_user(self.user_advisor)
        arch = etree.fromstring(model.get_views([(False, kind)])["views"][kind]["arch"])
        spec = {}
        for node in arch.iter("field"):
            if not any(parent.tag == "field" for parent in node.iterancestors()):
                items = [item.get("name") for item in node.iter("field")][1:]
                fields = {name: {} for name in items}
                spec[node.get("name")] = {"fields": fields} if fields else {}
        records.with_user(self.user_advisor).web_read(spec)

    def _begin(self, count):
        order = self._create_orders(1, self.types[count])
        intake = self._begin_intake(order)
        return intake.browse(intake.id)  # as a request has it

    def test_a_list_of_80_inspections(self):
        orders = self._create_orders(80, self.types[FEW])
        inspections = self.env["car.inspection"].create(
            [{"order_id": order.id, "kind": "intake"} for order in orders]
        )
        few, many = self._compare(
            lambda records: self._read_view(records, "list"),
            inspections[:10],
            inspections,
        )
        self.assertEqual(few, many)

    def test_opening_an_intake_with_30_items(self):
        few, many = self._begin(FEW), self._begin(MANY)
        self.assertEqual(len(many.line_ids), MANY)
        counts = self._compare(
            lambda records: self._read_view(records, "form"), few, many
        )
        self.assertEqual(*counts)

    def test_beginning_an_intake_with_30_items(self):
        counts = []
        for count in (FEW, FEW, MANY):  # the first one fills the caches
            order = self._create_orders(1, self.types[count])
            counts.append(self._count(order.with_user(self.user_advisor).action_intake))
        self.assertEqual(counts[1], counts[2])

    def test_completing_an_intake_with_30_items(self):
        counts = []
        for count in (FEW, FEW, MANY):
            intake = self._begin(count)
            intake.document_ids.write({"expiry_date": "2027-01-31"})
            intake.action_documents_good()

            def complete(intake=intake):
                intake.action_rest_ok()
                intake.action_finish()

            counts.append(self._count(complete))
            self.assertEqual(intake.state, "done")
        self.assertEqual(counts[1], counts[2])
