from odoo import api, fields, models


class CarTarget(models.Model):
    """The nightly count: figures for graphs, the alert of a stock that fell too low."""

    _inherit = "car.target"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_count(self):
        """Count what is under way, tell what is too low, go on in a new year.

        A period that ended yesterday is counted once more.
        """
        for company in self.env["res.company"].search([("id", "!=", False)]):
            today = company._get_car_today()
            self._renew(company, today)
            self.search(
                [
                    ("company_id", "=", company.id),
                    ("date_from", "<=", today),
                    ("date_to", ">=", fields.Date.subtract(today, days=1)),
                ]
            )._count()

    def _count(self):
        """Keep the figures of now, and tell whose stock fell below its target."""
        now = fields.Datetime.now()
        values = self._get_actuals()
        for target in self:
            if (value := values.get(target)) is not None:
                target.write({"counted_value": value, "counted_at": now})
        self._alert()

    def _alert(self):
        """Tell once that a value is below the floor; again only after it recovered."""
        floors = self.filtered(lambda target: target.goal == "keep")
        low = floors.filtered(lambda target: target.status == "behind")
        (floors - low).filtered("alerted_at").write({"alerted_at": False})
        fresh = low.filtered(lambda target: not target.alerted_at)
        fresh.write({"alerted_at": fields.Datetime.now()})
        supervisors = {
            company: company._get_car_supervisor() for company in fresh.company_id
        }
        for target in fresh:
            supervisor = supervisors[target.company_id]
            target.message_notify(
                partner_ids=(supervisor | target.user_id).partner_id.ids,
                subject=self.env._("%(target)s is too low", target=target.display_name),
                body=self.env._(
                    "Actual %(actual)s, it should stay above %(target)s.",
                    actual=target.actual_text,
                    target=target.target_text,
                ),
            )

    @api.model
    def _renew(self, company, today):
        """Take over last year's yearly targets once, where this year has none yet."""
        first = fields.Date.start_of(today, "year")
        domain = [("company_id", "=", company.id), ("period", "=", "year")]
        if self.with_context(active_test=False).search_count(
            [*domain, ("date_from", "=", first)], limit=1
        ):
            return
        last = fields.Date.subtract(first, years=1)
        for target in self.search([*domain, ("date_from", "=", last)]):
            target.copy({"date_from": first})
