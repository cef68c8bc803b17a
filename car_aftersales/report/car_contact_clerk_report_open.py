from odoo import models


class CarContactClerkReport(models.Model):
    """Each number of the overview opens the list behind it."""

    _inherit = "car.contact.clerk.report"

    # === ACTION METHODS === #

    def action_open_due(self):
        """Open the contacts due by now."""
        return self._open_tasks(
            "due_count",
            [("date_to", ">=", self._today()), ("call_on", "<=", self._today())],
        )

    def action_open_late(self):
        """Open the contacts whose last day is over."""
        return self._open_tasks("late_count", [("date_to", "<", self._today())])

    def action_open_coming(self):
        """Open the contacts of the next days."""
        return self._open_tasks(
            "coming_count",
            [("date_to", ">=", self._today()), ("call_on", ">", self._today())],
        )

    def action_open_done(self):
        """Open the contacts made this month."""
        return self._open_tasks(
            "done_count",
            [("finished_on", ">=", self._today().replace(day=1))],
            state="done",
        )

    def action_open_not_reached(self):
        """Open the contacts given up this month because nobody answered."""
        return self._open_tasks(
            "not_reached_count",
            [
                ("finished_on", ">=", self._today().replace(day=1)),
                ("close_reason", "=", "not_reached"),
            ],
            state="closed",
        )

    def action_open_lent(self):
        """Open the contacts a deputy makes for the clerk."""
        self.ensure_one()
        clerk_id = self.clerk_id.id
        return self._open(
            "lent_count",
            "car.contact.task",
            [
                ("state", "=", "open"),
                ("original_clerk_id", "=", clerk_id),
                ("clerk_id", "!=", clerk_id),
                ("clerk_id", "!=", False),
            ],
        )

    def action_open_borrowed(self):
        """Open the contacts the clerk makes as a deputy."""
        return self._open_tasks(
            "borrowed_count",
            [
                ("original_clerk_id", "!=", self.clerk_id.id),
                ("original_clerk_id", "!=", False),
            ],
        )

    def action_open_points(self):
        """Open the customers' points that are not settled."""
        return self._open_points("point_count", [("state", "!=", "closed")])

    def action_open_points_late(self):
        """Open the points whose clock has run out."""
        midnight = self.company_id._get_car_midnight(self._today())
        return self._open_points(
            "point_late_count",
            [
                "|",
                "&",
                ("state", "in", ("open", "escalated")),
                ("due_on", "<", self._today()),
                "&",
                ("state", "=", "solved"),
                ("solved_at", "<", midnight),
            ],
        )

    def action_open_points_supervisor(self):
        """Open the points that wait for the supervisor."""
        return self._open_points(
            "point_supervisor_count", [("state", "=", "escalated")]
        )

    def action_open_files(self):
        """Open the customer files to complete."""
        return self._open_files("file_missing_count", [])

    def action_open_files_late(self):
        """Open the customer files that should be complete by now."""
        return self._open_files("file_late_count", [("due_on", "<", self._today())])

    # === BUSINESS METHODS === #

    def _today(self):
        self.ensure_one()
        return self.company_id._get_car_today()

    def _open_tasks(self, number, domain, state="open"):
        return self._open(
            number,
            "car.contact.task",
            [("state", "=", state), ("clerk_id", "=", self.clerk_id.id), *domain],
        )

    def _open_points(self, number, domain):
        return self._open(
            number, "car.contact.point", [("user_id", "=", self.clerk_id.id), *domain]
        )

    def _open_files(self, number, domain):
        self.ensure_one()
        # A file without a clerk is the company's clerk's.
        clerk_ids = [self.clerk_id.id]
        # Safe: who the company's clerk is.
        if self.clerk_id == self.company_id.sudo().car_clerk_id:
            clerk_ids.append(False)
        return self._open(
            number,
            "car.customer.file",
            [("state", "=", "open"), ("clerk_id", "in", clerk_ids), *domain],
        )

    def _open(self, number, model, domain):
        """Return the action that opens the list behind a number."""
        self.ensure_one()
        label = self._fields[number]._description_string(self.env)
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.display_name}: {label}",
            "res_model": model,
            "view_mode": "list,form",
            "domain": [("company_id", "=", self.company_id.id), *domain],
        }
