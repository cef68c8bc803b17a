from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.car_aftersales.models.vehicle.car_vehicle import CUSTOMER_DATA

from .car_three_guarantee_job import BEGUN

LEVELS = ("none", "ok", "warning", "reached")
STANDINGS = [
    ("none", "Not Covered"),
    ("ok", "In Order"),
    ("warning", "Near a Limit"),
    ("reached", "Replacement or Refund May Be Asked"),
]
RUNNING = ("authorized", "in_workshop", "quality_check", "ready")


class CarVehicle(models.Model):
    """Where a car stands with the three guarantees: what its ledger comes to today."""

    _inherit = "car.vehicle"

    three_guarantee_entry_ids = fields.One2many(
        "car.three.guarantee.entry",
        "vehicle_id",
        "Ledger of the Three Guarantees",
        groups=CUSTOMER_DATA,
    )
    three_guarantee_entry_count = fields.Integer(
        "Number of Ledger Entries",
        compute="_compute_three_guarantee_entry_count",
        groups=CUSTOMER_DATA,
    )
    three_guarantee_state = fields.Selection(
        STANDINGS, "Three Guarantees", compute="_compute_three_guarantee_standing"
    )
    three_guarantee_text = fields.Text(
        "Three Guarantees in Words", compute="_compute_three_guarantee_standing"
    )
    three_guarantee_days = fields.Integer(
        "Repair Days Counted", compute="_compute_three_guarantee_standing"
    )

    # === COMPUTE METHODS === #

    def _compute_three_guarantee_entry_count(self):
        counts = dict(
            self.env["car.three.guarantee.entry"]._read_group(
                [("vehicle_id", "in", self.ids)], ["vehicle_id"], ["__count"]
            )
        )
        for vehicle in self:
            vehicle.three_guarantee_entry_count = counts.get(vehicle, 0)

    @api.depends("three_guarantee_entry_ids.is_counted", "is_household")
    @api.depends_context("company", "lang")
    def _compute_three_guarantee_standing(self):
        standings = self._get_three_guarantee_standings()
        for vehicle in self:
            standing = standings.get(vehicle._origin, {})
            vehicle.three_guarantee_state = standing.get("state", "none")
            vehicle.three_guarantee_text = standing.get("text", False)
            vehicle.three_guarantee_days = standing.get("days", 0)

    # === ACTION METHODS === #

    def action_open_three_guarantees(self):
        """Open the ledger of the car."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_cn_car_aftersales.car_three_guarantee_entry_action"
        )
        action["domain"] = [("vehicle_id", "=", self.id)]
        action["context"] = {"default_vehicle_id": self.id}
        return action

    # === BUSINESS METHODS === #

    def _get_three_guarantee_standings(self):
        """Return what the ledgers of these cars come to, running repairs included.

        All repairs of a car count, at whichever company of the house. As many queries
        for many cars as for one; none where the law does not apply.

        :return: dict of vehicle to a dict of ``state``, ``text``, ``days`` and
            ``items``, those of each limit that is near or reached
        """
        if not self.env.company.car_cn_law or not self.ids:
            return {}
        # Safe: numbers of a car that the user sees; the entries keep their own rules.
        vehicles = self._origin.sudo()
        counts = vehicles._count_three_guarantees()
        result = {}
        for vehicle in vehicles:
            rule = vehicle.three_guarantee_rule_id
            mine = counts.get(vehicle.id, {})
            covered = rule and vehicle.is_household
            items = vehicle._judge_three_guarantees(mine) if covered else []
            levels = [item["level"] for item in items] + [
                "ok" if covered and vehicle._is_in_three_guarantees() else "none"
            ]
            result[self.browse(vehicle.id)] = {
                "state": max(levels, key=LEVELS.index),
                "items": items,
                "days": mine.get(("days", ""), {}).get("count", 0),
                "text": "\n".join(item["text"] for item in items) or False,
            }
        return result

    def _is_in_three_guarantees(self):
        """Tell whether the three-guarantees period runs today."""
        self.ensure_one()
        return not self._get_three_guarantee_refusal(
            self.env.company._get_car_today(),
            self.odometer_km + self.odometer_offset_km,
        )

    def _count_three_guarantees(self):
        """Return what counts of these cars, by kind and what it is counted by."""
        entries = self.env["car.three.guarantee.entry"].search_fetch(
            [("vehicle_id", "in", self.ids), ("is_counted", "=", True)],
            ["vehicle_id", "kind", "part_key", "assembly_id", "product_id", "days"],
            order="date, id",
        )
        rows = [
            {
                "vehicle_id": entry.vehicle_id.id,
                "kind": entry.kind,
                "part_key": entry.part_key,
                "assembly": entry.assembly_id,
                "product": entry.product_id,
                "failure": entry.failure_id,
                "days": entry.days,
            }
            for entry in entries
        ]
        rows += self._get_running_three_guarantees()
        counts = {}
        for row in rows:
            mine = counts.setdefault(row["vehicle_id"], {})
            key = self._get_three_guarantee_key(row)
            item = mine.setdefault((row["kind"], key), {"count": 0, **row})
            item["count"] += row["days"] if row["kind"] == "days" else 1
        return counts

    def _get_three_guarantee_key(self, row):
        """Return by what entries of a kind are counted together."""
        if row["kind"] in ("part", "main_part"):
            return row["part_key"] or ""
        if row["kind"] == "assembly":
            return str(row["assembly"].id or "")
        return ""

    def _get_running_three_guarantees(self):
        """Return what the repairs that run today will bring to the ledgers."""
        orders = self.env["car.repair.order"].search(
            Domain("vehicle_id", "in", self.ids)
            & Domain("state", "in", RUNNING)
            & Domain("company_id.car_cn_law", "=", True)
            & Domain("job_ids.state", "in", BEGUN)
        )
        vals_list = orders._prepare_three_guarantee_vals(fields.Datetime.now())
        assemblies = self.env["car.three.guarantee.assembly"]
        products, failures = (
            self.env["product.product"],
            self.env["car.three.guarantee.failure"],
        )
        ids = [vals.get("product_id") for vals in vals_list if vals.get("product_id")]
        products = products.browse(ids)
        return [
            {
                "vehicle_id": vals["vehicle_id"],
                "kind": vals["kind"],
                "part_key": vals.get("part_key"),
                "assembly": assemblies.browse(vals.get("assembly_id") or []),
                "product": products.filtered(
                    lambda product, v=vals: product.id == v.get("product_id")
                ),
                "failure": failures.browse(vals.get("failure_id") or []),
                "days": vals.get("days", 0),
            }
            for vals in vals_list
            if vals["is_counted"]
        ]

    def _judge_three_guarantees(self, counts):
        """Return each limit of the car's version that is near or reached."""
        self.ensure_one()
        items = []
        for (kind, key), row in counts.items():
            clause = self.three_guarantee_rule_id._get_clause(kind)
            level = clause._get_level(row["count"]) if clause else "ok"
            if level == "ok":
                continue
            items.append(
                {
                    "kind": kind,
                    "key": key,
                    "level": level,
                    "count": row["count"],
                    "clause": clause,
                    "text": clause._get_level_text(level, row),
                }
            )
        items.sort(key=lambda item: LEVELS.index(item["level"]), reverse=True)
        return items


class CarThreeGuaranteeClause(models.Model):
    _inherit = "car.three.guarantee.clause"

    def _get_level_text(self, level, row):
        """Return in words that a limit is near or reached, with article and reason."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        subject = kinds[self.kind]
        named = {
            "part": row["product"],
            "main_part": row["product"],
            "early": row["product"],
            "assembly": row["assembly"],
            "safety": row["failure"],
            "failure": row["failure"],
        }.get(self.kind)
        if named:
            subject = f"{subject}: {named.display_name}"
        values = {
            "subject": subject,
            "count": row["count"],
            "limit": self.limit,
            "clause": self.display_name,
        }
        if level == "reached":
            return self.env._(
                "Replacement or refund may be asked. %(subject)s, %(count)s. "
                "%(clause)s",
                **values,
            )
        return self.env._(
            "Near the limit. %(subject)s, %(count)s of %(limit)s. %(clause)s", **values
        )
