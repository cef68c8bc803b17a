from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

BATCH = 500


class CarCustomerFile(models.Model):
    """Opening files: nobody who was here or asked is without one."""

    _inherit = "car.customer.file"

    # === BUSINESS METHODS === #

    @api.model
    def _open_for(self, partner, company=None):
        """Return the file of a customer; a new one where there is none."""
        company = company or self.env.company
        card = self.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
        return card or self.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "next_vehicle_id": partner.car_vehicle_ids.filtered(
                    lambda vehicle: (
                        not vehicle.company_id or vehicle.company_id == company
                    )
                )[:1].id,
            }
        )

    @api.model
    def _cron_open_files(self):
        """Open the files of who was received or has asked, and has none yet.

        The two days count from intake or enquiry, whenever this job runs.
        """
        while opened := self._open_batch():
            if not self.env["ir.cron"]._commit_progress(len(opened)):
                return

    @api.model
    def _open_batch(self):
        """Open the next files that are missing; return them, none when all are open."""
        for source in (self._get_received(), self._get_enquirers()):
            if rows := self._read_without_file(source):
                return self.create([self._prepare_file(row) for row in rows])
        return self.browse()

    @api.model
    def _get_since(self):
        """Return since when visits and enquiries still open a file."""
        days = max(
            self.env["res.company"]
            .search([("active", "=", True)])
            .mapped("car_contact_catch_up_days")
        )
        return fields.Datetime.now() - timedelta(days=days)

    @api.model
    def _get_received(self):
        return SQL(
            """
            SELECT o.partner_id, o.company_id, o.received_at AS opened_at,
                   o.id AS order_id, NULL::int AS enquiry_id, o.vehicle_id
              FROM car_repair_order o
             WHERE o.received_at >= %s AND o.state != 'cancelled'
            """,
            self._get_since(),
        )

    @api.model
    def _get_enquirers(self):
        return SQL(
            """
            SELECT e.partner_id, e.company_id, e.asked_at AS opened_at,
                   NULL::int AS order_id, e.id AS enquiry_id, e.vehicle_id
              FROM car_enquiry e
             WHERE e.asked_at >= %s AND e.state != 'open' AND e.partner_id IS NOT NULL
            """,
            self._get_since(),
        )

    @api.model
    def _read_without_file(self, source):
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (source.partner_id, source.company_id) source.*
                  FROM (%(source)s) source
                 WHERE source.partner_id NOT IN (SELECT partner_id FROM res_company)
                   AND NOT EXISTS (SELECT FROM car_customer_file f
                                    WHERE f.partner_id = source.partner_id
                                      AND f.company_id = source.company_id)
                 ORDER BY source.partner_id, source.company_id, source.opened_at
                 LIMIT %(limit)s
                """,
                source=source,
                limit=BATCH,
            )
        )

    @api.model
    def _prepare_file(self, row):
        """Return the values of a file. Extend to fill in more."""
        return {
            "partner_id": row["partner_id"],
            "company_id": row["company_id"],
            "opened_at": row["opened_at"],
            "opened_by": "intake" if row["order_id"] else "enquiry",
            "order_id": row["order_id"],
            "enquiry_id": row["enquiry_id"],
            "next_vehicle_id": row["vehicle_id"],
        }
