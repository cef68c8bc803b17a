import time

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

STEPS = ("start", "pause", "resume", "finish", "note", "report")
NOTED = ("cause", "correction", "fault_codes")
REPORTED = ("name", "cause", "urgency", "kind", "parts_text")


class WorkshopTerminal(http.Controller):
    """The page of a workshop tablet. Plain forms: it works on whatever hangs there."""

    @http.route(
        "/car/terminal/<string:token>", type="http", auth="public", sitemap=False
    )
    def show(self, token, **_params):
        """Show who may sign in, or the jobs of who has."""
        terminal = self._get_terminal(token)
        technician = self._get_technician(terminal)
        if not technician:
            return self._render_sign_in(terminal)
        return self._render_jobs(terminal, technician)

    @http.route(
        "/car/terminal/<string:token>/sign_in",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def sign_in(self, token, badge="", technician="", pin="", **_params):
        """Open the jobs of whom badge or PIN prove."""
        terminal = self._get_terminal(token)
        number = int(technician) if technician.isdecimal() else 0
        found = terminal._sign_in(badge=badge, technician_id=number, pin=pin)
        if not found:
            # Nothing is raised: the wrong try is counted.
            return self._render_sign_in(
                terminal, chosen=number, is_wrong=True, by_badge=bool(badge)
            )
        self._keep(terminal, found)
        return request.redirect(f"/car/terminal/{token}")

    @http.route(
        "/car/terminal/<string:token>/sign_out",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def sign_out(self, token, **_params):
        """Show the names again."""
        self._get_terminal(token)
        request.session.pop("car_terminal", None)
        return request.redirect(f"/car/terminal/{token}")

    @http.route(
        "/car/terminal/<string:token>/choose/<int:technician_id>",
        type="http",
        auth="public",
        sitemap=False,
    )
    def choose(self, token, technician_id, **_params):
        """Ask the chosen technician for his PIN."""
        return self._render_sign_in(self._get_terminal(token), chosen=technician_id)

    @http.route(
        "/car/terminal/<string:token>/job/<int:job_id>",
        type="http",
        auth="public",
        sitemap=False,
    )
    def show_job(self, token, job_id, **_params):
        """Show one job of the technician who has signed in."""
        terminal = self._get_terminal(token)
        technician = self._get_technician(terminal)
        if not technician:
            return request.redirect(f"/car/terminal/{token}")
        job = self._get_job(terminal, technician, job_id)
        return self._render_job(terminal, technician, job)

    @http.route(
        "/car/terminal/<string:token>/job/<int:job_id>/<string:step>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def take_step(self, token, job_id, step, **params):
        """Take a step of the technician who has signed in."""
        terminal = self._get_terminal(token)
        technician = self._get_technician(terminal)
        if not technician:
            return request.redirect(f"/car/terminal/{token}")
        if step not in STEPS:
            raise request.not_found()
        job = self._get_job(terminal, technician, job_id)
        self._keep(terminal, technician)
        try:
            with request.env.cr.savepoint():
                getattr(self, f"_take_{step}")(job, params)
                job.env.flush_all()
        except (UserError, AccessError) as refusal:
            return self._render_job(terminal, technician, job, refusal=str(refusal))
        if step in ("finish", "pause"):
            return request.redirect(f"/car/terminal/{token}")
        return request.redirect(f"/car/terminal/{token}/job/{job_id}")

    # === STEPS === #

    def _take_start(self, job, _params):
        job.action_start()

    def _take_pause(self, job, params):
        job.action_pause(params.get("reason") or "?", params.get("note"))

    def _take_resume(self, job, _params):
        job.action_resume()

    def _take_finish(self, job, params):
        self._take_note(job, params)
        if params.get("self_check"):
            job.is_self_checked = True
        job.action_finish()

    def _take_note(self, job, params):
        job.write({name: params[name] for name in NOTED if name in params})

    def _take_report(self, job, params):
        if not params.get("name", "").strip():
            raise UserError(job.env._("Say what the car needs."))
        vals = {name: params[name] for name in REPORTED if params.get(name)}
        works = job.env["car.additional.work"]
        for name in ("urgency", "kind"):
            if vals.get(name, False) not in (
                False,
                *works._fields[name].get_values(works.env),
            ):
                raise UserError(job.env._("Choose one of the values the page offers."))
        works.create({"job_id": job.id, **vals})

    # === WHO === #

    def _get_terminal(self, token):
        """Return the terminal of a link, in the language of its company.

        :raise NotFound: for a wrong link.
        """
        terminal = request.env["car.workshop.terminal"]._get_by_token(token)
        if not terminal:
            raise request.not_found()
        request.update_context(
            lang=terminal.env.context["lang"], tz=terminal.env.context["tz"]
        )
        return terminal

    def _keep(self, terminal, technician):
        """Keep a technician signed in for as long as the terminal says."""
        request.session["car_terminal"] = {
            "terminal": terminal.id,
            "technician": technician.id,
            "until": time.time() + 60 * terminal.idle_minutes,
        }

    def _get_technician(self, terminal):
        """Return who has signed in at this terminal a moment ago."""
        kept = request.session.get("car_terminal") or {}
        technicians = terminal.env["car.technician"]
        if kept.get("terminal") != terminal.id or kept.get("until", 0) < time.time():
            return technicians
        return terminal._get_technicians().filtered(
            lambda technician: technician.id == kept.get("technician")
        )

    def _get_job(self, terminal, technician, job_id):
        """Return a job the technician may take up here.

        :raise NotFound: for any other.
        """
        job = terminal._get_jobs(technician).filtered(lambda job: job.id == job_id)
        if not job:
            raise request.not_found()
        return job

    # === PAGES === #

    def _render(self, template, terminal, **values):
        response = request.render(
            f"car_aftersales.{template}",
            {
                "terminal_name": terminal.name,
                "home": terminal.token,
                "refresh_seconds": 60 * terminal.idle_minutes + 1,
                **values,
            },
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _render_sign_in(self, terminal, chosen=0, is_wrong=False, by_badge=False):
        people = [
            {"id": person.id, "name": person.name, "has_pin": person.has_pin}
            for person in terminal._get_technicians()
        ]
        return self._render(
            "workshop_terminal_sign_in",
            terminal,
            people=people,
            chosen=next((each for each in people if each["id"] == chosen), None),
            is_wrong=is_wrong,
            by_badge=by_badge,
        )

    def _render_jobs(self, terminal, technician):
        return self._render(
            "workshop_terminal_jobs",
            terminal,
            technician_name=technician.name,
            jobs=[
                terminal._get_job_values(job) for job in terminal._get_jobs(technician)
            ],
        )

    def _render_job(self, terminal, technician, job, refusal=None):
        return self._render(
            "workshop_terminal_job",
            terminal,
            technician_name=technician.name,
            job=terminal._get_job_values(job, with_lines=True),
            reasons=terminal._get_pause_reasons(),
            kinds=terminal._get_choices("car.additional.work", "kind"),
            urgencies=terminal._get_choices("car.additional.work", "urgency"),
            refusal=refusal,
        )
