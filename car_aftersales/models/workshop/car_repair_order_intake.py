from odoo import api, fields, models

from .car_repair_order import CUSTOMER_DATA


class CarRepairOrder(models.Model):
    """Whether a car was received with all formalities, and what is missing.

    Complete are documents, inspection, list, key, readings and signature as far as the
    order type asks for them; then the customer is told that all formalities are done.
    """

    _inherit = "car.repair.order"

    inspection_ids = fields.One2many("car.inspection", "order_id", "Inspections")
    inspection_count = fields.Integer(
        "Number of Inspections", compute="_compute_inspections"
    )
    intake_id = fields.Many2one("car.inspection", compute="_compute_inspections")
    intake_missing = fields.Json(
        "Missing at Intake",
        compute="_compute_intake_missing",
        compute_sudo=True,
        groups=CUSTOMER_DATA,
    )
    intake_state = fields.Selection(
        [
            ("none", "Not asked for"),
            ("missing", "Incomplete"),
            ("released", "Released"),
            ("complete", "All Done"),
        ],
        "Intake Formalities",
        compute="_compute_intake_missing",
        compute_sudo=True,
    )
    is_intake_blocking = fields.Boolean(related="type_id.is_intake_blocking")
    intake_release_reason = fields.Char(readonly=True, copy=False)
    intake_released_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    intake_released_at = fields.Datetime(
        "Released Without Intake", readonly=True, copy=False
    )

    # === COMPUTE METHODS === #

    @api.depends("inspection_ids.state", "inspection_ids.kind")
    def _compute_inspections(self):
        for order in self:
            valid = order.inspection_ids.filtered(
                lambda each: each.state != "cancelled"
            )
            order.inspection_count = len(valid)
            order.intake_id = valid.filtered(lambda each: each.kind == "intake")[:1]

    @api.depends(
        "type_id",
        "odometer_km",
        "fuel_level",
        "old_parts",
        "key_slot_id",
        "storage_box_id",
        "intake_released_at",
        "inspection_ids.state",
        "inspection_ids.line_ids.result",
        "inspection_ids.document_ids.is_checked",
        "inspection_ids.difference_ids.handling",
        "inspection_ids.belonging_ids.place",
        "inspection_ids.has_no_belongings",
        "inspection_ids.signature_ids.is_void",
    )
    @api.depends_context("lang")
    def _compute_intake_missing(self):
        for order in self:
            missing = order._get_intake_missing()
            order.intake_missing = missing
            if missing:
                released = order.intake_released_at
                order.intake_state = "released" if released else "missing"
            else:
                asked = order.type_id._has_intake() or order.intake_id
                order.intake_state = "complete" if asked else "none"

    @api.depends("intake_state")
    def _compute_next_step(self):
        return super()._compute_next_step()

    # === ACTION METHODS === #

    def action_intake(self):
        """Open the intake of the car; begin it when nobody has yet."""
        self.ensure_one()
        intake = self.intake_id
        if not intake:
            intake = self.env["car.inspection"].create(
                {"order_id": self.id, "kind": "intake", "user_id": self.env.uid}
            )
            intake.action_start()
        elif intake.state == "in_progress":
            intake._propose_documents()  # the order type may have changed
        return intake._get_records_action()

    def action_open_inspections(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_inspection_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {"default_order_id": self.id}
        return action

    def action_missing(self, key):
        """Do what an entry of the list of missing things asks for.

        :param key: key of the entry, as told by ``intake_missing``.
        """
        self.ensure_one()
        intake = self.intake_id
        if intake and key.startswith("sign_"):
            if intake.intake_step == "sign":
                return intake.action_sign_all()
            return intake.action_sign(key.removeprefix("sign_"))
        if intake and key == "finish":
            return intake.action_finish()
        if intake and key == "start":
            return intake.action_start()
        return self.action_intake()

    def action_release_intake(self, reason=None):
        """Let work start although the intake is not complete."""
        if not reason:
            return self._get_reason_action(
                "release_intake", self.env._("Start Without Complete Intake")
            )
        self._require_group("supervisor", "workshop_supervisor")
        self._refuse(
            lambda order: order.intake_state != "missing",
            self.env._("nothing is missing at its intake"),
        )
        for order in self:
            missing = "; ".join(item["text"] for item in order.intake_missing)
            order._message_log(
                body=self.env._(
                    "Released without complete intake: %(reason)s (missing: "
                    "%(missing)s)",
                    reason=reason,
                    missing=missing,
                )
            )
        # Safe: the step just taken, by who may take it.
        return self.sudo().write(
            {
                "intake_release_reason": reason,
                "intake_released_by_id": self.env.uid,
                "intake_released_at": fields.Datetime.now(),
            }
        )

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {
            "intake_release_reason",
            "intake_released_by_id",
            "intake_released_at",
        }

    def _get_fitting_work_steps(self):
        """Do not propose to start what would be refused."""
        steps = super()._get_fitting_work_steps()
        if self._lacks_intake():
            return [step for step in steps if step != "start"]
        return steps

    def _lacks_intake(self):
        """Tell whether the workshop must wait for the intake."""
        return self.type_id.is_intake_blocking and self.intake_state == "missing"

    def _check_intake_complete(self):
        """Refuse the workshop a car whose intake is not complete.

        :raise UserError: naming everything that is missing.
        """
        for order in self:
            if order._lacks_intake():
                order._raise_for_each(
                    self.env._(
                        "the intake is not complete:\n%(missing)s\nA supervisor may "
                        "release it with a reason",
                        missing="\n".join(
                            f"- {item['text']}" for item in order._get_intake_missing()
                        ),
                    )
                )

    def _get_intake_missing(self, closing=False):
        """Return what is missing at intake. Extend for more parts.

        :param closing: leave out that the intake itself must be closed.
        :return: list of dicts: ``key``, ``text`` and ``page`` of the intake form.
        """
        self.ensure_one()
        intake = self.intake_id
        if not intake:
            if not self.type_id._has_intake():
                return []
            return [self._missing("start", self.env._("Intake to begin"))]
        missing = [
            *self._get_missing_readings(),
            *self._get_missing_checks(intake),
            *self._get_missing_documents(intake),
            *self._get_missing_belongings(intake),
            *self._get_missing_signatures(intake),
        ]
        if not missing and not closing and intake.state != "done":
            key = "finish" if intake.state == "in_progress" else "start"
            missing = [self._missing(key, self.env._("Close the intake"))]
        return missing

    @api.model
    def _missing(self, key, text, page=""):
        return {"key": key, "text": text, "page": page}

    def _get_missing_readings(self):
        order_type = self.type_id
        missing = []
        if order_type.requires_intake_readings:
            if not self.odometer_km:
                text = self.env._("Odometer reading")
                missing.append(self._missing("odometer", text, "reception"))
            if not self.fuel_level:
                text = self.env._("Fuel level")
                missing.append(self._missing("fuel", text, "reception"))
        if order_type.requires_intake_key and not self.key_slot_id:
            text = self.env._("Key: number of its slot")
            missing.append(self._missing("key", text, "reception"))
        if order_type.requires_intake_old_parts and not self.old_parts:
            text = self.env._("Old parts: taken by the customer or left")
            missing.append(self._missing("old_parts", text, "reception"))
        return missing

    def _get_missing_checks(self, intake):
        if self.type_id.requires_intake_checklist and not intake.line_ids:
            text = self.env._("Checklist: no items; choose a template")
            return [self._missing("checklist", text, "checklist")]
        unchecked = intake._get_unchecked()
        if not unchecked:
            return []
        text = self.env._(
            "Checklist: %(count)s items without a result (%(items)s)",
            count=len(unchecked),
            items=", ".join(unchecked[:3].mapped("name")),
        )
        return [self._missing("checklist", text, "checklist")]

    def _get_missing_documents(self, intake):
        missing = []
        for absent in self.type_id.document_type_ids - intake.document_ids.type_id:
            text = self.env._("%(document)s: not on the list", document=absent.name)
            missing.append(self._missing(f"document_{absent.id}", text, "documents"))
        for document in intake.document_ids.filtered(lambda each: not each.is_checked):
            text = self.env._("%(document)s: to check", document=document.display_name)
            key = f"document_{document.type_id.id}"
            missing.append(self._missing(key, text, "documents"))
        for document in intake._get_unexplained():
            text = self.env._(
                "%(document)s: discrepancy to explain and handle",
                document=document.display_name,
            )
            key = f"difference_{document.type_id.id}"
            missing.append(self._missing(key, text, "documents"))
        open_differences = intake.difference_ids.filtered(
            lambda each: not each.handling and not each.document_id
        )
        for difference in open_differences:
            text = self.env._("%(text)s: how it was handled", text=difference.name)
            key = f"difference_{difference.id}"
            missing.append(self._missing(key, text, "documents"))
        return missing

    def _get_missing_belongings(self, intake):
        if not self.type_id.requires_intake_belongings:
            return []
        missing = []
        articles = intake.belonging_ids
        if not articles and not intake.has_no_belongings:
            text = self.env._("List of articles in the car")
            missing.append(self._missing("belongings", text, "belongings"))
        in_box = articles.filtered(lambda each: each.place == "box")
        if in_box and not self.storage_box_id:
            text = self.env._("Storage box for the articles")
            missing.append(self._missing("box", text, "belongings"))
        return missing

    def _get_missing_signatures(self, intake):
        order_type = self.type_id
        missing = []
        if intake.difference_ids and not intake._get_signature("difference"):
            text = self.env._("Customer's signature under the discrepancies")
            missing.append(self._missing("sign_difference", text, "documents"))
        listed = intake.belonging_ids or intake.has_no_belongings
        if order_type.requires_intake_belongings and listed:
            if not intake._get_signature("belongings"):
                text = self.env._("Customer's signature under the list of articles")
                missing.append(self._missing("sign_belongings", text, "belongings"))
        if order_type.requires_intake_signature:
            if not intake._get_signature("intake"):
                text = self.env._("Customer's signature under the condition of the car")
                missing.append(self._missing("sign_intake", text, "reception"))
        return missing

    def _check_start(self):
        self._check_intake_complete()
        return super()._check_start()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_inspected(self):
        self._refuse(
            lambda order: any(
                inspection.state == "done" for inspection in order.inspection_ids
            ),
            self.env._("an inspection was done on it"),
        )


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    def _check_start(self):
        # Safe: reads whether the intake of the technician's own job is complete.
        self.sudo().order_id._check_intake_complete()
        return super()._check_start()
