from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CarRepairLineShare(models.Model):
    """The part of a line that one payer bears; it exists only where a line is split."""

    _name = "car.repair.line.share"
    _description = "Share of a Repair Line"
    _order = "line_id, sequence, id"

    line_id = fields.Many2one(
        "car.repair.line", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    payer_id = fields.Many2one(
        "car.repair.payer", required=True, index=True, ondelete="restrict"
    )
    # So fine that the shares of a dear line come out to the cent
    percent = fields.Float("Share (%)", required=True, digits=(16, 10))

    _percent_range = models.Constraint(
        "CHECK (percent > 0 AND percent <= 100)",
        "A share lies between 0 and 100 percent.",
    )
    _line_payer_uniq = models.Constraint(
        "UNIQUE (line_id, payer_id)", "A payer has one share of a line."
    )

    @api.model_create_multi
    def create(self, vals_list):
        shares = super().create(vals_list)
        shares.line_id._check_may_change_payer()
        return shares

    def write(self, vals):
        self.line_id._check_may_change_payer()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_whole_split(self):
        """Delete a split as a whole, or within a change of the line's split."""
        lines = self.line_id
        lines._check_may_change_payer()
        if self.env.context.get("car_splitting"):
            return
        for line in lines:
            if line.share_ids - self:
                self._raise_sum(line, sum((line.share_ids - self).mapped("percent")))

    @api.constrains("percent", "line_id")
    def _check_sum(self):
        if not self.env.context.get("car_splitting"):
            self._check_sum_of(self.line_id)

    def _check_sum_of(self, lines):
        """Refuse shares that do not sum to the whole line."""
        for line in lines.filtered("share_ids"):
            total = sum(line.share_ids.mapped("percent"))
            if round(total, 4) != 100:
                self._raise_sum(line, total)

    def _raise_sum(self, line, total):
        raise ValidationError(
            self.env._(
                "%(order)s, %(line)s: the shares sum to %(total)s %%, not to 100 %%.",
                order=line.order_id.name,
                line=line.name,
                total=round(total, 4),
            )
        )
