from collections import OrderedDict

from odoo import models

from .car_three_guarantee_job import NOT_DONE


class CarVehicle(models.Model):
    """Papers of the three guarantees: certificate of coverage and ledger."""

    _inherit = "car.vehicle"

    # === BUSINESS METHODS === #

    def _get_three_guarantee_company(self):
        """Return whose letterhead the papers carry."""
        self.ensure_one()
        return self.company_id or self.env.company

    def _get_three_guarantee_paper_name(self, paper):
        """Return the name of a paper's file, without slashes."""
        self.ensure_one()
        names = {
            "certificate": self.env._("Certificate of Three Guarantees"),
            "ledger": self.env._("Ledger of Three Guarantees"),
        }
        sign = (self.license_plate or self.vin or str(self.id)).replace("/", "-")
        return f"{names[paper]} {sign}"

    def _get_wear_parts(self):
        """Return the wear parts of the car's model, with their terms."""
        self.ensure_one()
        # Safe: a list that is printed for the customer.
        return self.env["car.three.guarantee.wear.part"].sudo()._get_for(self.model_id)

    def _get_three_guarantee_ledger(self):
        """Return the entries by kind, in the order of time, with what counts.

        :return: list of dicts: ``label``, ``entries``, ``count`` and ``clause``
        """
        self.ensure_one()
        entries = self.three_guarantee_entry_ids.sorted(
            lambda entry: (entry.date, entry.id)
        )
        kinds = entries._fields["kind"]._description_selection(self.env)
        # Safe: the version of the car that is printed.
        rule = self.sudo().three_guarantee_rule_id
        sections = []
        for kind, label in kinds:
            own = entries.filtered(lambda entry, k=kind: entry.kind == k)
            if not own:
                continue
            counted = own.filtered("is_counted")
            sections.append(
                {
                    "label": label,
                    "kind": kind,
                    "entries": own,
                    "count": (
                        sum(counted.mapped("days")) if kind == "days" else len(counted)
                    ),
                    "clause": rule._get_clause(kind),
                }
            )
        return sections


class CarRepairOrder(models.Model):
    """The repair record of the three guarantees (三包 维修记录), in duplicate."""

    _inherit = "car.repair.order"

    # === BUSINESS METHODS === #

    def _get_three_guarantee_record_name(self):
        """Return the name of the record's file, without slashes."""
        self.ensure_one()
        title = self.env._("Repair Record of Three Guarantees")
        return f"{title} {self.name.replace('/', '-')}"

    def _get_three_guarantee_record_lang(self):
        return self._get_paper_lang()

    def _get_record_copies(self):
        """Return for whom the copies of the record are."""
        return [self.env._("Copy for the customer"), self.env._("Copy for our files")]

    def _get_record_jobs(self):
        """Return the jobs on the record: for quality, else all that were done."""
        self.ensure_one()
        done = self.job_ids.filtered(lambda job: job.state not in NOT_DONE)
        return self._get_quality_jobs() or done

    def _get_record_times(self):
        """Return when the repair was agreed to and finished, and its days."""
        self.ensure_one()
        jobs = self._get_record_jobs()
        # Safe: the version of the car of an order that may be read.
        rule = self.sudo().vehicle_id.three_guarantee_rule_id
        started = self._get_repair_start(jobs)
        ended = started and self._get_repair_end(jobs, rule)
        times = OrderedDict(started=started, ended=ended, days=0)
        if started and ended:
            times["days"] = self._prepare_three_guarantee_days(
                rule, started, ended, ended
            )["days"]
        return times
