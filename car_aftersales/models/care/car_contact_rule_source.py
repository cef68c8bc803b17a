from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL


class CarContactRule(models.Model):
    """Where each event is read: one query for any number of records.

    A layer above brings its own event by one more value of ``trigger`` and a method
    ``_get_source_<trigger>``.
    """

    _inherit = "car.contact.rule"

    # === BUSINESS METHODS === #

    def _get_source(self, company, today):
        """Return where the event of a rule is read, for one company.

        :return: (model name, SQL of rows ``res_id, partner_id, vehicle_id, order_id,
            enquiry_id, anchor``), anchor the day of the event in the company's time
        """
        self.ensure_one()
        return getattr(self, f"_get_source_{self.trigger}")(company, today)

    def _get_first_anchor(self, company, today):
        """Return the oldest event whose contact is still caught up."""
        missed = timedelta(days=company.car_contact_catch_up_days)
        return today - missed - timedelta(days=self.days_to)

    def _get_last_anchor(self, company, today):
        """Return the farthest event that is planned already."""
        lead = timedelta(days=company.car_contact_lead_days)
        return today + lead - timedelta(days=self.days_from)

    def _get_local_day(self, company, moment):
        """Return SQL of the day of a moment in the company's time zone."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            moment,
            company._get_car_time_zone(),
        )

    def _get_since(self, company, today):
        """Return the moment from which events count, with a day to spare for zones."""
        first = self._get_first_anchor(company, today)
        return fields.Datetime.to_datetime(first) - timedelta(days=1)

    def _get_source_delivered(self, company, today):
        return "car.repair.order", SQL(
            """
            SELECT o.id AS res_id, COALESCE(o.contact_id, o.partner_id) AS partner_id,
                   o.vehicle_id, o.id AS order_id, NULL::int AS enquiry_id,
                   %(day)s AS anchor
              FROM car_repair_order o
             WHERE o.company_id = %(company)s AND o.state = 'delivered'
               AND o.delivered_at >= %(since)s
               AND NOT EXISTS (SELECT FROM car_repair_order newer
                                WHERE newer.vehicle_id = o.vehicle_id
                                  AND newer.received_at > o.delivered_at
                                  AND newer.state != 'cancelled')
            """,
            day=self._get_local_day(company, SQL("o.delivered_at")),
            company=company.id,
            since=self._get_since(company, today),
        )

    def _get_source_declined(self, company, today):
        return "car.repair.order", SQL(
            """
            SELECT o.id AS res_id, COALESCE(o.contact_id, o.partner_id) AS partner_id,
                   o.vehicle_id, o.id AS order_id, NULL::int AS enquiry_id,
                   %(day)s AS anchor
              FROM car_repair_order o
             WHERE o.company_id = %(company)s AND o.state = 'declined'
               AND o.state_changed_at >= %(since)s
               AND COALESCE(o.contact_way, '') != 'none'
               AND NOT EXISTS (SELECT FROM car_repair_order newer
                                WHERE newer.vehicle_id = o.vehicle_id
                                  AND newer.received_at > o.state_changed_at
                                  AND newer.state != 'cancelled')
            """,
            day=self._get_local_day(company, SQL("o.state_changed_at")),
            company=company.id,
            since=self._get_since(company, today),
        )

    def _get_source_enquiry(self, company, today):
        return "car.enquiry", SQL(
            """
            SELECT e.id AS res_id, e.partner_id, e.vehicle_id,
                   NULL::int AS order_id, e.id AS enquiry_id, %(day)s AS anchor
              FROM car_enquiry e
             WHERE e.company_id = %(company)s AND e.state = 'answered'
               AND e.partner_id IS NOT NULL AND e.answered_at >= %(since)s
            """,
            day=self._get_local_day(company, SQL("e.answered_at")),
            company=company.id,
            since=self._get_since(company, today),
        )

    def _get_source_first_call(self, company, today):
        """The second call counts from the first one held, else from its last try."""
        after_enquiry = company.car_second_call_after_enquiry
        return "car.contact.task", SQL(
            """
            SELECT t.id AS res_id, t.partner_id, t.vehicle_id, t.order_id,
                   t.enquiry_id, t.finished_on AS anchor
              FROM car_contact_task t
             WHERE t.company_id = %(company)s AND t.kind = 'first_call'
               AND t.finished_on >= %(first)s
               AND (t.state = 'done' OR t.close_reason = 'not_reached')
               AND (t.enquiry_id IS NULL OR %(after_enquiry)s)
               AND NOT EXISTS (SELECT FROM car_repair_order newer
                                WHERE newer.vehicle_id = t.vehicle_id
                                  AND newer.id != COALESCE(t.order_id, 0)
                                  AND newer.received_at > t.create_date
                                  AND newer.state != 'cancelled')
            """,
            company=company.id,
            first=self._get_first_anchor(company, today),
            after_enquiry=after_enquiry,
        )

    def _get_source_service(self, company, today):
        """A car that is booked or in the workshop already is not reminded of."""
        return "car.vehicle", SQL(
            """
            SELECT v.id AS res_id, COALESCE(v.contact_id, v.owner_id) AS partner_id,
                   v.id AS vehicle_id, NULL::int AS order_id, NULL::int AS enquiry_id,
                   v.next_service_due_date AS anchor
              FROM car_vehicle v
             WHERE v.active AND v.owner_id IS NOT NULL
               AND %(own)s
               AND v.next_service_due_date BETWEEN %(first)s AND %(last)s
               AND NOT %(busy)s
            """,
            own=self._get_own_condition(company),
            first=self._get_first_anchor(company, today),
            last=self._get_last_anchor(company, today),
            busy=self._get_busy_condition(SQL("v.id")),
        )

    def _get_busy_condition(self, vehicle):
        """Return SQL that tells whether a car is booked or here already."""
        return SQL(
            """
            (EXISTS (SELECT FROM car_appointment a
                      WHERE a.vehicle_id = %(vehicle)s AND a.state = 'confirmed'
                        AND a.start_at >= %(now)s)
             OR EXISTS (SELECT FROM car_repair_order o
                         WHERE o.vehicle_id = %(vehicle)s
                           AND o.state NOT IN ('delivered', 'declined', 'cancelled')))
            """,
            vehicle=vehicle,
            now=fields.Datetime.now(),
        )

    def _get_source_ask_again(self, company, today):
        """A customer is asked once for all he declined on a visit."""
        return "car.repair.order", SQL(
            """
            SELECT o.id AS res_id, COALESCE(o.contact_id, o.partner_id) AS partner_id,
                   o.vehicle_id, o.id AS order_id, NULL::int AS enquiry_id,
                   MIN(l.ask_again_date) AS anchor
              FROM car_repair_line l
              JOIN car_repair_order o ON o.id = l.order_id
             WHERE o.company_id = %(company)s
               AND l.ask_again_date BETWEEN %(first)s AND %(last)s
               AND COALESCE(o.contact_way, '') != 'none'
               AND NOT %(busy)s
             GROUP BY o.id
            """,
            company=company.id,
            first=self._get_first_anchor(company, today),
            last=self._get_last_anchor(company, today),
            busy=self._get_busy_condition(SQL("o.vehicle_id")),
        )

    def _get_source_inspection(self, company, today):
        return "car.vehicle", SQL(
            """
            SELECT v.id AS res_id, COALESCE(v.contact_id, v.owner_id) AS partner_id,
                   v.id AS vehicle_id, NULL::int AS order_id, NULL::int AS enquiry_id,
                   v.inspection_due_date AS anchor
              FROM car_vehicle v
             WHERE v.active AND v.owner_id IS NOT NULL
               AND %(own)s
               AND v.inspection_due_date BETWEEN %(first)s AND %(last)s
            """,
            own=self._get_own_condition(company),
            first=self._get_first_anchor(company, today),
            last=self._get_last_anchor(company, today),
        )

    def _get_own_condition(self, company):
        """Return SQL that tells whether a company looks after a car.

        A car shared in a group of companies belongs to where it was last.
        """
        return SQL(
            """
            (v.company_id = %(company)s
             OR v.company_id IS NULL
                AND %(company)s = (SELECT o.company_id FROM car_repair_order o
                                    WHERE o.vehicle_id = v.id
                                 ORDER BY o.id DESC LIMIT 1))
            """,
            company=company.id,
        )

    def _get_source_birthday(self, company, today):
        """Birthdays of owners; without a 29 February it is on the day before."""
        first = self._get_first_anchor(company, today)
        last = self._get_last_anchor(company, today)
        return "res.partner", SQL(
            """
            SELECT p.id AS res_id, p.id AS partner_id, NULL::int AS vehicle_id,
                   NULL::int AS order_id, NULL::int AS enquiry_id, d.day::date AS anchor
              FROM generate_series(%(first)s::date, %(last)s::date, '1 day') d(day)
        CROSS JOIN generate_series(0, 1) e(extra)
              JOIN res_partner p
                ON p.car_birthday IS NOT NULL
               AND EXTRACT(MONTH FROM p.car_birthday) = EXTRACT(MONTH FROM d.day)
               AND EXTRACT(DAY FROM p.car_birthday)
                   = EXTRACT(DAY FROM d.day) + e.extra
             WHERE p.active
               AND (e.extra = 0
                    OR to_char(d.day, 'MMDD') = '0228'
                       AND to_char(d.day + interval '1 day', 'MMDD') = '0301')
               AND EXISTS (SELECT FROM car_vehicle v
                            WHERE v.owner_id = p.id AND v.active AND %(own)s)
            """,
            first=first,
            last=last,
            own=self._get_own_condition(company),
        )

    def _get_source_festival(self, company, today):
        """Owners of cars, each once for a festival."""
        return "res.partner", SQL(
            """
            SELECT DISTINCT v.owner_id AS res_id, v.owner_id AS partner_id,
                   NULL::int AS vehicle_id, NULL::int AS order_id,
                   NULL::int AS enquiry_id, f.date AS anchor
              FROM car_contact_festival f
              JOIN car_vehicle v ON v.active AND v.owner_id IS NOT NULL AND %(own)s
             WHERE f.active AND COALESCE(f.company_id, %(company)s) = %(company)s
               AND f.date BETWEEN %(first)s AND %(last)s
               AND (NOT EXISTS (SELECT FROM car_contact_festival_car_vehicle_model_rel r
                                 WHERE r.car_contact_festival_id = f.id)
                    OR EXISTS (SELECT FROM car_contact_festival_car_vehicle_model_rel r
                                WHERE r.car_contact_festival_id = f.id
                                  AND r.car_vehicle_model_id = v.model_id))
            """,
            company=company.id,
            own=self._get_own_condition(company),
            first=self._get_first_anchor(company, today),
            last=self._get_last_anchor(company, today),
        )

    def _get_source_planned(self, company, today):
        return "car.customer.file", SQL(
            """
            SELECT f.id AS res_id, f.partner_id, f.next_vehicle_id AS vehicle_id,
                   NULL::int AS order_id, NULL::int AS enquiry_id,
                   f.next_call_date AS anchor
              FROM car_customer_file f
             WHERE f.company_id = %(company)s
               AND f.next_call_date BETWEEN %(first)s AND %(last)s
            """,
            company=company.id,
            first=self._get_first_anchor(company, today),
            last=self._get_last_anchor(company, today),
        )

    def _get_source_solution(self, company, today):
        """The customer is told on the very day on which a solution was found."""
        return "car.contact.point", SQL(
            """
            SELECT p.id AS res_id, p.partner_id, p.vehicle_id, p.order_id,
                   NULL::int AS enquiry_id, %(day)s AS anchor
              FROM car_contact_point p
             WHERE p.company_id = %(company)s AND p.state = 'solved'
               AND p.solved_at >= %(since)s
            """,
            day=self._get_local_day(company, SQL("p.solved_at")),
            company=company.id,
            since=self._get_since(company, today),
        )
