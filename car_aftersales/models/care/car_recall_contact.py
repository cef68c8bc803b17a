from odoo import api, fields, models
from odoo.tools import SQL

SAFETY = [("safety", "Safety Recall")]
RECALL_KINDS = ("recall", "service_action")


class CarContactRule(models.Model):
    """Customers are told of recalls: once they run, and again on the day agreed."""

    _inherit = "car.contact.rule"

    kind = fields.Selection(
        selection_add=[("recall", "Recall"), ("service_action", "Service Action")],
        ondelete={"recall": "cascade", "service_action": "cascade"},
    )
    trigger = fields.Selection(
        selection_add=[
            ("recall", "A mandatory recall names the car"),
            ("service_action", "A service action names the car"),
        ],
        ondelete={"recall": "cascade", "service_action": "cascade"},
    )
    purpose = fields.Selection(selection_add=SAFETY, ondelete={"safety": "set default"})

    # === BUSINESS METHODS === #

    def _is_promised(self):
        """Tell of a danger whatever else the customer is called about."""
        return super()._is_promised() or self.kind == "recall"

    def _get_source_recall(self, company, today):
        return self._get_recall_source(company, today, is_mandatory=True)

    def _get_source_service_action(self, company, today):
        return self._get_recall_source(company, today, is_mandatory=False)

    def _get_recall_source(self, company, today, is_mandatory):
        """Return cars on file whose owner is to be told, or told again.

        The event is the day on which campaign and car were both known, or until which
        the work was put off.
        """
        return "car.recall.vehicle", SQL(
            """
            SELECT r.id AS res_id, COALESCE(v.contact_id, v.owner_id) AS partner_id,
                   r.vehicle_id, NULL::int AS order_id, NULL::int AS enquiry_id,
                   CASE WHEN r.state = 'open'
                        THEN GREATEST(c.opened_on, r.linked_on, c.date_from)
                        ELSE r.put_off_until END AS anchor
              FROM car_recall_campaign c
              JOIN car_recall_vehicle r ON r.campaign_id = c.id
              JOIN car_vehicle v ON v.id = r.vehicle_id
             WHERE c.company_id = %(company)s AND c.state = 'open'
               AND c.is_mandatory = %(is_mandatory)s
               AND (c.date_to IS NULL OR c.date_to >= %(today)s)
               AND v.active AND v.owner_id IS NOT NULL
               AND (r.state = 'open'
                    OR r.state = 'informed' AND r.put_off_until IS NOT NULL)
            """,
            company=company.id,
            is_mandatory=is_mandatory,
            today=today,
        )


class CarContactTask(models.Model):
    _inherit = "car.contact.task"

    kind = fields.Selection(
        selection_add=[("recall", "Recall"), ("service_action", "Service Action")],
        ondelete={"recall": "cascade", "service_action": "cascade"},
    )
    purpose = fields.Selection(selection_add=SAFETY, ondelete={"safety": "set default"})

    # === ACTION METHODS === #

    def action_write_letter(self):
        """Write what the recall is about, in its own letter."""
        action = super().action_write_letter()
        rows = self._get_recall_vehicles()
        if rows and "context" in action:
            template = self.env.ref(
                "car_aftersales.car_contact_letter_template_recall",
                raise_if_not_found=False,
            )
            if template:
                action["context"]["default_template_id"] = template.id
            action["context"]["default_about"] = rows.campaign_id._get_words()
        return action

    # === BUSINESS METHODS === #

    def _after_planned(self):
        """Tell the clerk which recall it is."""
        ours = self.filtered(lambda task: task.res_model == "car.recall.vehicle")
        names = {
            row.id: row.campaign_id.display_name for row in ours._get_recall_vehicles()
        }
        for task in ours:
            task.subject = names[task.res_id]
        return super()._after_planned()

    def _after_finish(self):
        """A customer who was spoken or written to is informed."""
        result = super()._after_finish()
        # Safe: follows from the call or letter that stands for the contact.
        rows = self.sudo()._get_recall_vehicles()
        rows.filtered(lambda row: row.state == "open").write({"state": "informed"})
        rows.filtered("put_off_until").write({"put_off_until": False})
        return result

    @api.model
    def _get_gone_conditions(self):
        ours = SQL("t.res_model = 'car.recall.vehicle' AND t.kind IN %s", RECALL_KINDS)
        booked = SQL(
            """
            %s AND EXISTS (SELECT FROM car_recall_vehicle r
                            WHERE r.id = t.res_id AND r.state = 'booked')
            """,
            ours,
        )
        sold = SQL(
            """
            %s AND EXISTS (SELECT FROM car_vehicle v
                            WHERE v.id = t.vehicle_id
                              AND (NOT v.active OR v.owner_id IS NULL
                                   OR t.partner_id NOT IN
                                      (v.owner_id, COALESCE(v.contact_id, 0))))
            """,
            ours,
        )
        over = SQL(
            """
            %s AND NOT EXISTS (
                SELECT FROM car_recall_vehicle r
                  JOIN car_recall_campaign c ON c.id = r.campaign_id
                 WHERE r.id = t.res_id AND c.state = 'open'
                   AND (c.date_to IS NULL OR c.date_to >= %s)
                   AND (r.state IN ('open', 'booked')
                        OR r.state = 'informed' AND r.put_off_until IS NOT NULL))
            """,
            ours,
            self.env.company._get_car_today(),
        )
        return [
            *super()._get_gone_conditions(),
            ("booked", booked),
            ("sold", sold),
            ("obsolete", over),
        ]

    def _get_recall_vehicles(self):
        """Return the cars of recalls that these contacts are about."""
        return self.env["car.recall.vehicle"].browse(
            [task.res_id for task in self if task.res_model == "car.recall.vehicle"]
        )


