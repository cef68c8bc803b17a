from odoo import fields, models

# Parts of their own kind: drive battery, drive motor, their electronics
ELECTRIC = ("electric", "plug_in", "fuel_cell", "hybrid")


class ProductTemplate(models.Model):
    _inherit = "product.template"

    car_cn_is_nev_part = fields.Boolean(
        "New-Energy Part",
        help="Drive battery, drive motor, their electronics and the like: the "
        "settlement list of China names their guarantee separately.",
    )


class CarRepairOrder(models.Model):
    """What the settlement list of China says, row by row (JT/T 1133)."""

    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _get_odometer_out(self):
        """Return what the odometer shows when the car leaves."""
        self.ensure_one()
        # Safe: a reading, on the papers of an order that may be read.
        order = self.sudo()
        return (
            order.cn_certificate_id.odometer_km
            or order.release_id.release_odometer_km
            or order.odometer_km
        )

    def _get_settlement_lines(self):
        """Return the lines of the list that were agreed to and done."""
        self.ensure_one()
        jobs = self._get_paper_jobs("record").filtered(
            lambda job: not job._is_second_plan()
        )
        lines = self.line_ids.browse()
        for job in jobs:
            lines |= self._get_paper_lines(job, "record")
        return lines

    def _get_settlement_labor(self):
        """Return item, hours, rate and amount of each labor line."""
        rows = []
        for line in self._get_settlement_lines().filtered(
            lambda each: each.kind == "labor"
        ):
            amount, hours = line.price_subtotal, line.sold_hours
            rows.append(
                {
                    "name": line.name,
                    "hours": hours,
                    "rate": amount / hours if hours else 0.0,
                    "amount": amount,
                }
            )
        return rows

    def _get_settlement_parts(self):
        """Return what the list says of each part, the customer's own included."""
        rows = []
        for line in self._get_settlement_lines().filtered(
            lambda each: each.kind == "part"
        ):
            labels = dict(line._fields["grade"]._description_selection(line.env))
            own = line.supply == "customer"
            quantity = line.quantity
            rows.append(
                {
                    "name": line.name,
                    "code": line.maker_code or line.product_id.default_code or "",
                    "brand": line.brand_name or "",
                    "quantity": quantity,
                    "unit": line.product_uom_id.name,
                    "price": 0.0
                    if own or not quantity
                    else line.price_subtotal / quantity,
                    "amount": 0.0 if own else line.price_subtotal,
                    "grade": labels.get(line.grade, ""),
                    "own": own,
                    "nev": line.product_id.car_cn_is_nev_part,
                    "bare": bool(line.no_guarantee),
                }
            )
        return rows

    def _get_settlement_others(self):
        """Return outside work and fees."""
        return [
            {"name": line.name, "amount": line.price_subtotal}
            for line in self._get_settlement_lines().filtered(
                lambda each: each.kind not in ("labor", "part")
            )
        ]

    def _get_settlement_fault(self):
        """Return what was complained of and found."""
        self.ensure_one()
        jobs = self._get_paper_jobs("record")
        return "; ".join(
            f"{job.name} ({job.cause})" if job.cause else job.name for job in jobs
        )

    def _get_settlement_old_parts(self):
        """Return what becomes of the old parts: ``return``, ``leave`` or ``none``."""
        self.ensure_one()
        if not self._get_replaced_parts():
            return "none"
        return self.old_parts or "leave"

    def _get_settlement_nev(self):
        """Return the guarantee on new-energy parts, where such a car is repaired.

        :return: dict of days, km and the names of such parts, or None
        """
        self.ensure_one()
        parts = [row["name"] for row in self._get_settlement_parts() if row["nev"]]
        if self.vehicle_id.energy not in ELECTRIC and not parts:
            return None
        company = self.company_id
        return {
            "days": company.car_cn_nev_days,
            "km": company.car_cn_nev_km,
            "parts": ", ".join(parts),
        }

    def _get_settlement_money(self):
        """Return what the customers pay, have paid and owe of the total."""
        self.ensure_one()
        rows = self._get_paper_payers("record")
        customers = [row for row in rows if row["payer"].kind == "customer"]
        sums = {
            name: sum(row[name] for row in customers)
            for name in ("total", "paid", "due")
        }
        totals = self._get_paper_totals("record")
        return {
            **totals,
            "borne_by_others": totals["total"] - sums["total"],
            "customer": sums["total"],
            "paid": sums["paid"],
            "due": sums["total"] - sums["paid"],
        }
