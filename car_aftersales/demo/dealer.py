"""The people of the demo dealer, each taking his own steps."""

import base64
import io
from datetime import datetime, time, timedelta

import pytz
from PIL import Image, ImageDraw

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

TIME_ZONE = pytz.timezone("Asia/Shanghai")


def draw_signature():
    """Return a stroke of the pen as the signature pad sends it."""
    image = Image.new("RGBA", (320, 110))
    pen = ImageDraw.Draw(image)
    points = [(20, 70), (60, 25), (75, 85), (110, 40), (130, 80), (165, 30), (180, 78)]
    points += [(215, 45), (235, 75), (300, 55)]
    pen.line(points, fill=(20, 30, 90, 255), width=4, joint="curve")
    pen.line([(150, 20), (170, 95)], fill=(20, 30, 90, 255), width=4)
    content = io.BytesIO()
    image.save(content, "PNG")
    return base64.b64encode(content.getvalue())


class Dealer:
    """Takes the steps of a visit through the actions, as the user whose step it is."""

    def __init__(self, env):
        self.company = env.ref("base.main_company")
        self.env = env(su=False)
        self.signature = draw_signature()
        self.journal = self.ref("journal_cash_desk")

    def ref(self, name):
        return self.env.ref(f"car_aftersales.{name}_demo")

    def system(self, code):
        return self.env.ref(f"car_aftersales.car_vehicle_system_{code}")

    def type(self, code):
        return self.env.ref(f"car_aftersales.car_repair_type_{code}")

    def by(self, login, records):
        """Return records as a user of the demo sees them."""
        return records.with_user(self.ref(f"user_{login}")).with_company(self.company)

    def at(self, days_ago, hour, minute=0):
        """Return a moment of a day before today, at an hour of the shop's clock."""
        today = datetime.now(TIME_ZONE).date()
        local = datetime.combine(today - timedelta(days=days_ago), time(hour, minute))
        moment = TIME_ZONE.localize(local).astimezone(pytz.utc)
        return moment.replace(tzinfo=None)

    def expect_km(self, vehicle, days_ago):
        """Return what the odometer shows on a day, at the car's own pace."""
        passed = self.at(days_ago, 12) - (vehicle.odometer_at or self.at(days_ago, 12))
        # Read this afternoon already: not a day before that.
        days = max(passed.days, 0)
        return vehicle.odometer_km + int(days * vehicle.km_per_day) + 7

    # === STEPS === #

    def receive(self, vehicle, jobs, days_ago=0, hour=9, promised_hour=17, **values):
        """Open an order as the advisor does at reception.

        :param jobs: list of (values of the job, list of line values).
        """
        order = self.by("advisor", self.env["car.repair.order"]).create(
            {
                "vehicle_id": vehicle.id,
                "odometer_km": self.expect_km(vehicle, days_ago),
                "fuel_level": "2",
                "received_at": self.at(days_ago, hour, 10),
                "promised_at": self.at(days_ago, promised_hour),
                **values,
            }
        )
        for job_values, lines in jobs:
            job_values = {
                "estimate_method": "item",
                "item_reason": "market",
                **job_values,
            }
            job = self.by("advisor", self.env["car.repair.job"]).create(
                {
                    "order_id": order.id,
                    **job_values,
                    "line_ids": [Command.create({**line}) for line in lines],
                }
            )
            if job.package_id:
                job.action_apply_package()
            if job.estimate_method == "item":
                job.action_give_item_notice()
        return order

    def estimate(self, order):
        self.by("advisor", order).action_estimate()

    def authorize(self, order, channel="signature", **values):
        """Record the customer's answer to everything that waits for one."""
        signed = {}
        if channel == "signature":
            signed = {"signed_by": order.partner_id.name, "signature": self.signature}
        return self.by("advisor", self.env["car.repair.authorization"]).create(
            {
                "order_id": order.id,
                "channel": channel,
                "answered_at": order.received_at + timedelta(minutes=35),
                "promised_at": order.promised_at,
                **signed,
                **values,
            }
        )

    def authorize_house(self, order):
        """Record that the business supervisor bears internal work and goodwill."""
        return self.by("supervisor", self.env["car.repair.authorization"]).create(
            {
                "order_id": order.id,
                "channel": "supervisor",
                "answered_at": order.received_at + timedelta(minutes=45),
            }
        )

    def issue(self, order):
        """Hand out the parts that are reserved."""
        pickings = self.by("parts", order).picking_ids.filtered(
            lambda picking: picking.state == "assigned"
        )
        if pickings:
            pickings.button_validate()

    def dispatch(self, order, team, *technicians):
        jobs = self.by("workshop", order.job_ids)
        jobs.write(
            {
                "team_id": self.ref(f"team_{team}").id,
                "technician_ids": [
                    Command.set(
                        [self.ref(f"technician_{name}").id for name in technicians]
                    )
                ],
            }
        )

    def take_in(self, order):
        """Receive the car with all formalities that are missing (交车手续)."""
        if order.intake_state != "missing":
            return
        by_advisor = self.by("advisor", order)
        by_advisor.action_intake()
        intake = by_advisor.intake_id
        for document in intake.document_ids.filtered("has_expiry"):
            document.expiry_date = document.expiry_date or self.at(-200, 12).date()
        if not intake.belonging_ids:
            intake.has_no_belongings = True
        intake.action_all_in_order()
        signatures = self.by("advisor", self.env["car.inspection.signature"])
        signatures.create(
            {
                "inspection_id": intake.id,
                "signs_all": True,
                "signed_by": order.partner_id.name,
                "signature": self.signature,
            }
        )
        intake.action_finish()

    def start(self, order):
        """Hand the car over, and let its technicians begin."""
        self.take_in(order)
        if order.car_place == "desk":
            self.by("advisor", order)._hand_car_over(
                "workshop", name="孙建军", signature=draw_signature()
            )
        for job in order.job_ids.filtered(lambda job: job.state == "authorized"):
            busy = self.env["car.work.session"].search([("stopped_at", "=", False)])
            free = job.technician_ids - busy.technician_id
            self.at_terminal(free[:1], job).action_start()

    def finish(self, order, findings=()):
        """Finish the jobs with their causes and corrections."""
        jobs = self.by("technician", order.job_ids)
        jobs = jobs.filtered(lambda job: job.state == "in_progress")
        for job, (cause, correction) in zip(jobs, findings, strict=False):
            job.write({"cause": cause, "correction": correction})
        for job in jobs:
            worker = job._get_running().technician_id
            self.at_terminal(worker[:1], job).action_finish()

    def at_terminal(self, worker, job):
        """Return a job as the terminal does for a technician without login.

        With everybody busy the advisor takes the step, and no time runs.
        """
        if not worker:
            return self.by("advisor", job)
        job = self.by("technician", job).sudo()
        return job.with_context(car_technician_id=worker.id)

    def check(self, order):
        self.by("advisor", order).action_request_quality_check()
        if order.state == "quality_check":
            self.by("inspector", order).action_pass_quality_check()

    def bill(self, order, days_ago=0):
        """Bill everybody; the documents of an earlier visit carry its date."""
        self.company.car_post_invoices = not days_ago
        cashier = self.by("cashier", order)
        cashier.action_create_invoices()
        drafts = cashier.invoice_ids.filtered(lambda move: move.state == "draft")
        if drafts:
            date = fields.Date.context_today(order) - timedelta(days=days_ago)
            drafts.write({"invoice_date": date})
            drafts.action_post()
        self.company.car_post_invoices = True
        return cashier.invoice_ids

    def pay(self, order, days_ago=0):
        """Take the customers' money at the desk."""
        payers = self.by("cashier", order).payer_ids
        customers = payers.filtered(lambda payer: payer.kind == "customer")
        date = fields.Date.context_today(order) - timedelta(days=days_ago)
        for invoice in customers.line_invoice_ids.move_id.filtered(
            lambda move: (
                move.state == "posted"
                and move.payment_state == "not_paid"
                and move.move_type == "out_invoice"
            )
        ):
            self.env["account.payment.register"].with_user(
                invoice.env.user
            ).with_context(active_model="account.move", active_ids=invoice.ids).create(
                {"journal_id": self.journal.id, "payment_date": date}
            )._create_payments()

    def leave(self, order, at_gate=True):
        """Issue the pass, give the car back and open the gate."""
        self.by("cashier", order).action_issue_exit_pass()
        if order.state == "ready":
            self.by("advisor", order).action_deliver()
        if at_gate:
            self.by("gate", order.exit_pass_ids).action_leave()

    # === THE CLOCK === #

    def date_back(self, order, days_ago, hour=16):
        """Move what was just done on an order to the day of the visit."""
        left = self.at(days_ago, hour, 40)
        self._write_past(order.job_ids, started_at=self.at(days_ago, 10))
        self._write_past(order.job_ids, done_at=self.at(days_ago, hour - 1))
        self._date_work_back(order, days_ago)
        moved = order.sudo().custody_ids
        given = moved.filtered(lambda log: log.action == "give_back")
        self._write_past(moved - given, happened_at=self.at(days_ago, 9, 55))
        self._write_past(given, happened_at=left)
        if order.state == "delivered":
            self._write_past(order, delivered_at=left, state_changed_at=left)
        intake = order.sudo().intake_id
        taken = order.received_at + timedelta(minutes=42)  # after the contract
        self._write_past(intake, started_at=order.received_at, finished_at=taken)
        self._write_past(intake.signature_ids, signed_at=taken)
        checks = order.sudo().quality_check_ids
        self._write_past(checks, checked_at=self.at(days_ago, hour - 1, 30))
        passes = order.exit_pass_ids
        self._write_past(passes, issued_at=self.at(days_ago, hour, 20))
        self._write_past(passes.filtered("out_at"), out_at=left + timedelta(minutes=5))
        readings = self._get_documents("car.odometer.reading", order)
        self._write_past(readings, read_at=order.received_at)
        readings.sudo().modified(["read_at"])
        services = self._get_documents("car.maintenance.record", order)
        services.sudo().date = left.date()

    def _date_work_back(self, order, days_ago):
        """Let each job have taken about the hours it was sold for."""
        for session in order.job_ids.sudo().session_ids:
            start = self.at(days_ago, 10)
            hours = session.job_id.sold_hours * (0.85 + session.id % 5 / 10)
            stop = start + timedelta(hours=min(hours or 1.0, 6.0))
            session.write({"started_at": start, "stopped_at": stop})

    def _get_documents(self, model, order):
        return (
            self.env[model]
            .sudo()
            .search([("source_model", "=", order._name), ("source_id", "=", order.id)])
        )

    def _write_past(self, records, **values):
        """Write moments that no user may write."""
        if not records:
            return
        records.env.flush_all()
        for name, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id IN %s",
                    SQL.identifier(records._table),
                    SQL.identifier(name),
                    value,
                    tuple(records.ids),
                )
            )
        records.invalidate_recordset(list(values), flush=False)
