from markupsafe import Markup

from odoo import api, fields, models

from .car_repair_order import CUSTOMER_DATA
from .car_repair_payer import HOUSE_KINDS

RECORD_BATCH = 100
NOT_DONE = ("declined", "deferred", "cancelled")


class CarRepairOrder(models.Model):
    """What the papers of a visit say: estimate, repair record, exit pass.

    The repair record is kept as it was when the car left and printed from that.
    """

    _inherit = "car.repair.order"

    record_html = fields.Binary(
        "Repair Record as Delivered",
        attachment=True,
        readonly=True,
        copy=False,
        groups=CUSTOMER_DATA,
        help="What the customer got at delivery. Every later print shows it unchanged.",
    )

    record_kept_at = fields.Datetime("Record Kept", readonly=True, copy=False)

    _record_to_keep = models.Index(
        "(id) WHERE state = 'delivered' AND record_kept_at IS NULL"
    )

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"record_html", "record_kept_at"}

    def _get_locked_fields(self):
        return super()._get_locked_fields() | {"record_html"}

    @api.model
    def _cron_keep_records(self):
        """Keep the records of the orders delivered since, batch by batch.

        Their content is locked from the delivery on; a print before keeps it as well.
        """
        domain = [("state", "=", "delivered"), ("record_kept_at", "=", False)]
        orders = self.search(domain, limit=RECORD_BATCH).try_lock_for_update()
        orders._keep_record()
        self.env["ir.cron"]._commit_progress(
            len(orders), remaining=self.search_count(domain)
        )

    def _keep_record(self):
        """Keep the repair record (维修记录) as it was at delivery, for later prints."""
        values = []
        for order in self:
            content = order._render_record()
            values.append(
                {
                    "name": f"{order._get_paper_name('record')}.html",
                    "res_model": order._name,
                    "res_field": "record_html",
                    "res_id": order.id,
                    "mimetype": "text/html",
                    "raw": content.encode(),
                }
            )
        # Safe: written once, after the delivery; the fields are locked from then on.
        self.env["ir.attachment"].sudo().create(values)
        self.sudo().write({"record_kept_at": fields.Datetime.now()})
        self.invalidate_recordset(["record_html"], flush=False)

    def _get_record_content(self):
        """Return the repair record: the kept one, else as it is now."""
        self.ensure_one()
        self.check_access("read")
        if self.state == "delivered":
            if not self.record_kept_at:
                self._keep_record()
            # Safe: the order itself may be read.
            kept = (
                self.env["ir.attachment"]
                .sudo()
                .search(
                    [
                        ("res_model", "=", self._name),
                        ("res_field", "=", "record_html"),
                        ("res_id", "=", self.id),
                    ],
                    order="id",
                    limit=1,
                )
            )
            if kept:
                return Markup(kept.raw.decode())
        return self._render_record()

    def _render_record(self):
        """Return the repair record in the customer's language, as markup."""
        self.ensure_one()
        language = self._get_paper_lang()
        # Safe: the paper of an order that may be read or is being delivered.
        clock = self.advisor_id.tz or self.company_id.resource_calendar_id.tz
        order = self.sudo().with_context(lang=language, tz=clock)
        return (
            self.env["ir.qweb"]
            .with_context(lang=language, tz=clock)
            ._render(
                "car_aftersales.report_car_repair_order_record_content",
                {"order": order},
                lang=language,
            )
        )

    def _get_paper_lang(self):
        """Return the language of the customer's papers."""
        self.ensure_one()
        return self.sudo().partner_id.lang or self.env.lang or "en_US"

    def _get_paper_name(self, paper):
        """Return the name of a paper's file, without slashes."""
        self.ensure_one()
        names = {
            "estimate": self.env._("Estimate Sheet"),
            "record": self.env._("Repair Record"),
            "contract": self.env._("Repair Contract"),
        }
        return f"{names[paper]} {self.name.replace('/', '-')}"

    def _get_paper_jobs(self, paper):
        """Return the jobs a paper shows."""
        self.ensure_one()
        if paper == "estimate":
            # Booked for later, the estimate stays what it was.
            left_out = {"deferred", "cancelled"}
            if self.state == "declined" and self.outcome == "booked":
                left_out = {"cancelled"}
            return self.job_ids.filtered(lambda job: job.state not in left_out)
        return self.job_ids.filtered(
            lambda job: job.state not in NOT_DONE or self._get_paper_lines(job, paper)
        )

    def _get_paper_lines(self, job, paper):
        """Return the lines of a job that a paper shows.

        The record shows what was agreed to, the estimate also what is still asked.
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.job_id == job)
        if paper == "estimate":
            return lines.filtered(lambda line: line.authorization_state != "declined")
        return lines.filtered(
            lambda line: (
                line.authorization_state not in ("pending", "declined")
                and (job.state not in NOT_DONE or line.quantity_billed)
            )
        )

    def _get_not_done_lines(self):
        """Return what was recommended and not done at this visit."""
        self.ensure_one()
        done = self.job_ids.line_ids.browse()
        for job in self._get_paper_jobs("record"):
            done |= self._get_paper_lines(job, "record")
        return self.line_ids.filtered(
            lambda line: (
                line not in done
                and line.quantity
                and line.kind != "fee"
                and not line.job_id.holds_parts
            )
        )

    def _get_deferred_lines(self):
        """Return what was agreed to and deferred to the next visit."""
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: line.job_id.holds_parts and line.kind != "fee"
        )

    def _get_paper_totals(self, paper):
        """Return the sums of a paper before taxes by kind, taxes and the total."""
        self.ensure_one()
        totals = dict.fromkeys(("labor", "part", "other", "tax", "total"), 0.0)
        for job in self._get_paper_jobs(paper):
            if job._is_second_plan():
                continue
            for line in self._get_paper_lines(job, paper):
                kind = line.kind if line.kind in ("labor", "part") else "other"
                totals[kind] += line.price_subtotal
                totals["tax"] += line.price_total - line.price_subtotal
                totals["total"] += line.price_total
        return totals

    def _get_paper_payers(self, paper):
        """Return for each payer what he bears, was billed, paid and owes."""
        self.ensure_one()
        totals = {}
        for job in self._get_paper_jobs(paper):
            if job._is_second_plan():
                continue
            for line in self._get_paper_lines(job, paper):
                for payer, fraction in line._get_shares():
                    amount = line._get_payer_total(payer, fraction)
                    totals[payer] = totals.get(payer, 0.0) + amount
        customer = self._get_customer_payer()
        for payer in self.payer_ids.filtered("deductible_amount") & self.env[
            "car.repair.payer"
        ].concat(*totals):
            totals[payer] -= payer.deductible_amount
            totals[customer] = totals.get(customer, 0.0) + payer.deductible_amount
        rows = []
        for payer in self.payer_ids:
            invoices = payer.sudo()._get_invoices()  # Safe: amounts of this order.
            if payer not in totals and not invoices:
                continue
            rows.append(
                {
                    "payer": payer,
                    "house": payer.kind in HOUSE_KINDS,
                    "total": totals.get(payer, 0.0),
                    "billed": payer.amount_billed,
                    "paid": payer.amount_billed - payer.amount_due,
                    "due": payer.amount_due,
                    "invoices": ", ".join(
                        move.name for move in invoices if move.state == "posted"
                    ),
                }
            )
        return rows

    def _get_part_origin(self, line):
        """Return brand, origin and grade of a part, as the customer is told them."""
        grades = dict(line._fields["grade"]._description_selection(line.env))
        parts = [line.brand_name, line.origin_country_id.name, grades.get(line.grade)]
        return " / ".join(part for part in parts if part)

    def _get_inspectors(self):
        """Return who passed the jobs."""
        return self.job_ids.filtered(
            lambda job: job.state == "passed"
        ).state_changed_by_id

    def _get_customer_invoice_names(self):
        """Return the numbers of the customers' invoices."""
        self.ensure_one()
        payers = self.sudo().payer_ids  # Safe: numbers of this order's documents.
        moves = payers.filtered(lambda payer: payer.kind == "customer")
        invoices = moves._get_invoices().filtered(lambda move: move.state == "posted")
        return ", ".join(invoices.mapped("name"))


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    def _get_paper_name(self):
        """Return the name of the job sheet's file, without slashes."""
        self.ensure_one()
        number = (self.order_number or "").replace("/", "-")
        return f"{self.env._('Job Sheet')} {number}-{self.id}"
