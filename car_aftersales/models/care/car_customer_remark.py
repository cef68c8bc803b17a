from odoo import models


class CarCustomerRemark(models.Model):
    """What displeased a customer at delivery becomes a point with its own clock."""

    _inherit = "car.customer.remark"

    # === BUSINESS METHODS === #

    def _open(self):
        result = super()._open()
        # Safe: the point of the words just written down.
        self.env["car.contact.point"].sudo().create(
            {
                "remark_id": self.id,
                "kind": "complaint",
                "text": self.text,
                "user_id": self.sudo().responsible_id.id or self.env.uid,
            }
        )
        return result

    def _get_supervisor(self, company):
        """Return the business supervisor of a company who gets what nobody solved."""
        return self.new({"company_id": company.id})._get_responsible()
