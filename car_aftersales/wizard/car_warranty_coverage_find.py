from odoo import api, fields, models


class CarWarrantyCoverageFind(models.TransientModel):
    """How many existing cars get a coverage, and which cannot for want of a day."""

    _name = "car.warranty.coverage.find"
    _description = "Coverages for Existing Vehicles"

    policy_id = fields.Many2one("car.warranty.policy", readonly=True)
    is_done = fields.Boolean(readonly=True)
    is_background = fields.Boolean(readonly=True)
    asked_count = fields.Integer("Vehicles Looked At", readonly=True)
    found_count = fields.Integer("Would Get It", readonly=True)
    given_count = fields.Integer("Got a Coverage", readonly=True)
    undated_count = fields.Integer("Without a Day of Purchase", readonly=True)
    other_count = fields.Integer(
        "Have It or Do Not Fit", compute="_compute_other_count"
    )
    undated_ids = fields.Many2many("car.vehicle", readonly=True)

    @api.depends("asked_count", "found_count", "given_count", "undated_count")
    def _compute_other_count(self):
        for dialog in self:
            dialog.other_count = (
                dialog.asked_count
                - (dialog.found_count or dialog.given_count)
                - dialog.undated_count
            )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Give the policy to the cars that were found."""
        self.ensure_one()
        given = self.policy_id._give_to_vehicles()
        self.write(
            {
                "is_done": True,
                "is_background": self.policy_id.is_being_given,
                "given_count": given,
                "found_count": 0 if given else self.found_count,
            }
        )
        return self._get_dialog()

    def action_open_undated(self):
        """Open the cars that have neither day of purchase nor of registration."""
        self.ensure_one()
        domain = [("id", "in", self.undated_ids.ids)]
        if self.policy_id:
            domain = list(self.policy_id._get_undated_domain())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Without a Day of Purchase"),
            "res_model": "car.vehicle",
            "view_mode": "list,form",
            "domain": domain,
        }

    # === BUSINESS METHODS === #

    @api.model
    def _show_result(self, vals):
        """Return the dialog that shows these numbers."""
        return self.create({"is_done": "policy_id" not in vals, **vals})._get_dialog()

    def _get_dialog(self):
        title = self.policy_id.name or self.env._("Find Coverages")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
