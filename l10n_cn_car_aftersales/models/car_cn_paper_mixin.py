from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What is still written once a paper is issued
AFTERWARDS = {"state", "void_reason", "message_main_attachment_id"}


class CarCnPaperMixin(models.AbstractModel):
    """A numbered paper of a visit, kept as it was issued; a wrong one becomes void.

    It is issued by a step of its order, never typed; after it became void another one
    is issued.
    """

    _name = "car.cn.paper.mixin"
    _description = "Numbered paper of a visit"
    _inherit = ["car.confidential.mixin", "car.workflow.mixin", "mail.thread"]
    _order = "id desc"
    _paper_template = None
    _void_tiers = ()

    name = fields.Char(
        "Number", readonly=True, copy=False, default="/", index="trigram"
    )
    state = fields.Selection(
        [("valid", "Valid"), ("void", "Void")],
        default="valid",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    order_id = fields.Many2one(
        "car.repair.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    vehicle_id = fields.Many2one(
        "car.vehicle", required=True, readonly=True, index=True, ondelete="restrict"
    )
    license_plate = fields.Char(readonly=True, index="trigram")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True
    )
    issued_at = fields.Datetime("Issued", readonly=True)
    issued_by_id = fields.Many2one("res.users", readonly=True)
    void_reason = fields.Char("Why It Is Void", copy=False, tracking=True)
    paper_html = fields.Binary(
        "Paper as Issued", attachment=True, readonly=True, copy=False
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        # One that became void just now must be free in the index, too.
        self.flush_model(["state"])
        orders = self.env["car.repair.order"].browse(
            [vals["order_id"] for vals in vals_list]
        )
        for vals, order in zip(vals_list, orders, strict=True):
            vals.pop("paper_html", None)
            vals.update(
                name=self.env["res.company"]._get_next_car_number(
                    self._name, order.company_id.id
                ),
                vehicle_id=order.vehicle_id.id,
                license_plate=order.vehicle_id.license_plate,
                partner_id=order.partner_id.id,
                issued_at=fields.Datetime.now(),
                issued_by_id=self.env.uid,
            )
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        papers = super(CarCnPaperMixin, quiet).create(vals_list).with_env(self.env)
        papers._keep_paper()
        return papers

    def write(self, vals):
        if not self.env.su and set(vals) - AFTERWARDS:
            raise UserError(
                self.env._(
                    "%(papers)s: what is issued stays as it is. Make it void and issue "
                    "another one.",
                    papers=", ".join(self.mapped("display_name")),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%(papers)s: it is kept for the records. Make it void instead.",
                papers=", ".join(self.mapped("display_name")),
            )
        )

    # === ACTION METHODS === #

    def action_void(self, reason=None):
        """Make the paper void; without a reason, ask for it."""
        if not reason:
            return {
                "name": self.env._("Make Void"),
                "type": "ir.actions.act_window",
                "res_model": "car.cn.paper.void",
                "view_mode": "form",
                "target": "new",
                "context": {
                    "default_res_model": self._name,
                    "default_res_id": self[:1].id,
                },
            }
        return self.write({"state": "void", "void_reason": reason})

    def action_print(self):
        """Print the paper as it was issued."""
        return self._get_report().report_action(self, config=False)

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        return {"valid": {"void": "void"}, "void": {}}

    def _check_void(self):
        if not self.env["car.repair.order"]._has_group(*self._void_tiers):
            raise AccessError(
                self.env._(
                    "%(papers)s: your role does not make it void.",
                    papers=", ".join(self.mapped("display_name")),
                )
            )
        for paper in self:
            if not paper.void_reason:
                paper._raise_missing(self.env._("say why it becomes void"))

    def _after_void(self):
        for paper in self:
            order = paper.order_id
            order._message_log(
                body=self.env._(
                    "%(paper)s is void: %(reason)s",
                    paper=paper.display_name,
                    reason=paper.void_reason,
                )
            )

    def _get_report(self):
        """Return the report that prints the kept paper."""
        raise NotImplementedError

    def _get_paper_lang(self):
        """Return the language of the customer's papers."""
        self.ensure_one()
        return self.order_id._get_paper_lang()

    def _get_file_name(self):
        """Return the name of the paper's file, without slashes."""
        self.ensure_one()
        title = self.env["ir.model"]._get(self._name).name
        return f"{title} {self.name}".replace("/", "-")

    def _keep_paper(self):
        """Keep the papers as they are issued, for every later print."""
        values = [
            {
                "name": f"{paper._get_file_name()}.html",
                "res_model": paper._name,
                "res_field": "paper_html",
                "res_id": paper.id,
                "mimetype": "text/html",
                "raw": paper._render_paper().encode(),
            }
            for paper in self
        ]
        # Safe: written once with the paper; nobody changes it from then on.
        self.env["ir.attachment"].sudo().create(values)
        self.invalidate_recordset(["paper_html"], flush=False)

    def _render_paper(self):
        """Return the paper in the customer's language, as markup."""
        self.ensure_one()
        return self.order_id._render_cn_paper(self._paper_template, {"paper": self})

    def _get_paper_content(self):
        """Return the paper as it was issued; a void one says so on top."""
        self.ensure_one()
        self.check_access("read")
        # Safe: the paper itself may be read.
        kept = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "paper_html"),
                    ("res_id", "=", self.id),
                ],
                order="id",
                limit=1,
            )
        )
        content = Markup(kept.raw.decode())
        if self.state != "void":
            return content
        language = self._get_paper_lang()
        text = self.with_context(lang=language).env._(
            "VOID: %(reason)s", reason=self.void_reason
        )
        head = Markup('<div class="car_void" style="%s">%s</div>')
        style = "border: 2px solid #c00; color: #c00; font-size: 20px; padding: 4px"
        style += "; margin-bottom: 10px"
        return head % (style, text) + content


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    def _render_cn_paper(self, template, values):
        """Return a paper of the order in the customer's language, as markup."""
        self.ensure_one()
        language = self._get_paper_lang()
        # Safe: the paper of an order that may be read or takes its step.
        clock = self.advisor_id.tz or self.company_id.resource_calendar_id.tz
        context = {"lang": language, "tz": clock}
        order = self.sudo().with_context(**context)
        values = {
            name: value.sudo().with_context(**context)
            if isinstance(value, models.BaseModel)
            else value
            for name, value in values.items()
        }
        return (
            self.env["ir.qweb"]
            .with_context(**context)
            ._render(
                template,
                {"order": order, "company": order.company_id, **values},
                lang=language,
            )
        )


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {
            ("car.cn.certificate", "paper_html"),
            ("car.cn.settlement", "paper_html"),
        }
