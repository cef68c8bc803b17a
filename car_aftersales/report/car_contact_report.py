from odoo import api, fields, models
from odoo.tools import SQL

from ..models.care.car_contact_permission import CHANNELS
from ..models.vehicle.car_vehicle import CUSTOMER_DATA

# Contacts that shall bring a customer to the workshop
REMINDER_KINDS = ("service_due", "ask_again", "next_service", "inspection_expiry")


class CarContactReport(models.Model):
    """One row per planned contact: was it made in its days, and what did it bring.

    A contact was successful when the customer has booked, or his car has come, within
    the days laid down after it (R-236); a reminder without that is “reminded, not
    booked”.
    """

    _name = "car.contact.report"
    _description = "Contact Analysis"
    _inherit = ["car.confidential.mixin"]
    _auto = False
    _rec_name = "task_id"
    _order = "date_to desc, id desc"
    _depends = {
        "car.contact.task": [
            "channel",
            "clerk_id",
            "close_reason",
            "company_id",
            "date_from",
            "date_to",
            "finished_on",
            "kind",
            "original_clerk_id",
            "partner_id",
            "rule_id",
            "state",
            "tries",
            "vehicle_id",
        ],
        "car.appointment": ["partner_id", "state", "vehicle_id"],
        "car.repair.order": ["partner_id", "received_at", "state", "vehicle_id"],
    }

    task_id = fields.Many2one("car.contact.task", "Planned Contact", readonly=True)
    rule_id = fields.Many2one("car.contact.rule", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self._get_labels("kind"), readonly=True
    )
    channel = fields.Selection(CHANNELS, readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_labels("state"), readonly=True
    )
    close_reason = fields.Selection(
        selection=lambda self: self._get_labels("close_reason"),
        string="Why Closed",
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    clerk_id = fields.Many2one("res.users", readonly=True)
    original_clerk_id = fields.Many2one("res.users", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, groups=CUSTOMER_DATA
    )
    phone = fields.Char(related="partner_id.phone", groups=CUSTOMER_DATA)
    vehicle_id = fields.Many2one("car.vehicle", readonly=True)
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("Until", readonly=True)
    finished_on = fields.Date(readonly=True)
    is_reminder = fields.Boolean("Reminds of Something", readonly=True)
    response = fields.Selection(
        [
            ("visited", "Came"),
            ("booked", "Booked"),
            ("waiting", "Not yet, days are left"),
            ("none", "Neither booked nor came"),
        ],
        readonly=True,
        help="What the customer did within the days laid down after a contact made.",
    )
    # figures
    task_count = fields.Integer("Contacts", readonly=True)
    done_count = fields.Integer("Made", readonly=True)
    in_time_count = fields.Integer("Made Inside Their Days", readonly=True)
    in_time_rate = fields.Float(
        "Inside Their Days (%)",
        readonly=True,
        aggregator="avg",
        help="Made between first and last day, of those that were to be made: without "
        "those whose reason went away.",
    )
    tries = fields.Integer("Calls in Vain", readonly=True)
    reminded_count = fields.Integer(
        "Reminded", readonly=True, help="Reminders that were made."
    )
    hit_count = fields.Integer(
        "Booked or Came", readonly=True, help="Of those reminded."
    )
    hit_rate = fields.Float(
        "Hit Rate (%)",
        readonly=True,
        aggregator="avg",
        help="Booked or came, of those reminded.",
    )

    # === ACTION METHODS === #

    def action_open_task(self):
        """Open the contact behind the row."""
        self.ensure_one()
        return self.task_id._get_records_action()

    def action_plan_contact(self):
        """Plan another contact with a customer who did not react."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan a Contact"),
            "res_model": "car.contact.task",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_company_id": self.company_id.id,
                "default_partner_id": self.partner_id.id,
                "default_vehicle_id": self.vehicle_id.id,
                "default_channel": self.channel,
                "default_purpose": self.task_id.purpose,
                "default_subject": self.task_id.display_name,
            },
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_labels(self, name):
        field = self.env["car.contact.task"]._fields[name]
        return field._description_selection(self.env)

    @api.model
    def _get_reminder_kinds(self):
        """Return the kinds that shall bring a customer here. Extend to add more."""
        return list(REMINDER_KINDS)

    @property
    def _table_query(self):
        return SQL("SELECT %s FROM %s", self._select(), self._from())

    @api.model
    def _select(self):
        """Return what is selected. Extend to add columns."""
        return SQL(
            """
            task.id AS id,
            task.id AS task_id,
            task.rule_id AS rule_id,
            task.kind AS kind,
            task.channel AS channel,
            task.state AS state,
            task.close_reason AS close_reason,
            task.company_id AS company_id,
            task.clerk_id AS clerk_id,
            task.original_clerk_id AS original_clerk_id,
            task.partner_id AS partner_id,
            task.vehicle_id AS vehicle_id,
            task.date_from AS date_from,
            task.date_to AS date_to,
            task.finished_on AS finished_on,
            fact.is_reminder AS is_reminder,
            fact.response AS response,
            1 AS task_count,
            (task.state = 'done')::int AS done_count,
            fact.is_in_time::int AS in_time_count,
            CASE WHEN fact.is_to_make THEN 100.0 * fact.is_in_time::int END
                AS in_time_rate,
            task.tries AS tries,
            fact.is_reminded::int AS reminded_count,
            (fact.is_reminded AND fact.response IN ('visited', 'booked'))::int
                AS hit_count,
            CASE WHEN fact.is_reminded
                 THEN 100.0 * (fact.response IN ('visited', 'booked'))::int END
                AS hit_rate
            """
        )

    @api.model
    def _from(self):
        """Return the joined tables. Extend to add others."""
        return SQL(
            """
            car_contact_task task
            JOIN res_company company ON company.id = task.company_id
            JOIN %(days)s ON day.company_id = task.company_id
            CROSS JOIN LATERAL (
                SELECT task.finished_on + company.car_reminder_hit_days AS last_day,
                       task.kind = ANY(%(kinds)s) AS is_reminder
            ) span
            CROSS JOIN LATERAL (
                SELECT span.is_reminder,
                       span.is_reminder AND task.state = 'done' AS is_reminded,
                       %(to_make)s AS is_to_make,
                       task.state = 'done'
                       AND task.finished_on BETWEEN task.date_from AND task.date_to
                       AS is_in_time,
                       CASE WHEN task.state != 'done' THEN NULL
                            WHEN NOT span.is_reminder THEN NULL
                            WHEN %(visited)s THEN 'visited'
                            WHEN %(booked)s THEN 'booked'
                            WHEN span.last_day >= day.today THEN 'waiting'
                            ELSE 'none' END AS response
            ) fact
            """,
            days=self._get_days(),
            kinds=self._get_reminder_kinds(),
            to_make=self._get_to_make(SQL("day.today")),
            visited=self._get_visited(),
            booked=self._get_booked(),
        )

    @api.model
    def _get_days(self):
        """Return SQL of each company's today and time zone."""
        # Safe: the clock of the companies; the rows have a company rule.
        companies = self.env["res.company"].sudo().search([("id", "!=", False)])
        return SQL(
            "unnest(%s, %s::date[], %s::text[]) AS day(company_id, today, zone)",
            companies.ids,
            [company._get_car_today() for company in companies],
            [company._get_car_time_zone() for company in companies],
        )

    @api.model
    def _get_to_make(self, today):
        """Return SQL: whether a contact (``task``) is one that was to be made by now.

        Whose reason went away is left out, whom nobody reached is not.
        """
        return SQL(
            """
            (task.state = 'done' OR task.state = 'open' AND task.date_to < %s
             OR task.close_reason IN ('not_reached', 'wrong_number', 'by_hand'))
            """,
            today,
        )

    @api.model
    def _get_same_customer(self, alias):
        """Return SQL: whether a document is about the car, else the customer."""
        return SQL(
            """
            (%(alias)s.vehicle_id = task.vehicle_id
             OR task.vehicle_id IS NULL AND %(alias)s.partner_id = task.partner_id)
            """,
            alias=SQL.identifier(alias),
        )

    @api.model
    def _get_visited(self):
        return SQL(
            """
            EXISTS (SELECT FROM car_repair_order visit
                     WHERE %s AND visit.state != 'cancelled'
                       AND (visit.received_at AT TIME ZONE 'UTC'
                            AT TIME ZONE day.zone)::date
                           BETWEEN task.finished_on AND span.last_day)
            """,
            self._get_same_customer("visit"),
        )

    @api.model
    def _get_booked(self):
        return SQL(
            """
            EXISTS (SELECT FROM car_appointment booking
                     WHERE %s AND booking.state != 'cancelled'
                       AND (booking.create_date AT TIME ZONE 'UTC'
                            AT TIME ZONE day.zone)::date
                           BETWEEN task.finished_on AND span.last_day)
            """,
            self._get_same_customer("booking"),
        )
