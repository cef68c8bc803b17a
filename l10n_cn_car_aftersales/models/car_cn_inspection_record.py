from odoo import models


class CarRepairOrder(models.Model):
    """The three inspection records of a repair: 进厂检验, 过程检验, 竣工检验.

    They say what the intake, the quality check and the comparison at the release have
    recorded: nothing is typed a second time.
    """

    _inherit = "car.repair.order"

    # === ACTION METHODS === #

    def action_print_cn_inspections(self):
        """Print the three inspection records as one."""
        self.ensure_one()
        report = self.env.ref(
            "l10n_cn_car_aftersales.car_repair_order_report_cn_inspections"
        )
        return report.report_action(self, config=False)

    # === BUSINESS METHODS === #

    def _get_paper_name(self, paper):
        titles = {
            "cn_arrival": self.env._("Arrival Inspection Record"),
            "cn_process": self.env._("In-Process Inspection Record"),
            "cn_completion": self.env._("Completion Inspection Record"),
            "cn_inspections": self.env._("Inspection Records"),
            "cn_settlement": self.env._("Settlement List"),
        }
        if paper not in titles:
            return super()._get_paper_name(paper)
        self.ensure_one()
        return f"{titles[paper]} {self.name.replace('/', '-')}"

    def _get_cn_inspection_title(self, stage):
        """Return the heading of one of the three records."""
        return {
            "arrival": self.env._("Arrival Inspection Record"),
            "process": self.env._("In-Process Inspection Record"),
            "completion": self.env._("Completion Inspection Record"),
        }[stage]

    def _get_cn_inspection_rows(self, stage):
        """Return the sections of a record.

        :return: list of (heading, rows); each row a dict of what, result, note, person
            and moment
        """
        self.ensure_one()
        sections = getattr(self, f"_get_cn_{stage}_sections")()
        return [(heading, rows) for heading, rows in sections if rows]

    def _render_cn_inspection(self, stage):
        self.check_access("read")
        return self._render_cn_paper(
            "l10n_cn_car_aftersales.report_car_cn_inspection_content",
            {"stage": stage},
        )

    def _get_cn_arrival_sections(self):
        """Return what was found when the car came, and what was decided."""
        intake = self.intake_id
        diagnoses = self._get_cn_inspections("diagnosis", "health_check")
        return [
            (self.env._("Condition of the car"), self._get_cn_items(intake)),
            (
                self.env._("Damage"),
                [
                    self._get_cn_row(
                        dict(damage._fields["kind"]._description_selection(self.env))[
                            damage.kind
                        ],
                        note=damage.note,
                        inspection=intake,
                    )
                    for damage in intake.damage_ids
                ],
            ),
            (self.env._("Diagnosis"), self._get_cn_conclusions(diagnoses)),
            (
                self.env._("Work decided on"),
                [
                    self._get_cn_row(
                        job.name,
                        job.repair_class_id.name,
                        job.cause,
                        person=self.advisor_id.name,
                        at=self.received_at,
                    )
                    for job in self._get_paper_jobs("record")
                ],
            ),
        ]

    def _get_cn_process_sections(self):
        """Return work, self-check and acceptance of each job, failures included."""
        return [
            (job.name, self._get_cn_job_rows(job))
            for job in self._get_paper_jobs("record")
        ]

    def _get_cn_job_rows(self, job):
        people = ", ".join(job.technician_ids.mapped("name")) or job.team_id.name
        rows = []
        if job.done_at:
            rows.append(
                self._get_cn_row(
                    self.env._("Work done"),
                    self.env._("Finished"),
                    job.correction or job.cause,
                    person=people,
                    at=job.done_at,
                )
            )
        parts = job.line_ids.filtered(
            lambda line: line.kind == "part" and line.quantity_issued
        )
        if parts:
            names = ", ".join(
                " ".join(filter(None, (line.name, line.maker_code))) for line in parts
            )
            rows.append(
                self._get_cn_row(self.env._("Parts fitted"), note=names, person=people)
            )
        if job.self_checked_at:
            rows.append(
                self._get_cn_row(
                    self.env._("Self-check"),
                    self.env._("Passed"),
                    person=job.self_checked_by_id.name,
                    at=job.self_checked_at,
                )
            )
        checks = job.quality_check_ids.filtered(
            lambda check: check.link == "acceptance" or check.result == "failed"
        )
        return rows + self._get_cn_check_rows(checks)

    def _get_cn_completion_sections(self):
        """Return the checks that count, their checklists and the final comparison."""
        checks = self._get_given_checks().filtered(
            lambda check: check.link != "acceptance"
        )
        passed = self._get_cn_check_rows(checks)
        if not passed:
            passed = [
                self._get_cn_row(
                    job.name,
                    self.env._("Passed"),
                    person=job.state_changed_by_id.name,
                    at=job.state_changed_at,
                )
                for job in self.job_ids
                if job.state == "passed"
            ]
        sheet = self._get_quality_sheet()
        release = self.release_id.filtered(lambda each: each.state == "done")
        return [
            (self.env._("Checklist"), self._get_cn_items(sheet)),
            (self.env._("Result"), passed),
            (self.env._("Before the car left"), self._get_cn_items(release)),
        ]

    def _get_cn_inspections(self, *kinds):
        return self.inspection_ids.filtered(
            lambda each: each.kind in kinds and each.state == "done"
        )

    def _get_cn_items(self, inspection):
        """Return the items of a checklist that were looked at."""
        rows = []
        for line in inspection.line_ids.filtered(lambda each: each.result):
            labels = dict(line._fields["result"]._description_selection(self.env))
            measured = " ".join(filter(None, (line.measured_value, line.unit)))
            rows.append(
                self._get_cn_row(
                    line.name,
                    labels[line.result],
                    "; ".join(filter(None, (measured, line.note, line.advice))),
                    inspection=inspection,
                )
            )
        return rows

    def _get_cn_conclusions(self, inspections):
        rows = []
        for inspection in inspections:
            found = inspection.line_ids.filtered(
                lambda line: line.result in ("attention", "defect")
            )
            rows.append(
                self._get_cn_row(
                    inspection.display_name,
                    inspection.conclusion or ", ".join(found.mapped("name")),
                    inspection.advice,
                    inspection=inspection,
                )
            )
        return rows

    def _get_cn_check_rows(self, checks):
        """Return who judged the work and how, the first check first."""
        rows = []
        for check in checks.sorted("id"):
            links = dict(check._fields["link"]._description_selection(self.env))
            results = dict(check._fields["result"]._description_selection(self.env))
            rows.append(
                self._get_cn_row(
                    links[check.link],
                    results[check.result],
                    check.reason,
                    person=check.technician_id.name or check.user_id.name,
                    at=check.checked_at,
                )
            )
        return rows

    def _get_cn_row(
        self, what, result="", note="", person="", at=None, inspection=None
    ):
        if inspection:
            person = (
                ", ".join(inspection.technician_ids.mapped("name"))
                or inspection.finished_by_id.name
                or inspection.user_id.name
            )
            at = inspection.finished_at or inspection.started_at
        return {
            "what": what,
            "result": result or "",
            "note": note or "",
            "person": person or "",
            "at": at,
        }
