from odoo import api, fields, models
from odoo.tools import SQL

from .car_campaign import OPEN

SUPERVISOR = "car_aftersales.car_aftersales_group_supervisor"


class CarCampaign(models.Model):
    """What a campaign brought, against what it cost (R-167)."""

    _inherit = "car.campaign"

    order_ids = fields.One2many(
        "car.repair.order", "campaign_id", "Visits of the Campaign"
    )
    invited_count = fields.Integer("Number Invited", compute="_compute_invited")
    reached_count = fields.Integer("Number Reached", compute="_compute_invited")
    coming_count = fields.Integer("Number Coming", compute="_compute_invited")
    attended_count = fields.Integer("Number Who Came", compute="_compute_invited")
    refused_count = fields.Integer(
        "Want No Contact",
        compute="_compute_invited",
        help="They fit, but have refused offers; nobody calls them.",
    )
    order_count = fields.Integer("Visits", compute="_compute_orders")
    revenue = fields.Monetary(
        compute="_compute_orders",
        groups=SUPERVISOR,
        help="Invoiced for the visits of the campaign, whoever pays, before taxes.",
    )
    result = fields.Monetary(
        compute="_compute_orders",
        groups=SUPERVISOR,
        help="Revenue less the cost of the campaign; the cost of parts and labor is "
        "not in it.",
    )

    # === COMPUTE METHODS === #

    @api.depends("target_ids.answer", "target_ids.is_reached", "target_ids.is_attended")
    def _compute_invited(self):
        figures = {}
        if self.ids:
            self.env.flush_all()
            figures = {
                row.pop("campaign_id"): row
                for row in self.env.execute_query_dict(
                    SQL(
                        """
                        SELECT t.campaign_id,
                               COUNT(*) FILTER (WHERE k.close_reason
                                                IS DISTINCT FROM 'refused'
                                                OR t.is_reached) AS invited_count,
                               COUNT(*) FILTER (WHERE k.close_reason = 'refused'
                                                AND t.is_reached IS NOT TRUE)
                                   AS refused_count,
                               COUNT(*) FILTER (WHERE t.is_reached) AS reached_count,
                               COUNT(*) FILTER (WHERE t.answer = 'comes')
                                   AS coming_count,
                               COUNT(*) FILTER (WHERE t.is_attended) AS attended_count
                          FROM car_campaign_target t
                     LEFT JOIN car_contact_task k ON k.id = t.task_id
                         WHERE t.campaign_id = ANY(%s)
                         GROUP BY t.campaign_id
                        """,
                        self.ids,
                    )
                )
            }
        names = (
            "invited_count",
            "refused_count",
            "reached_count",
            "coming_count",
            "attended_count",
        )
        for campaign in self:
            counted = figures.get(campaign.id, {})
            for name in names:
                campaign[name] = counted.get(name, 0)

    @api.depends("cost", "order_ids")
    def _compute_orders(self):
        orders = dict(
            self.env["car.repair.order"]._read_group(
                [("campaign_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["campaign_id"],
                ["__count"],
            )
        )
        revenues = self._get_revenues()
        for campaign in self:
            revenue = revenues.get(campaign.id, 0.0)
            campaign.order_count = orders.get(campaign, 0)
            campaign.revenue = revenue
            campaign.result = revenue - campaign.cost

    # === ACTION METHODS === #

    def action_open_targets(self):
        """Open the list of those invited."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_campaign_target_action"
        )
        action["domain"] = [("campaign_id", "=", self.id)]
        action["context"] = {"default_campaign_id": self.id}
        return action

    def action_open_orders(self):
        """Open the visits that came of the campaign."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_repair_order_action"
        )
        action["domain"] = [("campaign_id", "=", self.id)]
        action["context"] = {"default_campaign_id": self.id}
        return action

    # === BUSINESS METHODS === #

    def _get_revenues(self):
        """Map each campaign's id to what was invoiced for it, in one query."""
        if not self.ids:
            return {}
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT o.campaign_id, -SUM(l.balance)
                      FROM car_repair_order o
                      JOIN car_repair_payer p ON p.order_id = o.id
                      JOIN account_move_line l ON l.car_repair_payer_id = p.id
                      JOIN account_move m ON m.id = l.move_id
                     WHERE o.campaign_id = ANY(%s) AND l.display_type = 'product'
                       AND m.state = 'posted'
                       AND m.move_type IN ('out_invoice', 'out_refund')
                     GROUP BY o.campaign_id
                    """,
                    self.ids,
                )
            )
        )

    def _get_words(self):
        """Return what a caller tells: the words, the days and the address."""
        self.ensure_one()
        lang = self.env.lang
        day = self.env["ir.qweb.field.date"].value_to_html
        first, last = day(self.date_from, {}), day(self.date_to, {})
        when = first if first == last else f"{first} – {last}"
        where = (
            self.place or self.place_id.with_context(lang=lang).contact_address_inline
        )
        parts = [
            self.name,
            " ".join(part for part in (when, self.time_text) if part),
            where,
            self.talk or self.content,
        ]
        return "\n".join(part for part in parts if part)


class CarRepairOrder(models.Model):
    """Visits that come of a campaign."""

    _inherit = "car.repair.order"

    campaign_id = fields.Many2one(
        "car.campaign",
        check_company=True,
        compute="_compute_campaign_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        domain="[('state', 'in', ('decided', 'running'))]",
        help="The campaign for which the customer came. Proposed while it runs, when "
        "he was invited.",
    )
    campaign_target_id = fields.Many2one(
        "car.campaign.target",
        "Invitation",
        compute="_compute_campaign_target_id",
        store=True,
        precompute=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    campaign_package_id = fields.Many2one(related="campaign_id.package_id")

    # === COMPUTE METHODS === #

    @api.depends("vehicle_id")
    def _compute_campaign_id(self):
        campaigns = self.env["car.campaign"]
        todo = self.filtered(
            lambda order: (
                not order.campaign_id
                and order.vehicle_id
                and order.state == "reception"
                and campaigns._is_any_open(order.company_id.id)
            )
        )
        offers = todo._get_campaign_offers() if todo else {}
        for order in self:
            order.campaign_id = order.campaign_id or offers.get(order)

    @api.depends("campaign_id", "vehicle_id", "partner_id")
    def _compute_campaign_target_id(self):
        invited = self.filtered("campaign_id")._get_campaign_targets()
        for order in self:
            order.campaign_target_id = invited.get(order)

    @api.depends("campaign_id")
    def _compute_pricelist_id(self):
        result = super()._compute_pricelist_id()
        for order in self:
            offered = order.campaign_id.pricelist_id
            if offered and order.state in ("reception", "estimate"):
                order.pricelist_id = offered
        return result

    # === BUSINESS METHODS === #

    def _get_campaign_people(self):
        """Return whose invitation a visit may follow."""
        vehicle = self.vehicle_id
        return self.partner_id | vehicle.owner_id | vehicle.contact_id

    def _get_campaign_offers(self):
        """Map visits to the campaign that runs now and invited their customer."""
        people = {order: order._get_campaign_people() for order in self}
        everybody = self.env["res.partner"].union(*people.values())
        # Safe: proposes a campaign to the advisor, who takes or leaves it.
        targets = self.env["car.campaign.target"].sudo()
        targets = targets.search_fetch(
            [
                ("partner_id", "in", everybody.ids),
                ("company_id", "in", self.company_id.ids),
                ("campaign_id.state", "in", OPEN),
            ],
            ["partner_id", "company_id", "campaign_id"],
            order="id desc",
        )
        if not targets:
            return {}
        offers = {}
        for order in self:
            today = order.company_id._get_car_today()
            campaign = targets.filtered(
                lambda target, o=order, day=today: (
                    target.partner_id.id in people[o]._origin.ids
                    and target.company_id == o.company_id.sudo()
                    and target.campaign_id.date_from
                    <= day
                    <= target.campaign_id.date_to
                )
            ).campaign_id[:1]
            if campaign:
                offers[order] = campaign.with_env(self.env)
        return offers

    def _get_campaign_targets(self):
        """Map visits to the invitation that they follow."""
        if not self:
            return {}
        # Safe: only the link between two records of one customer.
        targets = self.env["car.campaign.target"].sudo()
        targets = targets.search_fetch(
            [
                ("campaign_id", "in", self.campaign_id.ids),
                (
                    "partner_id",
                    "in",
                    self.env["res.partner"]
                    .union(*(order._get_campaign_people() for order in self))
                    .ids,
                ),
            ],
            ["campaign_id", "partner_id"],
        )
        found = {
            (target.campaign_id.id, target.partner_id.id): target.with_env(self.env)
            for target in targets
        }
        return {
            order: target
            for order in self
            for partner in order._get_campaign_people()
            if (target := found.get((order.campaign_id.id, partner._origin.id)))
        }
