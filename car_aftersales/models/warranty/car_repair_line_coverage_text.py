from datetime import date
from functools import partial

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from .car_repair_line_coverage_answer import Memo


class CarRepairLine(models.Model):
    """The answer on warranty in words, for each reader in his own language.

    What the words name is kept with the answer; only what somebody has typed stays as
    it was typed.
    """

    _inherit = "car.repair.line"

    coverage_text = fields.Char("Why Covered or Not", compute="_compute_coverage_text")

    # === COMPUTE METHODS === #

    @api.depends(
        "coverage_reason",
        "coverage_data",
        "coverage_note",
        "coverage_id.policy_id.name",
    )
    @api.depends_context("lang")
    def _compute_coverage_text(self):
        # Safe: tells what is covered, nothing of people or money.
        lines = self.sudo()
        memo = Memo()
        for line, own in zip(self, lines, strict=True):
            facts, reason = own.coverage_data or {}, own.coverage_reason
            if own.coverage_note or not reason:
                line.coverage_text = own.coverage_note
            elif reason == "none" and own._is_outside_warranty():
                line.coverage_text = False
            else:
                line.coverage_text = memo.get_or_make(
                    (reason, own.kind, own.coverage_id, str(facts)),
                    partial(own._spell_answer, facts, memo),
                )

    # === BUSINESS METHODS === #

    @api.model
    def _pack_facts(self, **facts):
        """Return facts as they are kept: what is empty is left out."""
        return {
            name: fields.Date.to_string(fact) if isinstance(fact, date) else fact
            for name, fact in facts.items()
            if fact
        } or False

    def _spell_answer(self, facts, memo):
        """Say an answer in words.

        :param facts: see ``_pack_facts``.
        """
        self.ensure_one()
        text = facts.get("note") or self._spell_reason(
            self.coverage_reason, self._get_names(facts, memo)
        )
        if part := facts.get("work_on"):
            if self.kind == "outside":
                return self.env._(
                    "Outside work on %(part)s: %(reason)s", part=part, reason=text
                )
            return self.env._("Labor of %(part)s: %(reason)s", part=part, reason=text)
        return text

    def _get_names(self, facts, memo):
        """Return what the words of an answer name, as the reader writes it."""

        def show(name):
            day = facts.get(name)
            make = partial(format_date, self.env, day)
            return memo.get_or_make(("day", day), make) if day else ""

        km = facts.get("until_km")
        service = facts.get("service")
        return {
            "policy": self.coverage_id.policy_id.name,
            "order": facts.get("fitted_on"),
            "day": show("until"),
            "km": formatLang(self.env, km, digits=0) if km else "",
            "start": show("start"),
            "since": show("since"),
            "service": service and self._spell_missed_service(*service),
        }

    @api.model
    def _spell_missed_service(self, package_id, day, km):
        """Name a service and when it was due."""
        when = [format_date(self.env, day)] if day else []
        if km is not None:
            shown = formatLang(self.env, km, digits=0)
            when.append(self.env._("%(km)s km", km=shown))
        package = self.env["car.repair.package"].browse(package_id)
        return self.env._(
            "%(service)s, due %(when)s",
            service=package.exists().name or "",
            when=" / ".join(when),
        )

    def _spell_reason(self, reason, names):
        """Return a reason in words."""
        env, until = self.env, self._spell_until(names)
        texts = {
            "covered": lambda: env._("%(policy)s, %(until)s", until=until, **names),
            "part": lambda: env._(
                "Fitted on %(order)s, part warranty %(until)s", until=until, **names
            ),
            "service": lambda: env._(
                "%(policy)s: a service is missing: %(service)s", **names
            ),
            "date": lambda: env._("%(policy)s ended on %(day)s", **names),
            "km": lambda: env._("%(policy)s ended at %(km)s km", **names),
            "wear": lambda: (
                env._("%(policy)s: wear part, %(until)s", until=until, **names)
                if names["day"] or names["km"]
                else env._("%(policy)s: wear part", **names)
            ),
            "excluded": lambda: env._("%(policy)s: excluded", **names),
            "component": lambda: env._("%(policy)s: not in it", **names),
            "owner": lambda: env._("%(policy)s: for the first owner only", **names),
            "early": lambda: env._("%(policy)s starts on %(start)s", **names),
            "cancelled": lambda: env._("%(policy)s: cancelled from %(since)s", **names),
            "customer_part": lambda: env._("The customer supplied this part himself."),
            "none": lambda: env._("No policy covers this car."),
            "manual": lambda: env._("declined by hand"),
        }
        return texts[reason]()

    def _spell_until(self, names):
        """Return in words until when something is covered."""
        if names["day"] and names["km"]:
            return self.env._("until %(day)s or %(km)s km", **names)
        if names["day"]:
            return self.env._("until %(day)s", **names)
        if names["km"]:
            return self.env._("until %(km)s km", **names)
        return self.env._("without limit")


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    has_coverage = fields.Boolean(
        "Judged by a Warranty",
        compute="_compute_has_coverage",
        help="The screen shows what the warranty says only where it says something.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.coverage_reason")
    def _compute_has_coverage(self):
        for order in self:
            order.has_coverage = any(
                line.coverage_reason not in (False, "none") for line in order.line_ids
            )
