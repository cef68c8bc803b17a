from contextlib import contextmanager
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.base.tests.common import BaseCommon

FROZEN_NOW = datetime(2026, 3, 2, 2, 0)  # a Monday, ten in the morning in Shanghai

PERSONAS = {
    "advisor": "advisor",
    "supervisor": "supervisor",
    "technician": "technician",
    "workshop_supervisor": "workshop_supervisor",
    "inspector": "inspector",
    "parts_clerk": "parts_clerk",
    "follow_up_clerk": "follow_up_clerk",
    "warranty_clerk": "warranty_clerk",
    "cashier": "cashier",
    "gate": "gate",
    "manager": "manager",
}


class CarAftersalesCommon(BaseCommon):
    """One user per desk, a frozen day, and builders that ask for little."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(FROZEN_NOW))
        # Whatever languages the database has, the tests read the source texts.
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls._create_personas()
        cls.customer = cls.env["res.partner"].create(
            {"name": "王小明", "phone": "+86 138 0013 8000", "street": "中山路 1 号"}
        )
        cls.brand = cls.env["car.vehicle.brand"].create({"name": "Hongqi"})
        cls.model = cls.env["car.vehicle.model"].create(
            {"name": "H5", "brand_id": cls.brand.id, "energy": "petrol"}
        )

    @classmethod
    def _create_personas(cls):
        """Make a user of each desk and one of the portal, all in one call.

        Each call forgets the server's caches, which would cost more than the users.
        """
        groups = {
            persona: f"car_aftersales.car_aftersales_group_{tier}"
            for persona, tier in PERSONAS.items()
        }
        users = cls.env["res.users"].create(
            [
                {
                    "login": f"car_{persona}",
                    "password": f"car_{persona}",
                    "email": f"{persona}@example.com",
                    "name": persona.replace("_", " ").title(),
                    "tz": "Asia/Shanghai",
                    "group_ids": [Command.set(cls.env.ref(group).ids)],
                }
                for persona, group in {**groups, "portal": "base.group_portal"}.items()
            ]
        )
        for user in users:
            setattr(cls, f"user_{user.login.removeprefix('car_')}", user)

    @contextmanager
    def assertRefused(self, text, error=UserError):
        """Expect a refusal in these words, and nothing left of what was tried."""
        with self.assertRaises(error) as caught:
            yield
        self.assertRegex(str(caught.exception), text)

    @classmethod
    def _create_vehicle(cls, **values):
        """Return a vehicle of the customer."""
        return cls.env["car.vehicle"].create(
            {
                "license_plate": "京A12345",
                "vin": "LSVAM4187C2184847",
                "model_id": cls.model.id,
                "owner_id": cls.customer.id,
                **values,
            }
        )

    @classmethod
    def _add_group(cls, user, tier):
        """Give a user one more desk."""
        group = cls.env.ref(f"car_aftersales.car_aftersales_group_{tier}")
        user.write({"group_ids": [Command.link(group.id)]})
