from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command

from ..workshop.car_repair_order import CUSTOMER_DATA
from .car_repair_line_coverage import CLOSED, COVERED

# What may change the answer on warranty
JUDGED = {"product_id", "kind", "supply", "job_id", "order_id"}
# What may change the answer of the work on a part
WORK_ON = {*JUDGED, "quantity", "name"}


class CarRepairLine(models.Model):
    """Who pays a line by its warranty. What somebody chose himself is never changed."""

    _inherit = "car.repair.line"

    payer_source = fields.Selection(
        [("warranty", "By warranty"), ("hand", "By hand")],
        "Payer Chosen",
        readonly=True,
        copy=False,
        groups=CUSTOMER_DATA,
        help="Empty: the payer of the job. A choice by hand is kept whatever the "
        "warranty says.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._get_jobs_of_parts()._refresh_work()
        covered = lines.filtered(lambda line: line.coverage_reason in COVERED)
        covered._propose_payers()
        return lines

    def write(self, vals):
        chosen = self.browse()
        if {"payer_id", "share_ids"} & set(vals) and not self._is_proposing():
            chosen = self.filtered(
                lambda line: "share_ids" in vals or line.payer_id.id != vals["payer_id"]
            )
        jobs = self.env["car.repair.job"]
        if WORK_ON & set(vals):
            jobs = self._get_jobs_of_parts()
        result = super().write(vals)
        # Safe: whether somebody chose the payer himself.
        chosen.sudo()._set_payer_source("hand")
        if JUDGED & set(vals):
            self._propose_payers()
        if WORK_ON & set(vals):
            (jobs | self._get_jobs_of_parts())._refresh_work()
        return result

    def unlink(self):
        jobs = self._get_jobs_of_parts()
        result = super().unlink()
        jobs.exists()._refresh_work()
        return result

    # === BUSINESS METHODS === #

    def _drop_protected(self, vals):
        vals = super()._drop_protected(vals)
        if not self.env.su:
            vals.pop("payer_source", None)
        return vals

    def _is_proposing(self):
        """Tell whether the warranty itself changes the payers."""
        return self.env.context.get("car_proposing") is PROPOSING

    def _set_payer_source(self, source):
        changed = self.filtered(lambda line: line.payer_source != source)
        changed.payer_source = source

    def _can_propose(self, is_decided=False):
        """Tell whether the warranty may say who pays.

        :param is_decided: somebody has just said so, whatever was agreed before.
        """
        self.ensure_one()
        order = self.order_id
        if (
            self.payer_source == "hand"
            or self.credited_line_id
            or order.state in CLOSED
            or (self._has_consent() and not is_decided)
        ):
            return False
        if self.payer_source == "warranty":
            return True
        # Somebody chose another payer for the job, the type or the line.
        customer = order._get_customer_payer()
        payers = self.payer_id | self.job_id.payer_id
        return not self.share_ids and payers == customer

    def _propose_payers(self, decided=()):
        """Let each line be paid as its warranty says, where nobody chose a payer.

        :param decided: lines on which somebody has just decided by hand.
        :return: the lines whose payer has changed.
        """
        # Safe: who pays follows from the warranty of the car.
        open_lines = self.sudo().filtered(
            lambda line: line._can_propose(line in decided)
        )
        wanted = {line: line._get_warranty_parts() for line in open_lines}
        wanted = {
            line: parts
            for line, parts in wanted.items()
            if parts or line.payer_source == "warranty"
        }
        changed = open_lines.browse()
        if not wanted:
            return changed
        payers = open_lines._ensure_warranty_payers(wanted)
        groups = defaultdict(open_lines.browse)
        for line, parts in wanted.items():
            shares = line._get_shares_of(parts, payers)
            if line._get_shares() != [(payer, part / 100) for payer, part in shares]:
                groups[tuple(shares)] |= line
        for shares, lines in groups.items():
            lines._share_between(shares)
            changed |= lines
        for line, parts in wanted.items():
            line._set_payer_source("warranty" if parts else False)
        return changed.with_env(self.env)

    def _apply_coverage(self):
        """Judge the lines anew and let the warranty say who pays.

        :return: the action that shows it.
        """
        self._refresh_coverage()
        changed = self._propose_payers()
        covered = self.filtered("is_covered")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if covered else "info",
                "message": self.env._(
                    "%(covered)s of %(lines)s lines under warranty, payer of "
                    "%(changed)s changed.",
                    covered=len(covered),
                    lines=len(self),
                    changed=len(changed),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_warranty_parts(self):
        """Return who bears which percent by warranty: kind, partner, percent."""
        self.ensure_one()
        if self.coverage_reason not in COVERED:
            return []
        if self.coverage_line_id:
            return [self.coverage_line_id.sudo()._get_part_payer()]
        return self.coverage_id.policy_id._get_payer_parts()

    def _ensure_warranty_payers(self, wanted):
        """Return the payers that are wanted, made on their orders where missing.

        :return: dict of (order, kind, partner) to the payer.
        """
        return self.order_id._ensure_payers_for(
            (line.order_id, kind, partner)
            for line, parts in wanted.items()
            for kind, partner, _percent in parts
        )

    def _get_shares_of(self, parts, payers):
        """Return pairs of payer and percent, the rest to the customer."""
        self.ensure_one()
        order = self.order_id
        shares = [
            (payers[order, kind, partner], percent) for kind, partner, percent in parts
        ]
        rest = round(100 - sum(percent for _payer, percent in shares), 4)
        if rest:
            shares.append((order._get_customer_payer(), rest))
        return shares

    def _share_between(self, shares, keeps_price=False):
        """Give the lines these payers; the first one sets price and taxes.

        Prices that were typed stay.

        :param shares: pairs of payer and percent that sum to 100.
        :param keeps_price: price and taxes stay those of the present payer.
        """
        vals = {} if keeps_price else {"payer_id": shares[0][0].id}
        is_split = keeps_price or len(shares) > 1
        split = [
            Command.create({"payer_id": payer.id, "percent": percent, "sequence": row})
            for row, (payer, percent) in enumerate(shares)
        ]
        if is_split or any(line.share_ids for line in self):
            vals["share_ids"] = [Command.clear(), *(split if is_split else [])]
        # Safe: who pays follows from warranty or from a dialog that checked the role.
        self.sudo().with_context(car_proposing=PROPOSING).write(vals)


# No remote call can send this very object, so nobody else proposes.
PROPOSING = object()


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if "system_id" in vals:
            self.line_ids._propose_payers()
        return result

    # === ACTION METHODS === #

    def action_apply_coverage(self):
        """Judge the job's lines by the warranty and let it say who pays."""
        self.order_id._check_coverage_desk()
        return self.line_ids._apply_coverage()


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if {"vehicle_id", "owner_id", "received_at", "odometer_km"} & set(vals):
            self.line_ids._propose_payers()
        if "consent_floor" in vals:
            # Parts that were declined are asked for again.
            self.line_ids._get_jobs_of_parts()._refresh_work()
        return result

    # === ACTION METHODS === #

    def action_apply_coverage(self):
        """Judge the order's lines by the warranty and let it say who pays."""
        self._check_coverage_desk()
        return self.line_ids._apply_coverage()

    # === BUSINESS METHODS === #

    def _ensure_payer(self, kind, partner):
        """Return a payer of the order, made where it is missing."""
        self.ensure_one()
        key = (self, kind, partner)
        # Safe: the caller has checked role and state.
        return self.sudo()._ensure_payers_for([key])[key].with_env(self.env)

    def _ensure_payers_for(self, keys):
        """Return payers of the orders, made where they are missing.

        :param keys: order, kind and partner of each.
        :return: dict of these to the payer.
        """
        payers = {
            (payer.order_id, payer.kind, payer.partner_id): payer
            for payer in self.payer_ids
        }
        missing = [key for key in dict.fromkeys(keys) if key not in payers]
        made = self.env["car.repair.payer"].create(
            [
                {
                    "order_id": order.id,
                    "kind": kind,
                    "partner_id": partner.id,
                    "sequence": 20,
                }
                for order, kind, partner in missing
            ]
        )
        return {**payers, **dict(zip(missing, made, strict=True))}

    def _check_coverage_desk(self):
        self._require_group("advisor", "warranty_clerk")
        self._refuse(
            lambda order: order.state in CLOSED or order._has_left(),
            self.env._("the visit is closed; what was decided on warranty is kept"),
        )
