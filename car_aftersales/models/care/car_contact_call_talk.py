from markupsafe import Markup

from odoo import api, fields, models

from ..vehicle.car_vehicle import CUSTOMER_DATA


class CarContactCall(models.Model):
    """What the clerk sees beside the talk: everything about customer and car."""

    _inherit = "car.contact.call"

    script = fields.Html("What to Say", compute="_compute_script")
    is_quiet = fields.Boolean("In Quiet Hours", compute="_compute_is_quiet")
    first_call_id = fields.Many2one(
        "car.contact.call", "The First Call", compute="_compute_first_call_id"
    )
    first_summary = fields.Text(
        "Key Points of the First Call", compute="_compute_first_call_id"
    )
    first_topic_ids = fields.Many2many(
        "car.contact.topic",
        string="Topics of the First Call",
        compute="_compute_first_call_id",
    )
    knowledge_ids = fields.Many2many(
        "car.knowledge.article",
        string="Worth Knowing for This Car",
        compute="_compute_knowledge_ids",
    )
    history_order_ids = fields.Many2many(
        "car.repair.order",
        string="Visits",
        compute="_compute_history",
        groups=CUSTOMER_DATA,
    )
    history_call_ids = fields.Many2many(
        "car.contact.call",
        "car_contact_call_history_rel",
        string="Earlier Calls",
        compute="_compute_history",
        groups=CUSTOMER_DATA,
    )
    open_point_ids = fields.Many2many(
        "car.contact.point",
        string="Open Points of the Customer",
        compute="_compute_history",
        groups=CUSTOMER_DATA,
    )
    next_service_due_date = fields.Date(related="vehicle_id.next_service_due_date")
    preferred_channel = fields.Selection(
        related="partner_id.car_preferred_channel", groups=CUSTOMER_DATA
    )

    # === COMPUTE METHODS === #

    @api.depends("task_ids.rule_id")
    def _compute_script(self):
        for call in self:
            # Safe: what the company wants to be said.
            scripts = call.task_ids.sudo().rule_id.mapped("script")
            call.script = Markup().join(script for script in scripts if script)

    @api.depends("company_id")
    def _compute_is_quiet(self):
        for call in self:
            call.is_quiet = call.state == "draft" and call.company_id._is_car_quiet()

    @api.depends("task_ids")
    def _compute_first_call_id(self):
        for call in self:
            second = call.task_ids.filtered(lambda task: task.kind == "second_call")
            first = second._get_first_call()
            call.first_call_id = first[:1]
            call.first_summary = first[:1].summary
            call.first_topic_ids = first.topic_ids

    @api.depends("vehicle_id")
    def _compute_knowledge_ids(self):
        articles = self.env["car.knowledge.article"]
        today = fields.Date.context_today(self)
        fitting = articles._get_for_vehicles(self.vehicle_id, today)
        for call in self:
            call.knowledge_ids = fitting.get(call.vehicle_id, articles)

    @api.depends("partner_id", "vehicle_id")
    def _compute_history(self):
        partners = self.partner_id
        orders = self.env["car.repair.order"].search(
            [
                ("state", "!=", "cancelled"),
                "|",
                ("partner_id", "in", partners.ids),
                ("vehicle_id", "in", self.vehicle_id.ids),
            ],
            order="id desc",
            limit=50 * max(len(self), 1),
        )
        calls = self.search(
            [("partner_id", "in", partners.ids), ("state", "!=", "draft")],
            limit=50 * max(len(self), 1),
        )
        points = self.env["car.contact.point"].search(
            [("partner_id", "in", partners.ids), ("state", "!=", "closed")]
        )
        for call in self:
            partner, vehicle = call.partner_id, call.vehicle_id
            call.history_order_ids = orders.filtered(
                lambda order, p=partner, v=vehicle: (
                    order.partner_id == p or (v and order.vehicle_id == v)
                )
            )[:8]
            call.history_call_ids = (
                calls.filtered(lambda other, p=partner: other.partner_id == p)
                - call._origin
            )[:8]
            call.open_point_ids = points.filtered(
                lambda point, p=partner: point.partner_id == p
            )

    # === BUSINESS METHODS === #

    @api.model
    def _open_for_task(self, task):
        """Return the talk about a task, with all else that is due for this customer.

        A talk that was begun and not ended is gone on with.

        :raise UserError: when the contact is done or closed
        """
        task._check_callable()
        begun = self.search(
            [("task_ids", "in", task.ids), ("state", "=", "draft")], limit=1
        )
        if begun:
            return begun
        today = task.company_id._get_car_today()
        together = task | task.search(
            [
                ("partner_id", "=", task.partner_id.id),
                ("company_id", "=", task.company_id.id),
                ("state", "=", "open"),
                ("channel", "=", task.channel),
                ("call_on", "<=", today),
                ("vehicle_id", "in", [task.vehicle_id.id, False]),
            ]
        )
        return self.create(
            {
                "company_id": task.company_id.id,
                "direction": "visit" if task.channel == "visit" else "out",
                "kind": task.kind,
                "partner_id": task.partner_id.id,
                "vehicle_id": task.vehicle_id.id,
                "order_id": task.order_id.id,
                "task_ids": [fields.Command.set(together.ids)],
            }
        )


class CarContactTask(models.Model):
    _inherit = "car.contact.task"

    # === BUSINESS METHODS === #

    def _check_callable(self):
        """Refuse to contact about what is over, or whom the customer forbade it.

        :raise UserError: naming the contact
        """
        self.ensure_one()
        if self.state != "open":
            self._raise_missing(self.env._("it is done or closed already"))
        if self._get_refusing():
            self._raise_missing(
                self.env._("the customer wants no contact of this kind; close it")
            )
