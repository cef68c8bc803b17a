from ..common import CarAftersalesCommon


class WorkshopMastersCommon(CarAftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Technician = cls.env["car.technician"]
        cls.technician = cls.Technician.with_user(cls.user_workshop_supervisor).create(
            {
                "name": "Li Wei",
                "badge": "B1",
                "pin_new": "2468",
                "hourly_cost": 80,
                "user_id": cls.user_technician.id,
            }
        )
        cls.other_company = cls.env["res.company"].create({"name": "Second Dealer"})
        cls.other_technician = cls.Technician.create(
            {"name": "Zhang San", "company_id": cls.other_company.id}
        )

    def _as(self, record, persona):
        """Return a record as a persona sees it, with an empty cache."""
        self.env.invalidate_all()
        return record.with_user(getattr(self, f"user_{persona}"))
