from odoo import api, fields, models
from odoo.exceptions import AccessError

from .car_repair_comeback import COUNTED

BATCH = 100
CLOSED_ORDERS = ("delivered", "cancelled")


class CarRepairComeback(models.Model):
    """How it is decided whose fault a comeback is, and what follows for who pays.

    Regulation 机动车维修管理规定: a car that fails within the guarantee is repaired
    again free of charge, unless the workshop shows within three days that its repair
    is not the cause; where two repairs did not cure an item, more is owed.
    """

    _inherit = "car.repair.comeback"

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "checking": {"ours": "accept", "not_ours": "refute", "other": "dismiss"},
            "ours": {"not_ours": "refute", "other": "dismiss"},
            "not_ours": {"ours": "accept"},
            "other": {"checking": "reopen"},
        }

    def _get_first_states(self):
        return ["checking", "other"]

    def _require_group(self, *tiers):
        if not self.env["car.repair.order"]._has_group(*tiers):
            raise AccessError(
                self.env._(
                    "%(comebacks)s: your role may not take this step.",
                    comebacks=", ".join(self.mapped("display_name")),
                )
            )

    def _refuse(self, condition, missing):
        if refused := self.filtered(condition):
            refused._raise_missing(missing)

    # === CONDITIONS === #

    def _check_linked(self):
        """Refuse a link that cannot be: another car, no guarantee, the car has left.

        :raise UserError: naming the job and what is wrong.
        """
        self._require_group("advisor", "workshop_supervisor", "inspector")
        self._check_order_open()
        # Safe: reads what was guaranteed on the earlier visit.
        for comeback in self.sudo():
            job, of_job = comeback.job_id, comeback.of_job_id
            if of_job.vehicle_id != job.vehicle_id or of_job.order_id == job.order_id:
                comeback._raise_missing(
                    self.env._(
                        "%(job)s is no earlier job on this car",
                        job=of_job.display_name,
                    )
                )
            if not of_job._is_guaranteed_for(job):
                comeback._raise_missing(
                    self.env._(
                        "there is no running guarantee on %(job)s",
                        job=of_job.display_name,
                    )
                )
        self.filtered(lambda each: each.state == "other")._check_dismiss_reason()

    def _check_order_open(self):
        # Safe: the state of the order alone.
        self._refuse(
            lambda each: each.sudo().job_id.order_id.state in CLOSED_ORDERS,
            self.env._("the car has left; its visit stays as it is"),
        )

    def _check_evidence_open(self):
        self._refuse(
            lambda each: each.state == "not_ours",
            self.env._("it was decided on; the evidence stays as it is"),
        )

    def _check_accept(self):
        self._require_group("workshop_supervisor", "inspector")
        self.filtered(lambda each: each.state == "not_ours")._check_order_open()

    def _check_refute(self):
        self._require_group("workshop_supervisor", "inspector")
        self._check_order_open()
        for comeback in self:
            if comeback.company_id._get_car_today() > comeback.due_on:
                comeback._raise_missing(
                    self.env._(
                        "the evidence was due on %(day)s; it counts as our fault",
                        day=fields.Date.to_string(comeback.due_on),
                    )
                )
        self._refuse(
            lambda each: not (each.evidence or "").strip(),
            self.env._("write down what shows that it is not our fault"),
        )
        self._refuse(
            lambda each: not each.attachment_ids and not each.inspection_line_id,
            self.env._("add a photo or paper, or a finding of the inspection"),
        )
        self._refuse(
            # Safe: to which visit the finding belongs.
            lambda each: (
                each.inspection_line_id
                and each.sudo().inspection_line_id.inspection_id.order_id
                != each.sudo().job_id.order_id
            ),
            self.env._("the finding is of another visit"),
        )

    def _check_dismiss(self):
        self._require_group("workshop_supervisor", "inspector")
        self._check_order_open()
        self._check_dismiss_reason()

    def _check_dismiss_reason(self):
        self._refuse(
            lambda each: not (each.dismiss_reason or "").strip(),
            self.env._("say which other fault it is"),
        )

    def _check_reopen(self):
        self._require_group("advisor", "workshop_supervisor", "inspector")
        self._check_order_open()

    # === WHAT FOLLOWS === #

    def _begin(self):
        """Let the house bear it until something else is shown; count the failures."""
        self._replace_payers(("customer",), self._get_house_payers())
        # Safe: follows from the link that was checked.
        for comeback in self.sudo():
            earlier = comeback.of_job_id.comeback_ids.filtered(
                lambda each: each.state in COUNTED
            )
            comeback.root_job_id = earlier.root_job_id or comeback.of_job_id
        for comeback, count in self._get_failed_before().items():
            limit = comeback.company_id.sudo().car_comeback_alarm_count
            comeback.sudo().write(
                {"failed_count": count, "is_alarm": bool(limit and count >= limit)}
            )
        self.filtered("is_alarm")._tell_supervisors()

    def _after_reopen(self):
        # Safe: follows from the step just taken.
        self.sudo().dismiss_reason = False
        self._begin()

    def _after_accept(self):
        given_back = self.filtered(lambda each: not each._is_borne_by_house())
        given_back._replace_payers(("customer",), given_back._get_house_payers())

    def _is_borne_by_house(self):
        self.ensure_one()
        # Safe: who pays for the job, nothing of it is told.
        job = self.sudo().job_id
        return not any(line._get_fraction("customer") for line in job.line_ids)

    def _after_refute(self):
        """The customer pays what the house bore, once he has agreed to it."""
        # Safe: follows from the step just taken.
        self.sudo().is_by_deadline = False
        self._replace_payers(("internal",), self._get_customer_payers())
        self.sudo().job_id.line_ids._propose_payers()

    def _after_dismiss(self):
        # Safe: follows from the step just taken.
        self.sudo().write({"is_by_deadline": False, "is_alarm": False})
        self._replace_payers(("internal",), self._get_customer_payers())
        self.sudo().job_id.line_ids._propose_payers()

    # === WHO IS TOLD === #

    def _tell_supervisors(self):
        """Two repairs of one item have failed: the supervisors are told at once."""
        for company, comebacks in self.grouped("company_id").items():
            people = company._get_comeback_supervisors()
            for comeback in comebacks:
                comeback.sudo().message_notify(  # Safe: a message of the house.
                    partner_ids=people.partner_id.ids,
                    subject=self.env._("A repair has failed again"),
                    body=self.env._(
                        "%(vehicle)s, %(job)s: %(count)s repairs of this item have "
                        "failed, and the car is back.",
                        vehicle=comeback.vehicle_id.display_name,
                        job=comeback.display_name,
                        count=comeback.failed_count,
                    ),
                )

    @api.model
    def _cron_accept_overdue(self):
        """Count as ours what nobody has shown in time not to be, batch by batch."""
        domain = [("state", "=", "checking")]
        late = self.browse()
        for [company] in self._read_group(domain, ["company_id"]):
            today = company._get_car_today()
            due = [("company_id", "=", company.id), ("due_on", "<", today)]
            late |= self.search(domain + due, limit=BATCH - len(late), order="due_on")
            if len(late) >= BATCH:
                break
        late = late.try_lock_for_update()
        late.write({"state": "ours", "is_by_deadline": True})
        self.env["ir.cron"]._commit_progress(
            len(late), remaining=BATCH if len(late) == BATCH else 0
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    # === BUSINESS METHODS === #

    def _get_comeback_supervisors(self):
        """Return business and workshop supervisors of a company who are told."""
        self.ensure_one()
        group = self.env.ref("car_aftersales.car_aftersales_group_workshop_supervisor")
        # Safe: who works at these desks.
        users = (
            self.sudo()
            .env["res.users"]
            .search(
                [
                    ("all_group_ids", "in", group.ids),
                    ("company_ids", "in", self.ids),
                    ("share", "=", False),
                ]
            )
        )
        # Managers and administrators sit at every desk; who has just this one is told.
        workshop = users.filtered(lambda user: group in user.group_ids) or users[:1]
        return workshop | self.sudo()._get_car_supervisor()
