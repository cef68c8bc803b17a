from odoo import models
from odoo.exceptions import AccessError


class CarConfidentialMixin(models.AbstractModel):
    """Records that carry customers' data: only supervisors take them out in bulk."""

    _name = "car.confidential.mixin"
    _description = "Records with customer data"

    def export_data(self, fields_to_export):
        self._check_bulk_right()
        return super().export_data(fields_to_export)

    def _check_bulk_right(self):
        """Refuse taking customer data out in bulk to all but supervisors.

        :raise AccessError: for anyone below the business supervisor.
        """
        if not (
            self.env.su
            or self.env.user.has_group("car_aftersales.car_aftersales_group_supervisor")
        ):
            raise AccessError(
                self.env._(
                    "Customer data is exported and printed in bulk by business "
                    "supervisors only. Please ask yours."
                )
            )
