from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.labels import spell_fields

WORK_FIELDS = {
    "state",
    "cause",
    "correction",
    "fault_codes",
    "serials_fitted",
    "measurement_ids",
    "rework_reason",
    "is_self_checked",
}
# What the desks beside the front desk write on a job; the front desk writes it all.
DESK_FIELDS = {
    "technician": WORK_FIELDS | {"waiting_reason"},
    "workshop_supervisor": WORK_FIELDS
    | {"waiting_reason", "team_id", "technician_ids", "sequence"}
    | {"deferral_reason", "deferred_until"},
    "inspector": WORK_FIELDS,
    "warranty_clerk": {"payer_id", "cause", "correction"},
}
# What the workshop supervisor says of a job that he has found in the workshop
FOUND_FIELDS = {"order_id", "name", "system_id", "estimate_method", "repair_class_id"}
# What the papers of the visit say of its jobs
CONTENT_FIELDS = {
    "order_id",
    "sequence",
    "name",
    "cause",
    "correction",
    "fault_codes",
    "serials_fitted",
    "measurement_ids",
    "system_id",
    "estimate_method",
    "risk_percent",
    "risk_amount",
    "item_reason",
    "repair_class_id",
    "package_id",
    "payer_id",
    "team_id",
    "technician_ids",
    "waiting_reason",
}
# What a message with a picture writes
CHATTER_FIELDS = {"message_main_attachment_id"}


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_found_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_desk_fields(vals)
        self._check_kept(vals)
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _has_all_fields(self):
        """Tell whether the user writes the jobs as a whole: the front desk does."""
        return self.env["car.repair.order"]._has_group("advisor")

    def _get_desk_fields(self):
        """Return the fields that the user's desks write on a job."""
        order = self.env["car.repair.order"]
        return CHATTER_FIELDS.union(
            *(names for tier, names in DESK_FIELDS.items() if order._has_group(tier))
        )

    def _check_desk_fields(self, vals):
        """Keep every desk to what it writes down on a job."""
        if not self._has_all_fields():
            self._refuse_fields(set(vals) - self._get_desk_fields())

    def _check_kept(self, vals):
        """Keep the jobs of a closed visit as its papers show them.

        Only the cancellation of an order ends its jobs after itself.
        """
        ends = vals.get("state") == "cancelled"
        if not CONTENT_FIELDS.intersection(vals) and ("state" not in vals or ends):
            return
        # Safe: the technician may write his job; the order only tells its state.
        orders = self.sudo().order_id
        if vals.get("order_id"):
            orders |= orders.browse(vals["order_id"])
        orders._check_locked_fields({"job_ids": True})

    def _check_found_fields(self, vals):
        """Let the workshop supervisor report a job, without its price and payer."""
        if not self._has_all_fields():
            allowed = self._get_desk_fields()
            if self.env["car.repair.order"]._has_group("workshop_supervisor"):
                allowed |= FOUND_FIELDS
            self._refuse_fields({name for name in vals if vals[name]} - allowed)

    def _refuse_fields(self, names):
        """Refuse to write fields of other desks.

        :raise AccessError: naming jobs and fields as the screen does.
        """
        if not names:
            return
        # Safe: names the documents only.
        jobs = self.sudo().mapped("display_name") or [self.env._("New job")]
        raise AccessError(
            self.env._(
                "%(jobs)s: your role does not write %(fields)s.",
                jobs=", ".join(jobs),
                fields=spell_fields(self, names),
            )
        )
