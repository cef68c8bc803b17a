from odoo import api, models
from odoo.exceptions import UserError


class CarWarrantyCoverage(models.Model):
    """What repair orders were judged by stays as it was."""

    _inherit = "car.warranty.coverage"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if used := self._get_used():
            raise UserError(
                self.env._(
                    "%(coverages)s: repair orders were judged by it. "
                    "Cancel it instead.",
                    coverages=", ".join(used.mapped("display_name")),
                )
            )

    # === BUSINESS METHODS === #

    def _check_not_used(self, vals):
        """Keep the terms that repair orders were judged by; the clerk corrects them.

        :raise UserError: naming the coverages.
        """
        if self.env["car.repair.order"]._has_group("warranty_clerk"):
            return
        changed = self.filtered(
            lambda coverage: any(
                coverage._fields[name].convert_to_cache(vals[name], coverage)
                != coverage._fields[name].convert_to_cache(coverage[name], coverage)
                for name in vals
            )
        )
        if used := changed._get_used():
            raise UserError(
                self.env._(
                    "%(coverages)s: repair orders were judged by it. "
                    "The warranty clerk corrects it.",
                    coverages=", ".join(used.mapped("display_name")),
                )
            )

    def _get_used(self):
        """Return the coverages by which lines of repair orders were judged."""
        # Safe: only tells whether lines exist.
        groups = (
            self.env["car.repair.line"]
            .sudo()
            ._read_group([("coverage_id", "in", self.ids)], ["coverage_id"])
        )
        return self.browse(coverage.id for (coverage,) in groups)
