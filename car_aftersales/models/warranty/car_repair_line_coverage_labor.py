from odoo import models

from .car_repair_line_coverage import COVERED, KEPT
from .car_repair_line_coverage_answer import NEAREST

# Work is done for the parts of its job
WORK = ("labor", "outside")
# Of several parts the one that comes closest to covered is named.
NEAREST_PART = (*NEAREST, "manual", "customer_part", "none")


class CarRepairLine(models.Model):
    """Work on parts that are not covered is not covered either.

    With a covered part in the job, or none at all, work is judged by itself. So it is
    where the policy lists the very work, or says that work does not follow its parts.
    """

    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _let_work_follow(self, answers):
        """Correct the answers of work whose parts are all not covered.

        :param answers: dict of line to its own answer, see ``_judge_all``.
        """
        works = self.filtered(lambda line: line._may_follow(answers[line]))
        if not works:
            return
        by_job = works._get_part_answers(answers)
        for line in works:
            parts = by_job.get(line.job_id, [])
            if not parts or any(
                answer["coverage_reason"] in COVERED for _part, answer in parts
            ):
                continue
            options = [
                answer
                for answer in answers[line].get("options", ())
                if not answer.get("follows") and answer["coverage_reason"] in COVERED
            ]
            answers[line] = (
                line._choose_answer(options)
                if options
                else line._answer_like(
                    *min(
                        parts,
                        key=lambda one: NEAREST_PART.index(one[1]["coverage_reason"]),
                    )
                )
            )

    def _may_follow(self, answer):
        """Tell whether the parts of the job have a say in the line."""
        self.ensure_one()
        return (
            self.kind in WORK
            and answer["coverage_reason"] == "covered"
            and answer.get("follows")
        )

    def _is_part_of_job(self):
        """Tell whether the line is a part that the job is about."""
        self.ensure_one()
        return (
            self.kind == "part"
            and bool(self.quantity)
            and not self._is_outside_warranty()
            and not (self._origin and self.authorization_state == "declined")
        )

    def _get_part_answers(self, answers):
        """Return the parts of the lines' jobs with their answers, by job."""
        parts = self.job_id.line_ids.filtered(lambda line: line._is_part_of_job())
        kept = parts.filtered(lambda line: line._is_coverage_kept())
        rest = parts - kept - parts.browse(line.id for line in answers)
        answers = {**answers, **rest._judge_all()}
        answers.update((line, {name: line[name] for name in KEPT}) for line in kept)
        by_job = {}
        for part in parts:
            by_job.setdefault(part.job_id, []).append((part, answers[part]))
        return by_job

    def _answer_like(self, part, answer):
        """Return the answer of a part for the work on it."""
        self.ensure_one()
        facts = {**(answer["coverage_data"] or {}), "work_on": part.name}
        if answer["coverage_note"]:
            facts["note"] = answer["coverage_note"]
        return {
            **self._make_answer(answer["coverage_reason"]),
            "coverage_id": answer["coverage_id"],
            "coverage_data": facts,
            "until_date": answer.get("until_date"),
            "until_km": answer.get("until_km"),
        }

    def _get_jobs_of_parts(self):
        """Return the jobs whose work may depend on what these parts are.

        A car without coverage has no work under warranty; it costs nothing.
        """
        parts = self.browse()
        if self.env["car.warranty.policy"]._has_any():
            parts = self.filtered(
                lambda line: (
                    line.kind == "part" and line.coverage_reason not in (False, "none")
                )
            )
        return parts.job_id

    def _apply_answer(self, is_diagnosis=False):
        """Let work follow the parts that the customer wants."""
        result = super()._apply_answer(is_diagnosis=is_diagnosis)
        self._get_jobs_of_parts()._refresh_work()
        return result


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    # === BUSINESS METHODS === #

    def _refresh_work(self):
        """Judge the work of the jobs anew, after their parts have changed."""
        # Safe: the answer follows from the lines of the jobs.
        works = self.sudo().line_ids.filtered(
            lambda line: (
                line.kind in WORK and line.coverage_reason not in (False, "none")
            )
        )
        works._refresh_coverage()
        works._propose_payers()
