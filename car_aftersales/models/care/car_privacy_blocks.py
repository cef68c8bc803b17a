from datetime import timedelta

from odoo import fields, models


class ResPartner(models.Model):
    """What is still open with a customer, so that he cannot be forgotten yet."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_car_erasure_blocks(self):
        """Return in plain words what forbids it now. Extend with what is still open."""
        self.ensure_one()
        people = self | self.child_ids
        blocks = []

        def name_all(text, records):
            if records:
                names = ", ".join(records[:5].mapped("display_name"))
                blocks.append(f"{text} {names}")

        orders = self._get_car_own_orders()
        going_on = orders.filtered(
            lambda order: order.state not in ("delivered", "declined", "cancelled")
        )
        name_all(self.env._("open orders:"), going_on)
        name_all(
            self.env._("visits that are not billed:"),
            (orders - going_on).filtered(
                lambda order: (
                    order.state == "delivered"
                    and order.billing_state in ("to_bill", "partly", "to_credit")
                )
            ),
        )
        name_all(
            self.env._("unpaid invoices:"),
            self.env["account.move"].search(
                [
                    ("partner_id", "in", people.ids),
                    ("state", "=", "posted"),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                    ("payment_state", "in", ("not_paid", "partial")),
                ]
            ),
        )
        name_all(
            self.env._("open appointments:"),
            self.env["car.appointment"].search(
                [
                    ("partner_id", "in", people.ids),
                    ("state", "=", "confirmed"),
                    ("start_at", ">=", fields.Datetime.now()),
                ]
            ),
        )
        name_all(
            self.env._("points or complaints that are not settled:"),
            self.env["car.contact.point"].search(
                [("partner_id", "in", people.ids), ("state", "!=", "closed")]
            ),
        )
        name_all(
            self.env._("open complaints:"),
            self.env["car.complaint"].search(
                [
                    ("partner_id", "in", people.ids),
                    ("state", "not in", ("closed", "withdrawn")),
                ]
            ),
        )
        name_all(self.env._("running guarantees of:"), self._get_car_guaranteed(orders))
        name_all(
            self.env._("insurances that we sold:"),
            self.env["car.insurance.policy"].search(
                [
                    ("partner_id", "in", people.ids),
                    ("is_sold_by_us", "=", True),
                    ("state", "in", ("valid", "future")),
                ]
            ),
        )
        name_all(
            self.env._("logins:"),
            self.env["res.users"].search([("partner_id", "in", people.ids)]),
        )
        return blocks

    def _get_car_guaranteed(self, orders):
        """Return the visits whose promised guarantee still runs."""
        now = fields.Datetime.now()
        return orders.filtered(
            lambda order: (
                order.delivered_at
                and any(
                    order.delivered_at + timedelta(days=days) >= now
                    for days in order.job_ids.filtered(
                        lambda job: job.state == "passed" or job.state == "done"
                    ).repair_class_id.mapped("guarantee_days")
                    if days
                )
            )
        )
