from odoo import api, fields, models

from .car_quality_check import LINK_TIERS, LINKS


class CarRepairOrder(models.Model):
    """The links of the quality check, one after the other, by different persons.

    An order type that asks for the inspection alone is the simple case: the inspector
    passes the car in one step.
    """

    _inherit = "car.repair.order"

    quality_check_ids = fields.One2many(
        "car.quality.check", "order_id", "Quality Checks", readonly=True
    )
    quality_due = fields.Selection(LINKS, "Check Due", compute="_compute_quality_due")
    # Kept with the order: a setting changed later does not stop a visit under way.
    quality_links = fields.Char(
        "Links Asked For",
        compute="_compute_quality_links",
        store=True,
        precompute=True,
        help="What the order type asked for when the order was made.",
    )
    requires_quality_sheet = fields.Boolean(
        compute="_compute_quality_links", store=True, precompute=True
    )

    # === COMPUTE METHODS === #

    @api.depends("type_id")
    def _compute_quality_links(self):
        for order in self:
            order_type = order.type_id
            order.quality_links = ",".join(order_type._get_links()) or False
            order.requires_quality_sheet = order_type.requires_quality_sheet

    @api.depends(
        "state",
        "quality_links",
        "job_ids.state",
        "quality_check_ids.result",
        "quality_check_ids.is_void",
    )
    def _compute_quality_due(self):
        for order in self:
            due = order.state == "quality_check" and order._get_missing_links()
            order.quality_due = due[0] if due else False

    @api.depends("quality_check_ids.result", "quality_check_ids.is_void")
    def _compute_waiting_for(self):
        return super()._compute_waiting_for()

    # === ACTION METHODS === #

    def action_pass_quality_check(self):
        """Pass the link that is due; with the last one the car is ready."""
        last = self.browse()
        for order in self:
            if order.state == "quality_check" and len(order._get_missing_links()) > 1:
                order._pass_link()
            else:
                last |= order
        if not last:
            return True
        # The links are looked at once, when the order takes its step.
        checked = last.with_context(car_links_checked=True)
        return super(CarRepairOrder, checked).action_pass_quality_check()

    def action_accept_jobs(self):
        """Accept the finished jobs, as workshop supervisor in place of the leaders."""
        return self.job_ids.filtered(
            lambda job: job.state == "done" and not job.is_accepted
        ).action_accept()

    def action_quality_sheet(self):
        """Open the checklist of the inspection; begin it when nobody has yet."""
        self.ensure_one()
        self._require_group("inspector", "workshop_supervisor")
        sheet = self._get_quality_sheet(finished=False)
        if not sheet:
            sheet = self.env["car.inspection"].create(
                {"order_id": self.id, "kind": "quality", "user_id": self.env.uid}
            )
            sheet.action_start()
        return sheet._get_records_action()

    # === BUSINESS METHODS === #

    def _get_links(self):
        """Return the links that are asked for, in their order."""
        self.ensure_one()
        if self.quality_links:
            return self.quality_links.split(",")
        return self.type_id._get_links()  # made before links were kept

    def _get_given_checks(self):
        """Return the checks that were passed and count."""
        return self.quality_check_ids.filtered(
            lambda check: check.result == "passed" and not check.is_void
        )

    def _get_missing_links(self):
        """Return the links that are still to pass, in their order."""
        self.ensure_one()
        asked = self._get_links()
        if len(asked) < 2:
            return asked  # given with the step to ready
        given = self._get_given_checks()
        missing = [link for link in asked if link not in given.mapped("link")]
        if "acceptance" in asked and "acceptance" not in missing:
            accepted = given.filtered(lambda check: check.link == "acceptance").job_id
            if self.job_ids.filtered(lambda job: job.state == "done") - accepted:
                missing.insert(0, "acceptance")
        return missing

    def _get_quality_sheet(self, finished=True):
        """Return the quality sheet of this round: not one from before a rework."""
        self.ensure_one()
        former = self.quality_check_ids.filtered("is_void").inspection_id
        sheets = self.inspection_ids.filtered(
            lambda each: each.kind == "quality" and each.state != "cancelled"
        )
        if finished:
            sheets = sheets.filtered(lambda each: each.state == "done")
        return (sheets - former)[:1]

    def _pass_link(self):
        """Write down that the user passes the link that is due."""
        self.ensure_one()
        link = self._get_missing_links()[0]
        if link == "acceptance":
            return self.action_accept_jobs()
        self._take_turn()
        sheet = self._check_link(link)
        checks = self.env["car.quality.check"]
        return checks._record(self, link, inspection_id=sheet.id)

    def _check_link(self, link, technicians=None):
        """Refuse a link to who may not give it, and without its sheet.

        :return: the quality sheet that the inspection goes by.
        """
        self.ensure_one()
        checks = self.env["car.quality.check"]
        checks._check_tier(link)
        if technicians is None:
            technicians = checks._get_technicians()
        jobs = self.job_ids.filtered(lambda job: job.state in ("done", "passed"))
        jobs._check_not_own(technicians)
        if len(self._get_links()) > 1:
            self._check_other_person(link, technicians)
        if link == "inspection" and self.requires_quality_sheet:
            return self._check_quality_sheet()
        return self.env["car.inspection"]

    def _check_other_person(self, link, technicians):
        """Refuse two links to one person."""
        others = self._get_given_checks().filtered(lambda check: check.link != link)
        for check in others:
            if check._is_by(technicians):
                labels = dict(check._fields["link"]._description_selection(self.env))
                self._raise_for_each(
                    self.env._(
                        "%(person)s has given “%(link)s” already; another person gives "
                        "this one",
                        person=self.env.user.name,
                        link=labels[check.link],
                    )
                )

    def _check_quality_sheet(self):
        sheet = self._get_quality_sheet()
        if not sheet:
            self._raise_for_each(
                self.env._("the quality sheet is missing; fill it in and complete it")
            )
        defects = sheet.line_ids.filtered(lambda line: line.result == "defect")
        if defects:
            self._raise_for_each(
                self.env._(
                    "the quality sheet shows defects: %(items)s. Send the car back to "
                    "the workshop",
                    items=", ".join(defects.mapped("name")),
                )
            )
        return sheet

    def _check_pass_quality_check(self):
        result = super()._check_pass_quality_check()
        checks = self.env["car.quality.check"]
        technicians = checks._get_technicians()
        labels = dict(checks._fields["link"]._description_selection(self.env))
        for order in self:
            missing = order._get_missing_links()
            if len(missing) > 1:
                order._raise_for_each(
                    self.env._(
                        "the quality check is not complete; missing: %(links)s",
                        links=", ".join(labels[link] for link in missing),
                    )
                )
            for link in missing:
                sheet = order._check_link(link, technicians)
                values = {"inspection_id": sheet.id, "technicians": technicians}
                checks._record(order, link, **values)
        return result

    def _get_fitting_steps(self):
        """Propose passing to those who give the link that is due."""
        steps = super()._get_fitting_steps()
        if self.state != "quality_check":
            return steps
        due = self._get_missing_links()
        if due and not self._has_group(*LINK_TIERS[due[0]]):
            steps = [step for step in steps if step != "pass_quality_check"]
        return steps

    def _get_waiting_for(self):
        if self.state != "quality_check":
            return super()._get_waiting_for()
        due = self._get_missing_links()
        if due[:1] == ["acceptance"]:
            return "technician", self.env._("Acceptance by the team leader")
        if due == ["review"]:
            return "reviewer", self.env._("Review by a supervisor")
        return super()._get_waiting_for()

    def _after_rework(self):
        """Let what was passed before count no more."""
        result = super()._after_rework()
        # Safe: follows from the step just taken.
        checks = self.sudo().quality_check_ids
        checks.filtered(lambda check: not check.job_id and not check.is_void).write(
            {"is_void": True}
        )
        return result

    def _return_for(self, job):
        """Take the car out of the check because of one job; the others stay done."""
        self.ensure_one()
        count = self.rework_count + 1
        # “Additional work” leaves the other jobs as they are.
        self.write(
            {
                "state": "in_workshop",
                "return_kind": "additional",
                "return_reason": f"{job.name}: {job.rework_reason}",
            }
        )
        self.rework_count = count
