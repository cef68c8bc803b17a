from odoo import api, fields, models
from odoo.fields import Command

from .car_warranty_claim import OPEN


class CarWarrantyClaim(models.Model):
    """What is still missing before a claim is sent, all at once."""

    _inherit = "car.warranty.claim"

    missing = fields.Json("Missing before Sending", compute="_compute_missing")
    has_missing = fields.Boolean("Incomplete", compute="_compute_missing")

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "maker_id",
        "odometer_in_km",
        "odometer_out_km",
        "complaint",
        "cause",
        "correction",
        "causal_line_id",
        "has_causal_part",
        "fault_code",
        "technician_ids",
        "clocked_hours",
        "photo_ids",
        "maker_reference",
        "line_ids.operation_code",
        "line_ids.old_part_ids",
    )
    @api.depends_context("lang")
    def _compute_missing(self):
        for claim in self:
            claim.missing = claim._get_missing() if claim.state in OPEN else []
            claim.has_missing = bool(claim.missing)

    # === ACTION METHODS === #

    def action_missing(self, key):
        """Do what an entry of the list of missing things asks for."""
        self.ensure_one()
        if key == "refresh":
            return self.action_refresh()
        if key == "invoice":
            self._require_clerk()
            return self._ensure_billed()
        if key == "old_part":
            return self.action_tag_old_parts()
        return False

    # === BUSINESS METHODS === #

    def _get_missing(self):
        """Return what is missing before it is sent. Extend for more.

        :return: list of dicts: ``key``, ``text`` and ``page`` of the form.
        """
        self.ensure_one()
        checks = self.maker_id._get_checks()
        return [
            *self._get_missing_lines(checks),
            *[
                {"key": key, "text": text, "page": page}
                for key, is_missing, text, page in self._get_missing_content()
                if key in checks and is_missing
            ],
        ]

    def _get_missing_content(self):
        """Return key, whether it is missing, its text and page of each check."""
        env = self.env
        asks_part = self.has_causal_part and not self.causal_line_id
        kept = self.line_ids.filtered(lambda line: line.bucket == "parts")
        untagged = kept.filtered(lambda line: not line._get_live_old_parts())
        labor = self.line_ids.filtered(lambda line: line.bucket == "labor")
        codeless = labor.filtered(lambda line: not line.operation_code)
        return [
            (
                "odometer_in",
                not self.odometer_in_km,
                env._("Odometer at arrival"),
                "content",
            ),
            (
                "odometer_out",
                not self.odometer_out_km,
                env._("Odometer at delivery"),
                "content",
            ),
            (
                "complaint",
                not (self.complaint or "").strip(),
                env._("Complaint in the customer's words"),
                "content",
            ),
            ("cause", not (self.cause or "").strip(), env._("Cause"), "content"),
            (
                "correction",
                not (self.correction or "").strip(),
                env._("Correction"),
                "content",
            ),
            (
                "causal_part",
                asks_part,
                env._("Causal part, or that no part failed"),
                "content",
            ),
            (
                "fault_code",
                not self.fault_code,
                env._("Fault or defect code"),
                "content",
            ),
            (
                "operation_code",
                codeless,
                env._(
                    "Code of the operation: %(lines)s",
                    lines=", ".join(line.name or "" for line in codeless),
                ),
                "lines",
            ),
            (
                "technician",
                labor and not self.technician_ids,
                env._("Technician"),
                "content",
            ),
            (
                "clocked_hours",
                labor and not self.clocked_hours,
                env._("Clocked hours"),
                "content",
            ),
            ("photo", not self.photo_ids, env._("Photos"), "photos"),
            (
                "old_part",
                untagged,
                env._(
                    "Label of the old part: %(parts)s",
                    parts=", ".join(line.name or "" for line in untagged),
                ),
                "",
            ),
            (
                "reference",
                not self.maker_reference,
                env._("Number in the maker's system"),
                "content",
            ),
        ]

    def _get_missing_lines(self, _checks):
        """Return that lines are gone, or that the order has changed since."""
        self.ensure_one()
        if not self.line_ids:
            text = self.env._("Nothing is left to claim: cancel it")
            return [{"key": "lines", "text": text, "page": "lines"}]
        changed = self.line_ids.filtered(lambda line: line._is_outdated())
        if not changed:
            return []
        text = self.env._(
            "The order has changed: take over %(lines)s",
            lines=", ".join(line.name or "" for line in changed),
        )
        return [{"key": "refresh", "text": text, "page": ""}]

    def _refresh_lines(self):
        """Bring the lines to the present shares of the job."""
        self.ensure_one()
        commands, known = [], {line.line_id: line for line in self.line_ids}
        for repair_line in self.job_id.line_ids:
            values = repair_line._prepare_claim_line_vals(self.payer_id)
            line = known.get(repair_line)
            if line and values:
                values.pop("operation_code")
                commands.append(Command.update(line.id, values))
            elif line:
                commands.append(Command.delete(line.id))
        # Safe: the clerk was checked, and the claim was not sent yet.
        self.sudo().write({"line_ids": commands})
        if self.has_causal_part and not self.causal_line_id:
            self.causal_line_id = self._propose_causal_line()


class CarWarrantyClaimLine(models.Model):
    _inherit = "car.warranty.claim.line"

    # === BUSINESS METHODS === #

    def _is_outdated(self):
        """Tell whether the order says something else than the claim."""
        self.ensure_one()
        values = self.line_id._prepare_claim_line_vals(self.payer_id)
        return not values or bool(
            self.currency_id.compare_amounts(
                values["amount_claimed"], self.amount_claimed
            )
        )
