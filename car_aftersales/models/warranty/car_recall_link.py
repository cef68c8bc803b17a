from odoo import api, fields, models

from .car_recall_campaign import WAITING


class CarVehicle(models.Model):
    """The recalls of a car: tied to it by its VIN as soon as it has a file."""

    _inherit = "car.vehicle"

    built_on = fields.Date(help="Day of production; recalls name cars by it.")
    recall_ids = fields.One2many("car.recall.vehicle", "vehicle_id", "Recalls")
    recall_count = fields.Integer("All Recalls", compute="_compute_recalls")
    open_recall_count = fields.Integer("Open Recalls", compute="_compute_recalls")
    recall_text = fields.Char("Recall Warning", compute="_compute_recalls")
    has_mandatory_recall = fields.Boolean(compute="_compute_recalls")

    # === COMPUTE METHODS === #

    def _compute_recalls(self):
        """Tell what is wanted of the cars, for any number of them in two queries."""
        rows = self.env["car.recall.vehicle"].search_fetch(
            [("vehicle_id", "in", self.ids), ("campaign_id.state", "!=", "draft")],
            ["vehicle_id", "campaign_id", "state"],
            order="id",
        )
        wanted = self._get_wanted_recalls(rows)
        by_car = rows.grouped("vehicle_id")
        for vehicle in self:
            own = by_car.get(vehicle._origin, rows.browse())
            still = own & wanted
            vehicle.recall_count = len(own)
            vehicle.open_recall_count = len(still)
            mandatory = any(row.campaign_id.is_mandatory for row in still)
            vehicle.has_mandatory_recall = mandatory
            vehicle.recall_text = ", ".join(still.campaign_id.mapped("display_name"))

    @api.model
    def _get_wanted_recalls(self, rows):
        """Return those of the rows whose work is wanted today."""
        running = rows.campaign_id.filtered_domain(
            rows.campaign_id._get_running_domain()
        )
        return rows.filtered(
            lambda row: row.state in WAITING and row.campaign_id in running
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vehicles = super().create(vals_list)
        vehicles._link_recalls()
        return vehicles

    def write(self, vals):
        sold = self.browse()
        if "owner_id" in vals:
            sold = self.filtered(
                lambda car: car.sudo().owner_id.id != vals["owner_id"]
            )  # Safe: only whether the owner changes.
        renamed = self.browse()
        if "vin" in vals:
            vin = self._tidy_identity(vals)["vin"]
            renamed = self.filtered(lambda car: car.vin != vin)
            renamed._unlink_recalls()
        result = super().write(vals)
        if sold:
            sold._tell_new_owner()
        narrowed = {"model_id", "model_year", "built_on", "company_id", "active"}
        if renamed or narrowed & set(vals):
            self._link_recalls()
        return result

    # === ACTION METHODS === #

    def action_view_recalls(self):
        """Open the recalls of this vehicle."""
        return self._open_of_vehicle("car_aftersales.car_recall_vehicle_action_vehicle")

    # === BUSINESS METHODS === #

    def _link_recalls(self):
        """Tie new files to the lists that name them, and list those in a range."""
        if not self:
            return
        by_vin = {}
        for vehicle in self:
            if vehicle.vin:
                by_vin.setdefault(vehicle.vin, []).append(vehicle)
        # Safe: what is said of the cars that the user has just written down.
        table = self.env["car.recall.vehicle"].sudo()
        if by_vin:
            today = self.env.company._get_car_today()
            rows = table.search(
                [("vin", "in", list(by_vin)), ("vehicle_id", "=", False)]
            )
            for row in rows:
                for vehicle in by_vin[row.vin]:
                    if vehicle.company_id in (
                        row.company_id,
                        vehicle.company_id.browse(),
                    ):
                        row.write({"vehicle_id": vehicle.id, "linked_on": today})
                        break
        # Safe: the same.
        self.env["car.recall.campaign"].sudo()._fill_by_range(self)

    def _unlink_recalls(self):
        """Untie cars whose VIN was wrong from what was listed under it."""
        # Safe: follows from the change of the VIN; what was done stays as it is.
        rows = (
            self.env["car.recall.vehicle"]
            .sudo()
            .search(
                [
                    ("vehicle_id", "in", self.ids),
                    ("vin", "!=", False),
                    ("state", "in", WAITING),
                    ("job_ids", "=", False),
                ]
            )
        )
        rows.write({"vehicle_id": False, "linked_on": False})

    def _tell_new_owner(self):
        """Ask the new owner himself: what the former one said does not bind him."""
        today = self.env.company._get_car_today()
        # Safe: follows from the change of the owner.
        rows = (
            self.env["car.recall.vehicle"]
            .sudo()
            .search(
                [
                    ("vehicle_id", "in", self.ids),
                    ("state", "in", ("open", "informed", "refused")),
                    ("campaign_id.state", "=", "open"),
                ]
            )
        )
        rows.filtered(lambda row: row.state != "open").write({"state": "open"})
        rows.write({"linked_on": today, "put_off_until": False})

    def _get_history_reasons(self):
        reasons = super()._get_history_reasons()
        if self.recall_ids:
            reasons.append(self.env._("recalls"))
        return reasons
