import secrets
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import format_datetime

from .car_technician import WORKSHOP_HEADS
from .car_work_session import PAUSE_REASONS


class CarWorkshopTerminal(models.Model):
    """A tablet in the workshop on which technicians clock their work without login.

    Whoever knows its link sees the names of the technicians of the site; badge or PIN
    open their jobs. It shows what the work needs: no price, no phone, no address.
    """

    _name = "car.workshop.terminal"
    _description = "Workshop Terminal"
    _inherit = ["car.site.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    idle_minutes = fields.Integer(
        "Signed Out After (Minutes)",
        default=2,
        help="A technician who does nothing on the terminal is signed out.",
    )
    token = fields.Char(groups=fields.NO_ACCESS, copy=False)
    url = fields.Char(
        "Link", compute="_compute_url", groups=WORKSHOP_HEADS, compute_sudo=True
    )
    badge_tries = fields.Integer(groups=fields.NO_ACCESS, copy=False)
    locked_until = fields.Datetime(
        "Badges Locked Until", groups=WORKSHOP_HEADS, readonly=True, copy=False
    )

    _token_uniq = models.UniqueIndex("(token)", "Two terminals have one link.")
    _idle_positive = models.Constraint(
        "CHECK (idle_minutes > 0)",
        "A technician stays signed in for a minute at least.",
    )

    # === COMPUTE METHODS === #

    @api.depends("token")
    def _compute_url(self):
        for terminal in self:
            terminal.url = (
                f"{terminal.get_base_url()}/car/terminal/{terminal.token}"
                if terminal.token
                else False
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("token", None)
        terminals = super().create(vals_list)
        for terminal in terminals.sudo():  # Safe: nobody chooses a link himself.
            terminal.token = secrets.token_urlsafe(24)
        return terminals

    # === ACTION METHODS === #

    def action_open(self):
        """Open the page as the tablet shows it."""
        self.ensure_one()
        self.check_access("write")
        return {"type": "ir.actions.act_url", "url": self.url, "target": "new"}

    def action_renew(self):
        """Give the terminal a new link; the old one stops working."""
        self.check_access("write")
        for terminal in self.sudo():  # Safe: checked above.
            terminal.write(
                {
                    "token": secrets.token_urlsafe(24),
                    "badge_tries": 0,
                    "locked_until": False,
                }
            )

    # === BUSINESS METHODS === #

    @api.model
    def _get_by_token(self, token):
        """Return the terminal of a link, with all rights; empty for a wrong one."""
        # Safe: the link cannot be guessed, and pages show whitelisted values only.
        terminals = self.sudo()
        if not token or len(token) < 20:
            return terminals
        terminal = terminals.search([("token", "=", token)], limit=1)
        company = terminal.company_id
        site = terminal.warehouse_id
        calendars = site._get_workshop_calendars()
        calendar = calendars.get(site, company.resource_calendar_id)
        return terminal.with_context(
            lang=company.partner_id.lang or self.env.lang,
            tz=calendar.tz or "UTC",
            allowed_company_ids=company.ids,
        )

    def _get_technicians(self):
        """Return who may sign in here: those of the site's teams and without a team."""
        self.ensure_one()
        return self.env["car.technician"].search(
            [
                ("company_id", "=", self.company_id.id),
                "|",
                ("team_id", "=", False),
                ("team_id.warehouse_id", "in", [False, self.warehouse_id.id]),
            ]
        )

    def _sign_in(self, badge=None, technician_id=None, pin=None):
        """Return the technician whom badge or PIN prove; empty for anybody else.

        Wrong tries are counted; the caller must not raise afterwards.
        """
        self.ensure_one()
        technicians = self._get_technicians()
        if not badge:
            technician = technicians.filtered(lambda each: each.id == technician_id)
            return (
                technician
                if technician and technician._check_pin(pin)
                else technicians[:0]
            )
        now = fields.Datetime.now()
        if self.locked_until and self.locked_until > now:
            return technicians[:0]
        technician = technicians.filtered(lambda each: each.badge == badge.strip())
        if technician:
            if self.badge_tries:
                self.badge_tries = 0
            return technician
        tries = self.badge_tries + 1
        vals = {"badge_tries": tries}
        if tries >= self.company_id.car_pin_tries:
            minutes = self.company_id.car_pin_lock_minutes
            vals = {"badge_tries": 0, "locked_until": now + timedelta(minutes=minutes)}
        self.write(vals)
        return technicians[:0]

    def _get_jobs(self, technician):
        """Return the jobs a technician may take up here.

        His own, and those of his team or of nobody that wait for somebody.
        """
        self.ensure_one()
        jobs = self.env["car.repair.job"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("warehouse_id", "=", self.warehouse_id.id),
                ("state", "in", ["authorized", "in_progress"]),
                "|",
                ("technician_ids", "in", technician.ids),
                "&",
                ("technician_ids", "=", False),
                ("team_id", "in", [False, *technician.team_id.ids]),
            ],
            order="promised_at, sequence, id",
        )
        jobs = self._as_technician(jobs, technician)
        return jobs.sorted(lambda job: not job.is_working)

    def _as_technician(self, jobs, technician):
        """Let steps be those of the technician who has signed in.

        They run with all rights, because he may have no login; the conditions of each
        step hold all the same, and what they concern was chosen by ``_get_jobs``.
        """
        user = technician.user_id.id or SUPERUSER_ID
        return jobs.with_user(user).sudo().with_context(car_technician_id=technician.id)

    def _get_job_values(self, job, with_lines=False):
        """Return what the terminal shows of a job. Extend to show more.

        This is the whole of it: no price, phone or address may be added.
        """
        selection = dict(job._fields["state"]._description_selection(self.env))
        values = {
            "id": job.id,
            "number": job.order_number,
            "plate": job.vehicle_id.license_plate or job.vehicle_id.vin or "",
            "model": job.vehicle_id.model_id.display_name or "",
            "vin": job.vehicle_id.vin or "",
            "complaint": job.name,
            "customer": job.customer_name or "",
            "state": job.state,
            "state_label": selection[job.state],
            "waiting": job.waiting_reason or "",
            "promised": format_datetime(
                self.env,
                job.promised_at,
                tz=self.env.context.get("tz"),
                dt_format="MM-dd HH:mm",
            )
            if job.promised_at
            else "",
            "is_late": bool(
                job.promised_at and job.promised_at < fields.Datetime.now()
            ),
            "sold_hours": job.sold_hours,
            "worked_hours": job.worked_hours,
            "workers": job.worker_names or "",
            "is_working": job.is_working,
        }
        if with_lines:
            values.update(
                cause=job.cause or "",
                correction=job.correction or "",
                fault_codes=job.fault_codes or "",
                asks_self_check=job.requires_self_check,
                found=[
                    self._get_found_values(each) for each in job.additional_work_ids
                ],
                lines=[self._get_line_values(line) for line in job.line_ids],
            )
        return values

    def _get_found_values(self, work):
        """Return what the terminal shows of additional work: the answer, no amount."""
        states = dict(work._fields["state"]._description_selection(self.env))
        return {"name": work.name, "state": work.state, "answer": states[work.state]}

    def _get_line_values(self, line):
        """Return what the terminal shows of a line: no price."""
        states = dict(line._fields["parts_state"]._description_selection(self.env))
        answers = dict(
            line._fields["authorization_state"]._description_selection(self.env)
        )
        return {
            "name": line.name or line.product_id.display_name,
            "code": line.maker_code or "",
            "quantity": line.quantity,
            "hours": line.sold_hours if line.kind == "labor" else 0.0,
            "kind": line.kind,
            "is_agreed": line.authorization_state in ("authorized", "partly"),
            "answer": answers.get(line.authorization_state, ""),
            "parts": ""
            if line.parts_state == "none"
            else states.get(line.parts_state, ""),
        }

    def _get_choices(self, model, name):
        """Return keys and labels of a selection in the language of the company."""
        return self.env[model]._fields[name]._description_selection(self.env)

    def _get_pause_reasons(self):
        labels = dict(self._get_choices("car.work.session", "stop_reason"))
        return [(key, labels[key]) for key, _label in PAUSE_REASONS]
