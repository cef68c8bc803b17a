from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .car_contact_task_calendar import fit_day

BATCH = 1000


class CarContactRule(models.Model):
    """The job that plans contacts: each once, whatever days were missed."""

    _inherit = "car.contact.rule"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_plan_contacts(self):
        """Plan all contacts that are due to appear in the queue, batch by batch.

        Runs on several workers: each rule is worked on by one of them at a time.
        """
        tasks = self.env["car.contact.task"]
        tasks._withdraw_gone()
        tasks._apply_deputies()
        rules = self.search([("active", "=", True)])
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(rules))
        for left, rule in zip(range(len(rules), 0, -1), rules):
            for company in rule._get_companies():
                while planned := rule._plan_batch(company):
                    # What is planned is kept, and memory stays flat.
                    time_left = commit(len(planned), remaining=left)
                    self.env.invalidate_all()
                    if not time_left:
                        return
            commit(remaining=left - 1)

    def _make_tasks(self):
        """Plan what these rules ask for at once; return the contacts."""
        made = self.env["car.contact.task"]
        for rule in self:
            for company in rule._get_companies():
                while planned := rule._plan_batch(company):
                    made |= planned
        return made

    def _plan_batch(self, company):
        """Plan the next contacts of a rule; return them, none when all are planned.

        A batch costs the same number of queries, however many customers it has. Nothing
        is done while another worker plans by this rule.
        """
        self.ensure_one()
        tasks = self.env["car.contact.task"].with_context(tracking_disable=True)
        if not self._take_turn():
            return tasks
        today = company._get_car_today()
        rows = self._read_candidates(company, today)
        if not rows:
            return tasks
        working = company._get_car_working_days(
            today, today + timedelta(days=366 + max(self.days_to, 0))
        )
        planned = tasks.create(self._prepare_tasks(company, today, working, rows))
        planned._after_planned()
        return planned.with_context(tracking_disable=False)

    def _take_turn(self):
        """Write the rule's row, so that another worker does not plan the same.

        :return: whether this worker has it; another one has it now otherwise
        """
        if not self.try_lock_for_update():
            return False
        self.env.cr.execute(
            SQL("UPDATE car_contact_rule SET turn = turn + 1 WHERE id = %s", self.id)
        )
        return True

    def _read_candidates(self, company, today):
        """Return the events for which nothing was planned yet, the oldest first."""
        self.env.flush_all()
        model, source = self._get_source(company, today)
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT source.*, %(model)s AS res_model
                  FROM (%(source)s) source
                 WHERE source.partner_id IS NOT NULL
                   AND source.partner_id NOT IN (SELECT partner_id FROM res_company)
                   AND source.anchor BETWEEN %(first)s AND %(last)s
                   AND NOT EXISTS (
                           SELECT FROM car_contact_task t
                            WHERE t.rule_id = %(rule)s AND t.res_model = %(model)s
                              AND t.res_id = source.res_id
                              AND t.company_id = %(company)s
                              AND t.anchor_date >= source.anchor - %(repeat)s)
                 ORDER BY source.anchor, source.res_id
                 LIMIT %(limit)s
                """,
                model=model,
                source=source,
                first=self._get_first_anchor(company, today),
                last=self._get_last_anchor(company, today),
                rule=self.id,
                company=company.id,
                repeat=max(self.repeat_days, 0),
                limit=BATCH,
            )
        )

    def _prepare_tasks(self, company, today, working, rows):
        """Return the values of contacts: permission, clerk, day, each in one query."""
        partners = self.env["res.partner"].browse({row["partner_id"] for row in rows})
        refused = set(partners._get_car_refused(self.purpose, self.channel).ids)
        clerks = self._get_clerks(company, partners)
        deputies = self.env["car.contact.deputy"]._get_deputies(company, today)
        busy = self.env["car.contact.task"]._get_contact_days(company, partners, today)
        gap = timedelta(days=company.car_contact_gap_days)
        vals_list = []
        for row in rows:
            partner_id, anchor = row["partner_id"], row["anchor"]
            clerk_id = clerks.get(partner_id)
            first = anchor + timedelta(days=self.days_from)
            last = anchor + timedelta(days=self.days_to)
            day, fits = self._find_day(
                working, first, last, today, busy.setdefault(partner_id, []), gap
            )
            vals = {
                "rule_id": self.id,
                "kind": self.kind,
                "company_id": company.id,
                "partner_id": partner_id,
                "vehicle_id": row["vehicle_id"],
                "order_id": row["order_id"],
                "enquiry_id": row["enquiry_id"],
                "res_model": row["res_model"],
                "res_id": row["res_id"],
                "anchor_date": anchor,
                "purpose": self.purpose,
                "channel": self.channel,
                "priority": self.priority,
                "date_from": first,
                "date_to": last,
                "call_on": day,
                "clerk_id": deputies.get(clerk_id, clerk_id),
                "original_clerk_id": clerk_id,
            }
            if partner_id in refused:
                vals["close_reason"] = "refused"
            elif not fits:
                vals["close_reason"] = "too_often"
            else:
                busy[partner_id].append(day)
            vals_list.append(vals)
        return vals_list

    def _find_day(self, working, first, last, today, days, gap):
        """Return the day to contact a customer, and whether it keeps the distance.

        :param list days: on which he is or was contacted anyway
        """
        start = max(first, today)
        day = start
        for other in sorted(days):
            if abs((day - other).days) < gap.days and other != day:
                day = other + gap
        if day > last or last < today:
            # Missed days: at once. A promised call is never given up for the distance.
            fits = self._is_promised() or last < today or not days
            return fit_day(working, min(first, start), max(last, start), start), fits
        return fit_day(working, start, last, day), True

    def _get_clerks(self, company, partners):
        """Map partners' ids to clerks: of the rule, of the file, of the company."""
        if self.user_id:
            return dict.fromkeys(partners.ids, self.user_id.id)
        default = company.car_clerk_id.id
        files = self.env["car.customer.file"].search_fetch(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "in", [company.id, False]),
                ("clerk_id", "!=", False),
            ],
            ["partner_id", "clerk_id"],
        )
        named = {card.partner_id.id: card.clerk_id.id for card in files}
        return {partner.id: named.get(partner.id) or default for partner in partners}


class CarContactTask(models.Model):
    _inherit = "car.contact.task"

    # === BUSINESS METHODS === #

    def _after_planned(self):
        """Close at once what may not be made; it is kept with its reason."""
        self.filtered("close_reason").write({"state": "closed"})

    @api.model
    def _get_contact_days(self, company, partners, today):
        """Map each partner to the days on which he is or was contacted lately."""
        since = today - timedelta(days=company.car_contact_gap_days)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, call_on FROM car_contact_task
                 WHERE state = 'open' AND partner_id = ANY(%(partners)s)
                 UNION
                SELECT partner_id, finished_on FROM car_contact_task
                 WHERE state = 'done' AND finished_on >= %(since)s
                   AND partner_id = ANY(%(partners)s)
                """,
                partners=partners.ids,
                since=since,
            )
        )
        days = {}
        for partner_id, day in rows:
            days.setdefault(partner_id, []).append(day)
        return days
