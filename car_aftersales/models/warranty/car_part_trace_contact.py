from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

# Who may call for cars to be brought in
CALLERS = ("warranty_clerk", "parts_clerk", "supervisor")


class CarPartTrace(models.Model):
    """From parts that turned out bad to a campaign for the cars that have them."""

    _inherit = "car.part.trace"

    # === ACTION METHODS === #

    def action_list_to_contact(self):
        """Make a draft of a campaign with the cars of the selected parts.

        What came back to stock is in no car. The warranty clerk completes the draft and
        lets it run.
        """
        self.check_access("read")
        if not self.env["car.repair.order"]._has_group(*CALLERS):
            raise AccessError(
                self.env._(
                    "Warranty clerk, parts clerk or business supervisor calls cars in."
                )
            )
        traces = self.filtered(lambda trace: trace.state != "returned")
        if not traces:
            raise UserError(self.env._("None of these parts is in a car any more."))
        if len(traces.company_id) > 1:
            raise UserError(
                self.env._("Choose parts of one company: each has its own campaign.")
            )
        campaign = self._create_campaign(traces)
        return campaign.with_env(self.env)._get_records_action()

    # === BUSINESS METHODS === #

    def _create_campaign(self, traces):
        # Safe: a draft that changes nothing before the warranty clerk lets it run, with
        # cars that the user may see.
        campaign = (
            self.env["car.recall.campaign"]
            .sudo()
            .create(self._prepare_campaign_vals(traces))
        )
        self.env["car.recall.vehicle"].sudo().create(
            [
                {"campaign_id": campaign.id, "vehicle_id": vehicle.id}
                for vehicle in traces.vehicle_id
            ]
        )
        return campaign

    def _prepare_campaign_vals(self, traces):
        """Return values of the campaign: which parts, lots and days it is about."""
        products = ", ".join(traces.product_id.mapped("display_name"))
        # Safe: names of the lots that the user has chosen; the desks have no stock.
        lots = ", ".join(traces.lot_id.sudo().mapped("name"))
        days = sorted(
            fields.Datetime.context_timestamp(self, moment).date()
            for moment in traces.mapped("fitted_at")
        )
        first, last = (format_date(self.env, day) for day in (days[0], days[-1]))
        text = self.env._(
            "Parts: %(parts)s\nLots and serials: %(lots)s\n"
            "Issued: %(first)s – %(last)s",
            parts=products,
            lots=lots or "–",
            first=first,
            last=last,
        )
        if not all(trace.lot_id for trace in traces):
            text = "\n".join(
                (
                    text,
                    self.env._(
                        "Some of these parts have no lot or serial: they are traced "
                        "by car and day of issue only."
                    ),
                )
            )
        vals = {
            "name": self.env._("Part quality: %(parts)s", parts=products)[:200],
            "kind": "part_quality",
            "description": text,
            "company_id": traces.company_id.id,
        }
        suppliers = traces.supplier_ids
        if len(suppliers) == 1:
            vals["payer_partner_id"] = suppliers.commercial_partner_id.id
        return vals
