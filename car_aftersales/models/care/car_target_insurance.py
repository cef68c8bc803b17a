from odoo import api, models
from odoo.tools import SQL


class CarTarget(models.Model):
    """Renewed insurances as a target: premiums of policies we sold again (R-176)."""

    _inherit = "car.target"

    # === BUSINESS METHODS === #

    def _is_money(self):
        return self.indicator == "insurance_renewals" or super()._is_money()

    def _get_actual_insurance_renewals(self):
        return self._sum_facts(self._select_renewals)

    @api.model
    def _select_renewals(self, since, until):
        """Return SQL of policies sold by us that renew another one, by their first day.

        They belong to the company, to none of its sites.
        """
        return SQL(
            """
            SELECT company_id, NULL::int AS warehouse_id, date_from AS day,
                   NULL::timestamp AS moment, premium AS amount,
                   NULL::text AS indicator
              FROM car_insurance_policy
             WHERE is_sold_by_us AND previous_id IS NOT NULL
               AND is_cancelled IS NOT TRUE
               AND date_from >= %(since)s::date AND date_from <= %(until)s::date
            """,
            since=since,
            until=until,
        )
