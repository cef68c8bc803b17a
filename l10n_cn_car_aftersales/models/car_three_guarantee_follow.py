from odoo import api, fields, models

from .car_three_guarantee_entry import REASONS

PAYER_FIELDS = {"payer_id", "share_ids"}
# What these bear is no repair under the guarantee
OUTSIDE = ("customer", "insurer")
# A line's shares change with it. No remote call can send this very object, so nobody
# else keeps the ledger from following.
WITH_LINE = object()


class CarThreeGuaranteeEntry(models.Model):
    """What becomes of an entry when its repair is borne by somebody else afterwards."""

    _inherit = "car.three.guarantee.entry"

    former_reason = fields.Selection(
        REASONS,
        "Before the Payer Changed",
        readonly=True,
        help="What was written at delivery, before the repair was borne by another.",
    )

    # === BUSINESS METHODS === #

    def _get_follow_key(self):
        """Return by what an order has an entry once, as the unique index has it."""
        self.ensure_one()
        return (
            self.kind,
            self.part_key or "",
            self.assembly_id.id or 0,
            self.failure_id.id or 0,
        )

    @api.model
    def _get_follow_key_of(self, vals):
        return (
            vals["kind"],
            vals.get("part_key") or "",
            vals.get("assembly_id") or 0,
            vals.get("failure_id") or 0,
        )

    def _follow_payers(self, vals):
        """Let the entry say what its repair comes to, and keep what it said before.

        What was corrected by hand stays so, and is told.

        :param vals: what the repair brings now; empty, when it brings nothing any more
        """
        self.ensure_one()
        if vals:
            names = ("reason", "is_counted", "days", "started_at", "ended_at", "date")
            vals = {name: vals[name] for name in names if name in vals}
        else:
            vals = {"reason": "paid", "is_counted": False}
        if all(self[name] == value for name, value in vals.items()):
            return
        if self.reason == "corrected":
            self._message_log(
                body=self.env._(
                    "Another payer bears the repair now. The correction by hand stays."
                )
            )
            return
        self._message_log(
            body=self.env._(
                "Another payer bears the repair now. Until then it said: %(reason)s; "
                "days %(days)s.",
                reason=self.reason_text,
                days=self.days,
            )
        )
        if vals["reason"] != self.reason:
            vals["former_reason"] = self.reason
        self.write(vals)


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _follow_three_guarantees(self):
        """Let the ledger follow who bears these delivered repairs now.

        A repair that the customer has agreed to pay is none under the guarantee; one
        that the maker bears after all is.
        """
        # Safe: the ledger follows from a change of payer or an answer just checked.
        orders = self.sudo().filtered(
            lambda order: order.state == "delivered" and order.company_id.car_cn_law
        )
        if not orders:
            return
        ledger = self.env["car.three.guarantee.entry"].sudo()
        wanted = {}
        for vals in orders._prepare_three_guarantee_vals(fields.Datetime.now()):
            key = (vals["order_id"], *ledger._get_follow_key_of(vals))
            wanted[key] = vals
        entries = orders.three_guarantee_entry_ids
        for entry in entries:
            key = (entry.order_id.id, *entry._get_follow_key())
            entry._follow_payers(wanted.pop(key, None))
        entries |= ledger.with_context(mail_create_nolog=True).create(
            list(wanted.values())
        )
        entries._warn_of_limits()


class CarRepairLine(models.Model):
    """Who bears a line decides whether its repair is one under the guarantee."""

    _inherit = "car.repair.line"

    was_under_guarantee = fields.Boolean(
        "Was Under the Three Guarantees",
        copy=False,
        readonly=True,
        help="The maker bore it under warranty when the car was given back.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if not PAYER_FIELDS.intersection(vals):
            return super().write(vals)
        delivered = self._keep_guarantee()
        # Its shares change with it; the ledger follows once they are complete.
        inside = self.with_context(car_ledger_follows=WITH_LINE)
        result = super(CarRepairLine, inside).write(vals)
        delivered.order_id._follow_three_guarantees()
        return result

    # === BUSINESS METHODS === #

    def _drop_protected(self, vals):
        vals = super()._drop_protected(vals)
        if not self.env.su:
            vals.pop("was_under_guarantee", None)
        return vals

    def _keep_guarantee(self):
        """Remember which lines of delivered cars the maker bears; return them all."""
        # Safe: only remembers what is so already.
        delivered = self.sudo().filtered(
            lambda line: (
                line.order_id.state == "delivered" and line.company_id.car_cn_law
            )
        )
        kept = delivered.filtered(
            lambda line: (
                not line.was_under_guarantee and line._get_fraction("warranty") > 0
            )
        )
        if kept:
            models.Model.write(kept, {"was_under_guarantee": True})
        return delivered

    def _is_under_guarantee(self):
        """Tell whether the line is a repair that the customer has free of charge.

        What the maker refused afterwards stays one, whoever bears it instead, until
        the customer has agreed to pay all of it himself.
        """
        self.ensure_one()
        agreed = self.authorization_state != "declined"
        if agreed and self._get_fraction("warranty") > 0:
            return True
        if not self.was_under_guarantee:
            return False
        paid = agreed and self.authorization_state != "pending"
        return not (paid and self._get_fraction(*OUTSIDE) > 1 - 1e-6)


class CarRepairLineShare(models.Model):
    _inherit = "car.repair.line.share"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = self.env["car.repair.line"].browse(
            {vals["line_id"] for vals in vals_list if vals.get("line_id")}
        )
        lines = lines._keep_guarantee() if self._follows_alone() else lines.browse()
        shares = super().create(vals_list)
        lines.order_id._follow_three_guarantees()
        return shares

    def write(self, vals):
        alone = self._follows_alone()
        lines = self.line_id._keep_guarantee() if alone else self.line_id.browse()
        result = super().write(vals)
        lines.order_id._follow_three_guarantees()
        return result

    def unlink(self):
        alone = self._follows_alone()
        lines = self.line_id._keep_guarantee() if alone else self.line_id.browse()
        result = super().unlink()
        lines.order_id._follow_three_guarantees()
        return result

    # === BUSINESS METHODS === #

    def _follows_alone(self):
        """Tell whether the shares are changed for themselves, not with their line."""
        return self.env.context.get("car_ledger_follows") is not WITH_LINE


class CarRepairAuthorization(models.Model):
    _inherit = "car.repair.authorization"

    # === BUSINESS METHODS === #

    def _apply(self):
        """Let the ledger follow who agrees to pay after his car was given back."""
        result = super()._apply()
        self.order_id._follow_three_guarantees()
        return result
