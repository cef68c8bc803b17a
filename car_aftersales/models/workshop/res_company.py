from odoo import api, fields, models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    # booking
    car_slot_minutes = fields.Integer(
        "Booking Grid (Minutes)",
        default=30,
        help="Free times are proposed in steps of so many minutes.",
    )
    car_booking_hours = fields.Float(
        "Hours of an Unknown Request",
        default=1.0,
        help="What is planned for a request in words, until somebody knows better.",
    )
    car_overbooking_percent = fields.Float(
        "Over-Booking by Advisors (%)",
        default=10.0,
        help="How much more than its hours of the day an advisor may lay on a team, "
        "with a reason. Above it the workshop supervisor decides.",
    )
    car_late_minutes = fields.Integer(
        "Late After (Minutes)",
        default=15,
        help="Grace time: a customer who comes later than this is late.",
    )
    car_no_show_hours = fields.Float(
        "No-Show After (Hours)",
        default=4.0,
        help="An appointment nobody came to gives its time back after so many hours.",
    )
    car_promise_margin_hours = fields.Float(
        "Margin of a Promise (Hours)",
        default=1.0,
        help="Working hours added to what the workshop's load and the parts allow.",
    )
    # quality
    car_allow_own_inspection = fields.Boolean(
        "Own Work May Be Inspected",
        help="For small workshops: who has worked on a job may judge it as well.",
    )
    # messages
    car_confirmation_mail = fields.Boolean("Confirm by E-Mail", default=True)
    car_confirmation_sms = fields.Boolean("Confirm by SMS", default=False)
    car_reminder_mail = fields.Boolean("Remind by E-Mail", default=True)
    car_reminder_sms = fields.Boolean("Remind by SMS", default=False)
    car_reminder_hours = fields.Float(
        "Remind Before (Hours)",
        default=24.0,
        help="So many hours before the appointment the customer is reminded.",
    )

    # work on the floor
    car_reach_minutes = fields.Integer(
        "Reach the Customer Within (Minutes)",
        default=30,
        help="So long the advisor has to reach the customer about additional work.",
    )
    car_parallel_jobs = fields.Boolean(
        "Several Jobs at a Time",
        help="A technician's time may run on more than one job.",
    )
    # reception
    car_introduction_text = fields.Text(
        "Introduction for New Customers",
        translate=True,
        help="What the advisor tells somebody who comes for the first time. Empty: the "
        "standard text.",
    )

    _car_booking_positive = models.Constraint(
        "CHECK (car_slot_minutes >= 5 AND car_booking_hours > 0"
        " AND car_overbooking_percent >= 0 AND car_late_minutes >= 0"
        " AND car_no_show_hours > 0 AND car_promise_margin_hours >= 0"
        " AND car_reminder_hours > 0)",
        "The grid has at least five minutes, and no time of booking is negative.",
    )

    # === BUSINESS METHODS === #

    def _get_car_sequences(self):
        return {
            **super()._get_car_sequences(),
            "car.enquiry": {
                "name": "Enquiry",
                "prefix": "EN/%(year)s/",
                "padding": 5,
            },
            "car.appointment": {
                "name": "Appointment",
                "prefix": "AP/%(year)s/",
                "padding": 5,
            },
            "car.inspection": {
                "name": "Inspection",
                "prefix": "IN/%(year)s/",
                "padding": 5,
            },
            "car.reception": {
                "name": "Arrival",
                "prefix": "AR/%(year)s/",
                "padding": 5,
            },
        }

    def _get_car_introduction(self):
        """Return what a new customer is told: the company's words, else ours."""
        # Safe: a text for everybody at the desk.
        return self.sudo().car_introduction_text or self.env._(
            "Welcome. We service and repair your car with trained technicians and "
            "original parts.\n"
            "1. We listen to what you want and look at the car together with you.\n"
            "2. You get an estimate and a time; nothing is done before you have agreed "
            "and signed.\n"
            "3. Should we find more, we ask you first.\n"
            "4. Every car passes a quality check; we go through the bill with you.\n"
            "5. Our work is guaranteed, and we call you after your visit."
        )

    def _get_car_supervisor(self):
        """Return the business supervisor of a company: who is just that, before others.

        Managers and administrators sit at that desk as well; they come last.
        """
        self.ensure_one()
        group = self.env.ref("car_aftersales.car_aftersales_group_supervisor")
        users = self.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.ids),
                ("share", "=", False),
            ],
            order="id",
        )
        return users.sorted(lambda user: group not in user.group_ids)[:1]

    @api.model
    def _get_next_car_number(self, code, company_id=None):
        """Return the next number of a company's documents.

        A company that was here before the document existed gets its run of numbers.
        """
        company = self.browse(company_id or self.env.company.id)
        sequences = self.env["ir.sequence"]
        sequence_id = sequences._get_car_sequence_id(code, company.id)
        if not sequence_id:
            company._create_car_sequences()
            sequence_id = sequences._get_car_sequence_id(code, company.id)
        return sequences.browse(sequence_id).next_by_id()

    @api.model
    def _take_car_turn(self, records):
        """Write the rows of documents before reading what is left to do with them."""
        if not records:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET turn = turn + 1 WHERE id IN %s",
                SQL.identifier(records._table),
                tuple(sorted(records.ids)),
            )
        )
        # Read again what another may have made meanwhile.
        records.invalidate_recordset(flush=False)
