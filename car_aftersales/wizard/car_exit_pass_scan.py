from odoo import api, fields, models
from odoo.exceptions import UserError


class CarExitPassScan(models.TransientModel):
    """The gate scans a pass, or types number or plate, and lets the car out."""

    _name = "car.exit.pass.scan"
    _description = "Gate"

    code = fields.Char("Number or Plate")
    pass_id = fields.Many2one("car.exit.pass", "Exit Pass", compute="_compute_pass_id")
    pass_name = fields.Char(related="pass_id.name", string="Pass Number")
    vehicle_name = fields.Char(related="pass_id.vehicle_name")
    kind = fields.Selection(related="pass_id.kind")
    reason = fields.Selection(related="pass_id.reason")
    state = fields.Selection(related="pass_id.state")
    is_unknown = fields.Boolean("No Pass", compute="_compute_pass_id")
    is_ambiguous = fields.Boolean("Several Passes", compute="_compute_pass_id")
    last_text = fields.Char("Just Done", readonly=True)

    @api.depends("code")
    def _compute_pass_id(self):
        for scan in self:
            found = self.env["car.exit.pass"]._find_at_gate(scan.code)
            scan.pass_id = found if len(found) == 1 else False
            scan.is_unknown = bool(scan.code and not found)
            scan.is_ambiguous = len(found) > 1

    # === ACTION METHODS === #

    def action_let_out(self):
        """Let the car out, or in again from its temporary leave; then the next one."""
        self.ensure_one()
        exit_pass = self.pass_id
        if not exit_pass:
            raise UserError(
                self.env._(
                    "%(code)s: no valid exit pass. The car stays here.",
                    code=self.code or "",
                )
            )
        if exit_pass.state == "used":
            exit_pass.action_return()
            text = self.env._("%(car)s is back.", car=exit_pass.vehicle_name)
        else:
            exit_pass.action_leave()
            text = self.env._("%(car)s has left.", car=exit_pass.vehicle_name)
        following = self.create({"last_text": text})
        return {
            "name": self.env._("Gate"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": following.id,
            "view_mode": "form",
            "target": "new",
        }
