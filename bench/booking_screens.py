"""What the web client asks for on the screens of appointments and inspections."""

from datetime import timedelta

from odoo import fields

from .bookings import TEAMS
from .screens import BOARD_LIMIT, Screens

OPEN = ["draft", "confirmed"]
EVENT_LIMIT = 1000


class BookingScreens(Screens):
    """The screens of appointments, workshop time and inspections of one database."""

    views = {
        "car.appointment": ("list", "form", "kanban", "calendar"),
        "car.appointment.part": ("list",),
        "car.workshop.slot": ("calendar",),
        "car.inspection": ("list", "form"),
    }

    def _get_calls(self):
        return {
            "appointment list": self._open_appointments,
            "appointment list, all": self._open_all_appointments,
            "appointment form": self._open_appointment,
            "appointment calendar": self._open_calendar,
            "cars expected": self._open_expected,
            "search appointment by plate": self._search_appointment,
            "parts for appointments": self._open_parts,
            "next free times": self._find_free,
            "workshop schedule": self._open_schedule,
            "inspection list": self._open_inspections,
            "inspections to do": self._open_inspections_to_do,
            "inspection form": self._open_inspection,
        }

    def _get_samples(self, cursor):
        """Return appointments from all over with plate, and intakes."""
        samples = self._spread(
            cursor, "SELECT id, license_plate FROM car_appointment ORDER BY id"
        )
        intakes = self._spread(cursor, "SELECT id FROM car_inspection ORDER BY id")
        return [
            (appointment, plate, intake)
            for (appointment, plate), (intake,) in zip(samples, intakes, strict=True)
        ]

    # === CALLS === #

    def _open_appointments(self, env, sample):
        return self._open_list(
            env, "car.appointment", [("state", "in", OPEN)], order="start_at"
        )

    def _open_all_appointments(self, env, sample):
        return self._open_list(env, "car.appointment", order="start_at")

    def _open_appointment(self, env, sample):
        return self._open_form(env, "car.appointment", sample[0])

    def _open_events(self, env, model, start, stop):
        """Read the events of this week as the calendar does."""
        now = fields.Datetime.now()
        return env[model].search_read(
            [(start, "<=", now), (stop, ">=", now - timedelta(days=7))],
            list(self.specs[model, "calendar"]),
            limit=EVENT_LIMIT,
        )

    def _open_calendar(self, env, sample):
        return self._open_events(env, "car.appointment", "start_at", "stop_at")

    def _open_schedule(self, env, sample):
        return self._open_events(env, "car.workshop.slot", "start", "stop")

    def _open_expected(self, env, sample):
        model = "car.appointment"
        return env[model].web_read_group(
            [
                ("start_day", ">=", "today -1d"),
                ("start_day", "<=", "today +1d"),
                ("state", "in", ["confirmed", "arrived"]),
            ],
            ["start_day:day"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=self.specs[model, "kanban"],
            unfold_read_default_limit=BOARD_LIMIT,
        )["groups"]

    def _search_appointment(self, env, sample):
        return env["car.appointment"].name_search(sample[1], limit=8)

    def _open_parts(self, env, sample):
        domain = [("appointment_state", "=", "confirmed"), ("is_put_aside", "=", False)]
        return self._open_list(env, "car.appointment.part", domain)

    def _find_free(self, env, sample):
        team = env["car.workshop.team"].search([("name", "=", f"Team {TEAMS - 1}")])
        return team._find_free(2.0, limit=3)

    def _open_inspections(self, env, sample):
        return self._open_list(env, "car.inspection")

    def _open_inspections_to_do(self, env, sample):
        domain = [("state", "in", ["draft", "in_progress"])]
        return self._open_list(env, "car.inspection", domain)

    def _open_inspection(self, env, sample):
        return self._open_form(env, "car.inspection", sample[2])