class CarContactCall(models.Model):
    _inherit = "car.contact.call"

    kind = fields.Selection(
        selection_add=[("recall", "Recall"), ("service_action", "Service Action")],
        ondelete={"recall": "set default", "service_action": "set default"},
    )
    recall_text = fields.Text(
        "What the Recall Is About", compute="_compute_recall_text"
    )

    # === COMPUTE METHODS === #

    @api.depends("task_ids")
    def _compute_recall_text(self):
        for call in self:
            # Safe: what is to be told, and that it is to be told, stand in one record.
            campaigns = call.sudo().task_ids._get_recall_vehicles().campaign_id
            call.recall_text = "\n\n".join(one._get_words() for one in campaigns)

    # === BUSINESS METHODS === #

    def _prepare_appointment_vals(self):
        """Book the work of the recall that the customer was called about."""
        vals = super()._prepare_appointment_vals()
        rows = self.task_ids._get_recall_vehicles()
        rows = rows.filtered(lambda row: row.state in ("open", "informed"))
        if rows:
            vals["line_ids"] = [
                *(vals.get("line_ids", []) if self.need_text else []),
                *(fields.Command.create(row._prepare_booking_vals()) for row in rows),
            ]
        return vals


class CarContactPermission(models.Model):
    _inherit = "car.contact.permission"

    # === BUSINESS METHODS === #

    @api.model
    def _get_refused(self, partners, purpose, channel):
        """A danger is told to everybody, whatever else he has refused."""
        if purpose == "safety":
            return partners.browse()
        return super()._get_refused(partners, purpose, channel)


class CarContactLetterTemplate(models.Model):
    _inherit = "car.contact.letter.template"

    purpose = fields.Selection(selection_add=SAFETY, ondelete={"safety": "set default"})


class CarContactLetter(models.Model):
    _inherit = "car.contact.letter"

    purpose = fields.Selection(
        selection_add=SAFETY,
        ondelete={"safety": lambda letters: letters.write({"purpose": "reminder"})},
    )

    # === BUSINESS METHODS === #

    def _after_send(self):
        """A customer who was written to is informed, whichever way was planned."""
        result = super()._after_send()
        # Safe: follows from the letter just sent.
        rows = self.sudo().task_ids._get_recall_vehicles()
        rows.filtered(lambda row: row.state == "open").write({"state": "informed"})
        return result


class CarRecallVehicle(models.Model):
    """The contacts that a recall led to."""

    _inherit = "car.recall.vehicle"

    task_count = fields.Integer("Contacts", compute="_compute_task_count")

    # === COMPUTE METHODS === #

    def _compute_task_count(self):
        tasks, counts = self.env["car.contact.task"], {}
        if tasks.has_access("read"):
            counts = dict(
                tasks._read_group(
                    [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                    ["res_id"],
                    ["__count"],
                )
            )
        for row in self:
            row.task_count = counts.get(row.id, 0)

    # === ACTION METHODS === #

    def action_view_tasks(self):
        """Open the planned contacts about these cars."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_contact_task_action_all"
        )
        action["domain"] = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
        ]
        return action
