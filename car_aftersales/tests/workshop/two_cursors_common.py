from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL


class TwoCursorsCommon(BaseCase):
    """Two people at once: real transactions on committed records.

    Both snapshots are opened before the first commit; what was committed is deleted
    again, the newest first.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.rows = []
        self.addCleanup(self._delete_committed)

    @contextmanager
    def _transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _keep(self, records):
        """Remember what is to be deleted; return it."""
        self.rows.insert(0, (records._table, records.ids))
        return records

    def _delete_committed(self):
        with self._transaction() as env:
            self._delete_documents(env)
            for table, ids in self.rows:
                if table == "res_partner":  # calls that were written down by themselves
                    query = "DELETE FROM car_contact_call WHERE partner_id IN %s"
                    env.cr.execute(SQL(query, tuple(ids)))
                if table == "car_vehicle":  # each order left an arrival of its car
                    query = "DELETE FROM car_reception WHERE vehicle_id IN %s"
                    env.cr.execute(SQL(query, tuple(ids)))
                query = "DELETE FROM %s WHERE id IN %s"
                env.cr.execute(SQL(query, SQL.identifier(table), tuple(ids)))

    def _delete_documents(self, env):
        """Delete what the steps of a test have made of the records kept."""

    def _create_vehicles(self, env, *plates):
        """Return vehicles of one model and owner, kept."""
        name = "Two at once"
        owner = self._keep(env["res.partner"].create({"name": name}))
        brand = self._keep(env["car.vehicle.brand"].create({"name": name}))
        model = self._keep(
            env["car.vehicle.model"].create({"name": name, "brand_id": brand.id})
        )
        return self._keep(
            env["car.vehicle"].create(
                [
                    {
                        "license_plate": plate,
                        "model_id": model.id,
                        "owner_id": owner.id,
                    }
                    for plate in plates
                ]
            )
        )

    def _create_type_and_product(self, env, **values):
        """Return an order type without inspection and a product, kept."""
        name = "Two at once"
        repair_type = self._keep(
            env["car.repair.type"].create(
                {
                    "name": name,
                    "requires_inspection": False,
                    "requires_signature": False,
                }
            )
        )
        product = env["product.product"].create({"name": name, **values})
        self._keep(product.product_tmpl_id)
        return repair_type, self._keep(product)
