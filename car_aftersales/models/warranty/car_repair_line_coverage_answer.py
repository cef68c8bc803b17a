from collections import defaultdict

from odoo import fields, models

# Of several reasons the one that comes closest to covered is told.
NEAREST = (
    "service",
    "km",
    "date",
    "wear",
    "excluded",
    "owner",
    "component",
    "early",
    "cancelled",
)


class Memo(dict):
    """What many lines of one question have in common is worked out once."""

    def get_or_make(self, key, make):
        if key not in self:
            self[key] = make()
        return self[key]


class CarRepairLine(models.Model):
    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _get_coverage(self):
        """Tell for each line whether it is under warranty, and why or why not.

        The day of the intake, where the company works, and the odometer of the intake
        decide, not today. Last day and last km are covered. Any number of lines takes
        as many queries as one.

        :return: dict of line to a dict with ``coverage_id`` (perhaps empty),
            ``coverage_line_id``: the part fitted earlier whose own warranty pays,
            ``coverage_reason``: a key, ``coverage_data``: what its words name,
            ``until_date`` and ``until_km``: the last day and km of what covers, None
            without limit.
        """
        # Safe: tells what is covered, nothing of people or money.
        lines = self.sudo().with_prefetch()
        answers = lines._judge_all()
        lines._let_work_follow(answers)
        for answer in answers.values():
            for name in ("coverage_id", "coverage_line_id"):
                answer[name] = answer[name].with_env(self.env)
        return {line: answers[own] for line, own in zip(self, lines, strict=True)}

    def _judge_all(self):
        """Judge each line by itself, see ``_get_coverage``."""
        plain = self.filtered(lambda line: not line._is_outside_warranty())
        coverages = plain._get_coverages_by_vehicle()
        intakes = plain._get_intakes()
        missed = self.env["car.vehicle"]._get_missed_services(
            {
                coverage: intakes[vehicle]
                for (vehicle, _company), found in coverages.items()
                for coverage in found
            }
        )
        fitted = plain._get_fitted_parts()
        answers, memo = {}, Memo()
        for line in self:
            answer = line._judge_apart()
            if not answer:
                order = line._get_warranty_order()
                found = coverages.get((order.vehicle_id._origin, order.company_id), ())
                options = [line._judge(one, missed, memo) for one in found]
                if part := fitted.get(line):
                    options.append(part)
                answer = {**line._choose_answer(options), "options": options}
            answers[line] = answer
        return answers

    def _get_warranty_order(self):
        """Return the order; a line not saved yet may know its job only."""
        return self.order_id or self.job_id.order_id

    def _get_intake(self):
        """Return day and odometer at which the car was taken in."""
        self.ensure_one()
        order = self._get_warranty_order()
        moment = order.received_at or fields.Datetime.now()
        company = order.company_id or self.env.company
        km = order.odometer_km or order.vehicle_id.odometer_km
        return company._get_car_local_day(moment), km

    def _get_intakes(self):
        """Return day and odometer of the lines' intakes, by vehicle."""
        intakes = defaultdict(set)
        for line in self:
            vehicle = line._get_warranty_order().vehicle_id._origin
            intakes[vehicle].add(line._get_intake())
        return intakes

    def _is_outside_warranty(self):
        """Tell whether no policy can speak of the line."""
        self.ensure_one()
        return bool(self.credited_line_id) or not self.product_id

    def _judge_apart(self):
        """Return the answer for lines that no policy is asked about, else None."""
        self.ensure_one()
        if self.supply == "customer":
            return self._make_answer("customer_part")
        if self._is_outside_warranty():
            return self._make_answer("none")
        return None

    def _get_coverages_by_vehicle(self):
        """Return the coverages of the lines' cars, by car and company."""
        by_vehicle = defaultdict(self.env["car.warranty.coverage"].browse)
        vehicles = (self.order_id | self.job_id.order_id).vehicle_id._origin
        if not vehicles or not self.env["car.warranty.policy"]._has_any():
            return by_vehicle
        found = self.env["car.warranty.coverage"].search(
            [("vehicle_id", "in", vehicles.ids)], order="start_date, id"
        )
        for coverage in found:
            by_vehicle[coverage.vehicle_id, coverage.company_id] |= coverage
        return by_vehicle

    def _make_answer(self, reason, line=None, facts=None, **values):
        """Return an answer.

        :param facts: what its words name beside the last day and km.
        """
        answer = {
            "coverage_id": self.env["car.warranty.coverage"],
            "coverage_line_id": line or self.browse(),
            "coverage_reason": reason,
            "coverage_note": False,
            "until_date": None,
            "until_km": None,
            **values,
        }
        answer["coverage_data"] = self._pack_facts(
            until=answer["until_date"], until_km=answer["until_km"], **(facts or {})
        )
        return answer

    def _choose_answer(self, options):
        """Return the best answer: covered before not, the better share, the longer."""
        self.ensure_one()
        if not options:
            return self._make_answer("none")
        covered = [
            one for one in options if one["coverage_reason"] in ("covered", "part")
        ]
        if covered:
            return max(covered, key=self._get_worth)
        return min(options, key=lambda one: NEAREST.index(one["coverage_reason"]))

    def _get_worth(self, answer):
        """Return by what a covering answer is compared with others."""
        policy = answer["coverage_id"].policy_id
        date, km = answer["until_date"], answer["until_km"]
        return (
            100 - policy.customer_percent if policy else 100,
            date is None,
            date or fields.Date.to_date("1900-01-01"),
            km is None,
            km or 0,
        )

    def _judge(self, coverage, missed, memo):
        """Judge the line by one coverage.

        :param missed: see ``car.vehicle._get_missed_services``.
        """
        self.ensure_one()
        policy, product = coverage.policy_id, self.product_id
        order, system = self._get_warranty_order(), self.job_id.system_id
        day, odometer_km = memo.get_or_make(("intake", order), self._get_intake)
        component = memo.get_or_make(
            (policy, product, system),
            lambda: policy.component_ids._find_for(product, system),
        )
        date, km = memo.get_or_make(
            ("term", coverage, component), lambda: coverage._get_term(component)
        )
        reason = memo.get_or_make(
            ("valid", coverage, order), lambda: self._judge_validity(coverage, day)
        )
        service = missed.get((coverage, day, odometer_km))
        facts = {}
        if reason:
            pass
        elif component.is_excluded:
            reason = "excluded"
        elif component.is_wear_part and not (component.months or component.km):
            reason, date, km = "wear", None, None
        elif not component and (not policy.covers_rest or self.kind == "fee"):
            reason = "component"
        elif date and day > date:
            reason = "wear" if component.is_wear_part else "date"
        elif km and coverage._get_run_km(odometer_km) > km - coverage.start_km:
            reason = "wear" if component.is_wear_part else "km"
        elif service and component._asks_service(policy):
            reason = "service"
            facts["service"] = coverage._pack_service(*service)
        if reason == "early":
            facts["start"] = coverage.start_date
        elif reason == "cancelled":
            facts["since"] = coverage.cancelled_on
        return self._make_answer(
            reason or "covered",
            coverage_id=coverage,
            until_date=date,
            until_km=km,
            facts=facts,
            follows=policy.labor_follows_parts and component.scope != "part",
        )

    def _judge_validity(self, coverage, day):
        """Return why the coverage as a whole does not speak of the line, or None."""
        self.ensure_one()
        owner = self._get_warranty_order().owner_id._origin
        if coverage.is_cancelled and coverage.cancelled_on <= day:
            return "cancelled"
        if coverage.start_date > day:
            return "early"
        if (
            coverage.policy_id.is_first_owner_only
            and coverage.holder_id
            and owner
            and owner != coverage.holder_id
        ):
            return "owner"
        return None
