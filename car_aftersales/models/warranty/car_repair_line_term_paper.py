from odoo import models

from .car_repair_line_term import GUARANTEED_KINDS


class CarRepairOrder(models.Model):
    """What the papers say of the guarantee: for each line, in concrete terms."""

    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _get_paper_guarantees(self, paper):
        """Return the guarantees that a paper tells, lines of one job and term together.

        Before the delivery they count from it, afterwards they have an end.

        :return: list of dictionaries: job, names of the lines, text, is_excluded
        """
        self.ensure_one()
        rows = []
        for job in self._get_paper_jobs(paper):
            lines = self._get_paper_lines(job, paper)
            rows += lines._get_paper_guarantees(job)
        return rows


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _get_paper_guarantees(self, job):
        lines = self.filtered(
            lambda line: line.kind in GUARANTEED_KINDS and line.quantity
        )
        by_term = {}
        for line, term in lines._get_guarantee_terms().items():
            by_term.setdefault(term, self.browse())
            by_term[term] |= line
        return [
            {
                "job": job,
                "names": ", ".join(same.mapped("name")),
                "text": same[0]._spell_paper_guarantee(*term),
                "is_excluded": bool(term[2]),
            }
            for term, same in by_term.items()
        ]

    def _spell_paper_guarantee(self, days, km, exclusion):
        """Return a term as the customer reads it."""
        self.ensure_one()
        if exclusion:
            field = self._fields["guarantee_exclusion"]
            return dict(field._description_selection(self.env))[exclusion]
        if self.guarantee_vehicle_id:
            until = self._spell_guarantee_end()
            if self.guarantee_until and self.guarantee_until_km:
                return self.env._(
                    "until %(end)s, whichever is reached first", end=until
                )
            return self.env._("until %(end)s", end=until)
        term = self._spell_guarantee(
            days and self.env._("%(count)s days", count=days), km
        )
        if days and km:
            return self.env._(
                "%(term)s from the day the car leaves, whichever is reached first",
                term=term,
            )
        return self.env._("%(term)s from the day the car leaves", term=term)
