import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CarPrivacyRequest(models.Model):
    """A customer asks for his data, or to be forgotten: asked, checked, done, logged.

    Personal information law of China, articles 45 to 50; general data protection
    regulation, articles 15 to 20. The manager does it; the record stays, without data.
    """

    _name = "car.privacy.request"
    _description = "Personal Data Request"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, default="/")
    state = fields.Selection(
        [("open", "Open"), ("done", "Dealt With"), ("rejected", "Rejected")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [("export", "A copy of his data"), ("erase", "To be made anonymous")],
        required=True,
        default="export",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="restrict"
    )
    asked_on = fields.Date(
        required=True, default=lambda self: fields.Date.context_today(self)
    )
    evidence = fields.Char(
        "How He Proved Who He Is", help="What was shown; do not keep a copy of it here."
    )
    blocks_text = fields.Text("Not Possible because of", compute="_compute_blocks_text")
    reject_reason = fields.Char("Why Rejected", copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users", "Dealt With By", readonly=True, copy=False
    )
    report_text = fields.Text("What Was Done", readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "kind", "state")
    def _compute_blocks_text(self):
        for request in self:
            asks = request.kind == "erase" and request.state == "open"
            request.blocks_text = (
                "\n".join(request.partner_id._get_car_erasure_blocks())
                if asks and request.partner_id
                else False
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = self.env["res.company"]._get_next_car_number(
                self._name, vals.get("company_id")
            )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and self.filtered(lambda request: request.state != "open"):
            raise UserError(
                self.env._("What was done with personal data stays as it is.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._("What was done with personal data stays as it is.")
            )

    # === ACTION METHODS === #

    def action_download(self):
        """Give out the copy a machine reads."""
        self.ensure_one()
        self._require_manager()
        return {
            "type": "ir.actions.act_url",
            "url": f"/car/privacy/{self.id}/data.json",
            "target": "download",
        }

    def action_print(self):
        """Give out the copy a person reads."""
        self.ensure_one()
        self._require_manager()
        report = self.env.ref("car_aftersales.car_privacy_request_report")
        return report.report_action(self, config=False)

    def action_done(self):
        """The copy was handed over, or the customer is made anonymous now."""
        return self.write({"state": "done"})

    def action_reject(self):
        return self.write({"state": "rejected"})

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {
            "open": {"done": "finish", "rejected": "reject"},
            "done": {},
            "rejected": {},
        }

    def _require_manager(self):
        """Keep personal data with the manager.

        :raise AccessError: for everybody else
        """
        if not self.env["car.repair.order"]._has_group("manager"):
            raise AccessError(
                self.env._(
                    "The after-sales manager gives out and erases personal data."
                )
            )

    def _get_paper_lang(self):
        """Return the language of the copy: the customer's."""
        # Safe: only his language.
        return self.sudo().partner_id.lang or self.env.lang

    def _get_data(self):
        """Return all that is known of the person, as a machine reads it."""
        self.ensure_one()
        self._require_manager()
        # Safe: the manager answers the person himself; every company's data is his.
        return {
            "request": self.name,
            "made_at": fields.Datetime.to_string(fields.Datetime.now()),
            "sections": self.sudo().partner_id._get_car_personal_data(),
        }

    def _get_paper_sections(self):
        """Return the data for paper: only columns in which something is said."""
        sections = self._get_data()["sections"]
        for section in sections:
            section["columns"] = [
                name
                for name in section["fields"]
                if any(row[name] not in (None, False, 0) for row in section["rows"])
            ]
        return sections

    def _get_json(self):
        data = self._get_data()
        # Safe: that it was given out is part of the record.
        self.sudo().message_post(body=self.env._("The copy was taken out."))
        return json.dumps(data, ensure_ascii=False, indent=2)

    def _check_finish(self):
        self._require_manager()
        for request in self:
            if not (request.evidence or "").strip():
                request._raise_missing(self.env._("write down how he proved who he is"))
            if request.kind == "erase":
                # Safe: what is open in another company forbids it as well.
                blocks = request.sudo().partner_id._get_car_erasure_blocks()
                if blocks:
                    request._raise_missing("; ".join(blocks))

    def _after_finish(self):
        for request in self:
            vals = {"done_at": fields.Datetime.now(), "done_by_id": self.env.uid}
            # Safe: checked above; closed documents are past everybody's rights.
            request = request.sudo()
            if request.kind == "erase":
                vals["report_text"] = "\n".join(request.partner_id._erase_car_person())
                vals["evidence"] = False
            request.write(vals)

    def _check_reject(self):
        self._require_manager()
        for request in self:
            if not (request.reject_reason or "").strip():
                request._raise_missing(self.env._("write down why it is rejected"))


class ResPartner(models.Model):
    _inherit = "res.partner"

    # === ACTION METHODS === #

    def action_car_privacy(self):
        """Begin a request of this customer about his personal data."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "car.privacy.request",
            "view_mode": "form",
            "context": {"default_partner_id": self.id},
        }
