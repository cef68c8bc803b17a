import ast
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CarCampaign(models.Model):
    """Deciding a campaign: who is invited, until when he is called."""

    _inherit = "car.campaign"

    audience_count = fields.Integer(
        "Customers Meant", compute="_compute_audience_count"
    )

    # === COMPUTE METHODS === #

    @api.depends("audience", "vehicle_domain", "partner_domain", "company_id", "state")
    def _compute_audience_count(self):
        for campaign in self:
            # Each campaign has a filter of its own; only its form shows the number.
            campaign.audience_count = (
                campaign._count_audience() if campaign.state == "draft" else 0
            )

    # === ACTION METHODS === #

    def action_open_audience(self):
        """Show which customers a draft means."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "base.action_partner_form"
        )
        rows = self.env.execute_query(
            SQL("SELECT partner_id FROM (%s) audience", self._get_audience())
        )
        action.update(
            name=self.display_name,
            domain=[("id", "in", [row[0] for row in rows])],
            context={},
            views=[(False, "list"), (False, "form")],
        )
        return action

    # === BUSINESS METHODS === #

    def _read_domain(self, text):
        return Domain(ast.literal_eval((text or "").strip() or "[]"))

    def _get_vehicle_domain(self):
        return self._read_domain(self.vehicle_domain)

    def _get_partner_domain(self):
        return self._read_domain(self.partner_domain)

    def _count_audience(self):
        self.ensure_one()
        try:
            audience = self._get_audience()
        except (ValueError, SyntaxError, TypeError):
            return 0  # Half typed; saving it says what is wrong.
        return self.env.execute_query(
            SQL("SELECT COUNT(*) FROM (%s) audience", audience)
        )[0][0]

    def _get_audience(self):
        """Return SQL of rows ``partner_id, vehicle_id``: one for each customer meant.

        What the user may not read is not in it. Of several cars that fit, the one that
        was here last stands for its owner: he is called once.
        """
        self.ensure_one()
        partners = self.env["res.partner"]._search(
            self._get_partner_domain()
            & Domain("id", "!=", self.company_id.partner_id.id)
        )
        if self.audience == "customers":
            files = self.env["car.customer.file"]._search(
                [("company_id", "=", self.company_id.id)]
            )
            return SQL(
                """
                SELECT f.partner_id, f.next_vehicle_id AS vehicle_id
                  FROM car_customer_file f
                 WHERE f.id IN %s AND f.partner_id IN %s
                """,
                files.subselect(),
                partners.subselect(),
            )
        vehicles = self.env["car.vehicle"]._search(
            self._get_vehicle_domain() & Domain("owner_id", "!=", False)
        )
        rules = self.env["car.contact.rule"]
        return SQL(
            """
            SELECT DISTINCT ON (COALESCE(v.contact_id, v.owner_id))
                   COALESCE(v.contact_id, v.owner_id) AS partner_id, v.id AS vehicle_id
              FROM car_vehicle v
         LEFT JOIN LATERAL (SELECT MAX(o.received_at) AS last_at
                              FROM car_repair_order o
                             WHERE o.vehicle_id = v.id) visit ON true
             WHERE v.id IN %(vehicles)s
               AND COALESCE(v.contact_id, v.owner_id) IN %(partners)s
               AND %(own)s
          ORDER BY COALESCE(v.contact_id, v.owner_id),
                   visit.last_at DESC NULLS LAST, v.id DESC
            """,
            vehicles=vehicles.subselect(),
            partners=partners.subselect(),
            own=rules._get_own_condition(self.company_id),
        )

    def _check_decide(self):
        self._require_supervisor()
        for campaign in self:
            if not (campaign.place or campaign.place_id):
                campaign._raise_missing(self.env._("where does it take place?"))
            if not (campaign.content or "").strip():
                campaign._raise_missing(self.env._("what is offered?"))
            company = campaign.company_id
            today = company._get_car_today()
            if campaign.date_to < today:
                campaign._raise_missing(self.env._("it is over already"))
            short = today > campaign.call_deadline
            if short and not (campaign.late_reason or "").strip():
                campaign._raise_missing(
                    self.env._(
                        "customers are called %(days)s days before it begins, which "
                        "would have been until %(deadline)s; write down why at short "
                        "notice",
                        days=company.sudo().car_campaign_days,
                        deadline=fields.Date.to_string(campaign.call_deadline),
                    )
                )

    def _after_decide(self):
        for campaign in self:
            today = campaign.company_id._get_car_today()
            until = campaign.call_deadline
            if until < today:
                # At short notice: until the day before at the latest.
                until = max(today, campaign.date_from - timedelta(days=1))
            # Safe: follows from the step.
            campaign.sudo().write(
                {
                    "call_until": until,
                    "decided_at": fields.Datetime.now(),
                    "decided_by_id": self.env.uid,
                }
            )
            campaign._invite()
        # Safe: starts the nightly job a little earlier.
        self.env.ref("car_aftersales.car_contact_rule_cron_plan").sudo()._trigger()

    def _invite(self):
        """List everybody the campaign is for, in one statement.

        :raise UserError: when it is for nobody
        """
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO car_campaign_target
                       (campaign_id, company_id, partner_id, vehicle_id, invited_on,
                        create_uid, create_date, write_uid, write_date)
                SELECT %(campaign)s, %(company)s, a.partner_id, a.vehicle_id, %(today)s,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM (%(audience)s) a
                    ON CONFLICT DO NOTHING
                """,
                campaign=self.id,
                company=self.company_id.id,
                today=self.company_id._get_car_today(),
                user=self.env.uid,
                now=fields.Datetime.now(),
                audience=self._get_audience(),
            )
        )
        self.env.invalidate_all()
        if not self.env["car.campaign.target"].search_count(
            [("campaign_id", "=", self.id)], limit=1
        ):
            self._raise_missing(self.env._("its filters fit nobody"))

    def _check_start(self):
        for campaign in self:
            if campaign.date_from > campaign.company_id._get_car_today():
                campaign._raise_missing(self.env._("it has not begun yet"))

    def _check_evaluate(self):
        self._require_supervisor()
        for campaign in self:
            if campaign.date_to >= campaign.company_id._get_car_today():
                campaign._raise_missing(self.env._("it is not over yet"))
            if not (campaign.evaluation or "").strip():
                campaign._raise_missing(self.env._("write down what it brought"))

    def _after_evaluate(self):
        self._withdraw_tasks()

    def _check_cancel(self):
        self._require_supervisor()
        for campaign in self:
            if not (campaign.cancel_reason or "").strip():
                campaign._raise_missing(self.env._("write down why it is cancelled"))

    def _after_cancel(self):
        self._withdraw_tasks()

    def _require_supervisor(self):
        if not self.env["car.repair.order"]._has_group("supervisor"):
            self._raise_missing(
                self.env._("the business supervisor decides on campaigns")
            )

    def _withdraw_tasks(self):
        """Close what is still to be told about these campaigns."""
        # Safe: follows from the step of the campaign.
        tasks = self.env["car.contact.task"].sudo()
        tasks.search(
            [
                ("state", "=", "open"),
                ("res_model", "=", "car.campaign.target"),
                ("res_id", "in", self.sudo().target_ids.ids),
            ]
        )._close("obsolete")

    @api.model
    def _cron_start(self):
        """Let campaigns run from the day on which they begin."""
        for company in self.env["res.company"].search([("id", "!=", False)]):
            self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "decided"),
                    ("date_from", "<=", company._get_car_today()),
                ]
            ).write({"state": "running"})
