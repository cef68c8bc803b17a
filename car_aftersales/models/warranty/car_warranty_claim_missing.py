from odoo import api, fields, models
from odoo.fields import Command

from .car_warranty_claim import OPEN

# Where on the form a check is met; the others are on the first page
PAGES = {"operation_code": "lines", "photo": "photos", "old_part": ""}


class CarWarrantyClaim(models.Model):
    """What is still missing before a claim is sent, all at once."""

    _inherit = "car.warranty.claim"

    missing = fields.Json("Missing before Sending", compute="_compute_missing")
    has_missing = fields.Boolean("Papers Missing", compute="_compute_missing")

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
        texts = self._get_check_texts()
        return [
            *self._get_missing_lines(),
            *[
                {"key": key, "text": texts[key], "page": PAGES.get(key, "content")}
                for key in self._get_failed_checks()
                if key in checks
            ],
        ]

    def _get_failed_checks(self):
        """Return the keys of what the claim does not contain. Extend for more."""
        labor = self.line_ids.filtered(lambda line: line.bucket == "labor")
        failed = {
            "odometer_in": not self.odometer_in_km,
            "odometer_out": not self.odometer_out_km,
            "complaint": not (self.complaint or "").strip(),
            "cause": not (self.cause or "").strip(),
            "correction": not (self.correction or "").strip(),
            "causal_part": self.has_causal_part and not self.causal_line_id,
            "fault_code": not self.fault_code,
            "operation_code": self._get_lines_without_code(),
            "technician": labor and not self.technician_ids,
            "clocked_hours": labor and not self.clocked_hours,
            "photo": not self.photo_ids,
            "old_part": self._get_lines_without_label(),
            "reference": not self.maker_reference,
        }
        return [key for key, is_missing in failed.items() if is_missing]

    def _get_check_texts(self):
        """Return what is told of each check that failed."""
        codeless = self._get_lines_without_code()
        untagged = self._get_lines_without_label()
        return {
            "odometer_in": self.env._("Odometer at arrival"),
            "odometer_out": self.env._("Odometer at delivery"),
            "complaint": self.env._("Complaint in the customer's words"),
            "cause": self.env._("Cause"),
            "correction": self.env._("Correction"),
            "causal_part": self.env._("Causal part, or that no part failed"),
            "fault_code": self.env._("Fault or defect code"),
            "operation_code": self.env._(
                "Code of the operation: %(lines)s",
                lines=", ".join(line.name or "" for line in codeless),
            ),
            "technician": self.env._("Technician"),
            "clocked_hours": self.env._("Clocked hours"),
            "photo": self.env._("Photos"),
            "old_part": self.env._(
                "Label of the old part: %(parts)s",
                parts=", ".join(line.name or "" for line in untagged),
            ),
            "reference": self.env._("Number in the maker's system"),
        }

    def _get_lines_without_code(self):
        return self.line_ids.filtered(
            lambda line: line.bucket == "labor" and not line.operation_code
        )

    def _get_lines_without_label(self):
        return self.line_ids.filtered(
            lambda line: line.bucket == "parts" and not line._get_live_old_parts()
        )

    def _get_missing_lines(self):
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
