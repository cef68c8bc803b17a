from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.car_aftersales.models.workshop.car_repair_order import CUSTOMER_DATA

from .car_cn_certificate import ISSUERS


class CarRepairType(models.Model):
    _inherit = "car.repair.type"

    certificate_rule = fields.Selection(
        [
            ("class", "Where the repair class asks for it"),
            ("always", "Always"),
            ("never", "Never"),
        ],
        "Certificate of Completion",
        default="class",
        required=True,
        help="Whether a car leaves only with a certificate of completion, where the "
        "repair law of China applies.",
    )
    has_cn_law = fields.Boolean(
        "Repair Law of China Applies", compute="_compute_has_cn_law"
    )

    @api.depends_context("company")
    def _compute_has_cn_law(self):
        self.has_cn_law = self.env.company.car_cn_law


class CarRepairOrder(models.Model):
    """No delivery without the certificate of completion where the law asks for it."""

    _inherit = "car.repair.order"

    car_cn_law = fields.Boolean(related="company_id.car_cn_law")
    cn_certificate_ids = fields.One2many(
        "car.cn.certificate",
        "order_id",
        "Certificates of Completion",
        readonly=True,
        copy=False,
        groups=CUSTOMER_DATA,
    )
    cn_certificate_id = fields.Many2one(
        "car.cn.certificate",
        "Valid Certificate",
        compute="_compute_cn_certificate",
        groups=CUSTOMER_DATA,
    )
    cn_certificate_count = fields.Integer(
        "Number of Certificates",
        compute="_compute_cn_certificate",
        groups=CUSTOMER_DATA,
    )
    needs_certificate = fields.Boolean(
        "Certificate of Completion Asked For",
        compute="_compute_needs_certificate",
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #

    @api.depends("cn_certificate_ids.state")
    def _compute_cn_certificate(self):
        for order in self:
            certificates = order.cn_certificate_ids
            order.cn_certificate_count = len(certificates)
            order.cn_certificate_id = certificates.filtered(
                lambda each: each.state == "valid"
            )[:1]

    @api.depends(
        "car_cn_law",
        "type_id.certificate_rule",
        "job_ids.state",
        "job_ids.repair_class_id.requires_certificate",
    )
    def _compute_needs_certificate(self):
        for order in self:
            rule = order.car_cn_law and order.type_id.certificate_rule
            classes = rule == "class" and order._get_certified_jobs().repair_class_id
            order.needs_certificate = rule == "always" or bool(
                classes and any(classes.mapped("requires_certificate"))
            )

    @api.depends("cn_certificate_ids.state", "needs_certificate")
    def _compute_release_missing(self):
        """Show the missing certificate, whatever else the order type asks for."""
        result = super()._compute_release_missing()
        for order in self.filtered(
            lambda each: each.state == "ready" and each.needs_certificate
        ):
            if order.release_state != "none":
                continue
            order.release_missing = order._get_missing_certificate()
            order.release_state = "missing" if order.release_missing else "complete"
        return result

    # === ACTION METHODS === #

    def action_issue_certificate(self):
        """Open the dialog in which the inspector issues the certificate."""
        self.ensure_one()
        self._check_certificate()
        return {
            "name": self.env._("Issue the Certificate of Completion"),
            "type": "ir.actions.act_window",
            "res_model": "car.cn.certificate.issue",
            "view_mode": "form",
            "views": [(False, "form")],  # the list of missing things opens it as it is
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_open_certificates(self):
        """Open the certificates of this order."""
        self.ensure_one()
        return self.cn_certificate_ids._get_records_action()

    def action_missing(self, key):
        if key == "certificate":
            return self.action_issue_certificate()
        return super().action_missing(key)

    # === BUSINESS METHODS === #

    def _get_certified_jobs(self):
        """Return the jobs whose work left, or leaves, with the car."""
        return self.job_ids.filtered(lambda job: job.state in ("done", "passed"))

    def _get_certified_class(self):
        """Return the deepest repair class of the work done."""
        self.ensure_one()
        return self._get_certified_jobs().repair_class_id.sorted("sequence")[:1]

    def _get_release_missing(self):
        return [*super()._get_release_missing(), *self._get_missing_certificate()]

    def _get_missing_certificate(self):
        if not self.needs_certificate or self.sudo().cn_certificate_id:
            return []
        text = self.env._("Certificate of completion: the inspector issues it")
        return [self._missing("certificate", text)]

    def _check_certificate(self):
        """Refuse issuing to other desks, too early, and twice."""
        self._require_group(*ISSUERS)
        self._refuse(
            lambda order: not order.car_cn_law,
            self.env._("the repair law of China does not apply to this company"),
        )
        self._refuse(
            lambda order: order.state not in ("ready", "delivered"),
            self.env._(
                "the certificate is issued once the car has passed its final inspection"
            ),
        )
        self._refuse(
            lambda order: order.cn_certificate_id,
            self.env._("it has a valid certificate already; make that one void first"),
        )

    def _issue_certificate(self, odometer_km, completed_on, contract_number):
        """Issue the certificate in the name of the inspector, and keep its paper."""
        self.ensure_one()
        self._check_certificate()
        self._take_turn()
        if odometer_km < self.odometer_km:
            self._raise_for_each(
                self.env._(
                    "the odometer shows %(out)s km when the car leaves, but %(in)s km "
                    "when it came",
                    **{"out": odometer_km, "in": self.odometer_km},
                )
            )
        left = self.company_id._get_car_local_day(self.delivered_at)
        came = self.company_id._get_car_local_day(self.received_at)
        if completed_on < came or (self.state == "delivered" and completed_on > left):
            self._raise_for_each(
                self.env._(
                    "the leaving date %(day)s does not lie within the visit",
                    day=format_date(self.env, completed_on),
                )
            )
        repair_class = self._get_certified_class()
        guarantee = self._get_cn_guarantee(repair_class)
        # Safe: the step just taken, by who may take it.
        certificates = self.env["car.cn.certificate"].sudo()
        return certificates.create(
            {
                "order_id": self.id,
                "plate_color": self.vehicle_id.plate_color,
                "contract_number": contract_number or self.name,
                "repair_class_id": repair_class.id,
                "guarantee_days": guarantee["days"],
                "guarantee_km": guarantee["km"],
                "completed_on": completed_on,
                "odometer_km": odometer_km,
                "inspector_id": self._get_certificate_inspector().id,
            }
        ).with_env(self.env)

    def _get_certificate_inspector(self):
        """Return the inspector who signs: the user, or else who inspected the car."""
        self.ensure_one()
        if self.env.user.has_group("car_aftersales.car_aftersales_group_inspector"):
            return self.env.user
        checks = self._get_given_checks().filtered(
            lambda check: check.link == "inspection"
        )
        return checks.user_id[:1] or self.env.user

    def _get_cn_guarantee(self, repair_class):
        """Return what holds for a repair class: of law and promise the larger each."""
        self.ensure_one()
        laws = self.env["car.law.guarantee"]
        version = laws._get_in_force(self._get_guarantee_day())
        kind = self.vehicle_id.model_id.law_vehicle_kind
        law_days, law_km = version._get_minimum(repair_class.law_class, kind) or (0, 0)
        return {
            "class": repair_class,
            "law_days": law_days,
            "law_km": law_km,
            "days": max(law_days, repair_class.guarantee_days),
            "km": max(law_km, repair_class.guarantee_km),
        }

    def _get_cn_guarantees(self, jobs):
        """Return the guarantee of each repair class of these jobs, for the papers."""
        return [self._get_cn_guarantee(each) for each in jobs.repair_class_id]

    def _check_deliver(self):
        result = super()._check_deliver()
        # Safe: only whether it is there.
        for order in self.sudo().filtered("needs_certificate"):
            if not order.cn_certificate_id:
                order._raise_for_each(
                    self.env._(
                        "its certificate of completion is missing. By law the car is "
                        "not handed over without it after such work; the quality "
                        "inspector issues it"
                    )
                )
        return result

    def _after_reopen_work(self):
        """Let what was certified count no more: the car is worked on again."""
        reasons = {order.id: order.return_reason for order in self}
        result = super()._after_reopen_work()
        # Safe: follows from the step just taken.
        for order in self.sudo().filtered("cn_certificate_id"):
            order.cn_certificate_id.action_void(
                reasons.get(order.id) or self.env._("Back to the workshop")
            )
        return result


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    def _after_rework(self):
        """Let the certificate of a car count no more whose job is worked on again."""
        result = super()._after_rework()
        # Safe: follows from the step just taken.
        orders = self.sudo().order_id
        for order in orders.filtered("cn_certificate_id"):
            order.cn_certificate_id.action_void(
                self[:1].rework_reason or self.env._("Back to the workshop")
            )
        return result
