from odoo import api, fields, models
from odoo.exceptions import AccessError


class CarCnConfirmMixin(models.AbstractModel):
    """Numbers of a law that somebody has compared with its official text, or not yet.

    What is delivered as data comes from copies and reports; until the manager has held
    it against the text in force, its screen says so.
    """

    _name = "car.cn.confirm.mixin"
    _description = "Compared with the Official Text"

    is_confirmed = fields.Boolean(
        "Compared with the Text",
        readonly=True,
        copy=False,
        help="The manager has compared it with the official text in force.",
    )
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_on = fields.Date(readonly=True, copy=False)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                for name in ("is_confirmed", "confirmed_by_id", "confirmed_on"):
                    vals.pop(name, None)
        return super().create(vals_list)

    # === ACTION METHODS === #

    def action_confirm_text(self):
        """The manager has compared it with the official text."""
        return self._confirm_text(True)

    def action_doubt_text(self):
        """It is to be compared again: the text has changed, or a number is doubted."""
        return self._confirm_text(False)

    # === BUSINESS METHODS === #

    def _confirm_text(self, is_confirmed):
        if not self.env["car.repair.order"]._has_group("manager"):
            raise AccessError(
                self.env._(
                    "%(documents)s: the service manager compares the law's numbers "
                    "with the official text.",
                    documents=", ".join(self.mapped("display_name")),
                )
            )
        self.write(
            {
                "is_confirmed": is_confirmed,
                "confirmed_by_id": self.env.uid if is_confirmed else False,
                "confirmed_on": (
                    self.env.company._get_car_today() if is_confirmed else False
                ),
            }
        )
        return True


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_cn_unconfirmed_text = fields.Char(
        "To Be Compared", compute="_compute_car_cn_unconfirmed_text"
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_car_cn_unconfirmed_text(self):
        """Name what of the law nobody has compared with its text yet."""
        parts = []
        for model in (
            "car.law.guarantee",
            "car.three.guarantee.rule",
            "car.cn.plate.rule",
        ):
            count = self.env[model].search_count([("is_confirmed", "=", False)])
            if count:
                title = self.env["ir.model"]._get(model).name
                parts.append(f"{title}: {count}")
        text = ", ".join(parts)
        self.car_cn_unconfirmed_text = text and self.env._(
            "Not compared with the official text yet: %(what)s", what=text
        )
