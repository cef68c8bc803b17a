from odoo import api, fields, models
from odoo.exceptions import ValidationError

MANAGER = "car_aftersales.car_aftersales_group_manager,base.group_system"


class ResCompany(models.Model):
    _inherit = "res.company"

    # electronic repair archive
    car_archive_is_on = fields.Boolean(
        "Electronic Repair Archive",
        help="Settlements of delivered cars are queued for the authority's archive.",
    )
    car_archive_province = fields.Selection(
        selection=lambda self: self.env["car.archive.adapter"]._get_provinces(),
        string="Archive of",
        default="standard",
        help="Whose protocol is spoken.",
    )
    car_archive_name = fields.Char(
        "Name in the Archive", help="Empty: the name of the company."
    )
    car_archive_url = fields.Char(
        "Address of the Archive", help="Empty: nothing is sent, files are exported."
    )
    car_archive_token_path = fields.Char(
        "Path of the Token",
        default="token",
        help="Follows the address, as the authority says.",
    )
    car_archive_upload_path = fields.Char(
        "Path of the Upload",
        default="upload",
        help="Follows the address, as the authority says.",
    )
    car_archive_code = fields.Char("Company Code in the Archive", groups=MANAGER)
    car_archive_password = fields.Char(
        "Password of the Archive", groups=MANAGER, copy=False
    )
    car_archive_ok_codes = fields.Char(
        "Codes That Mean Accepted",
        default="1",
        help="Separated by commas. To be confirmed with the authority.",
    )
    car_archive_token_codes = fields.Char(
        "Codes of an Expired Token",
        default="401",
        help="Separated by commas. A new token is fetched once.",
    )
    car_archive_date_format = fields.Char(
        "Days Are Written",
        default="%Y%m%d",
        help="%Y, %m and %d stand for year, month and day.",
    )
    car_archive_correction = fields.Selection(
        [
            ("own", "By a number of its own"),
            ("same", "By the same number"),
        ],
        "A Corrected Version Goes",
        default="own",
        required=True,
        help="Whether the server knows a corrected settlement by its first number.",
    )
    car_archive_timeout = fields.Integer("Wait for an Answer (Seconds)", default=10)
    car_archive_pauses = fields.Char(
        "Pauses Between Tries (Minutes)",
        default="5, 15, 60, 240, 1440",
        help="After the last one it is given up and the clerk is asked.",
    )
    car_archive_user_id = fields.Many2one(
        "res.users", "Clerk of the Archive", help="Empty: the business supervisor."
    )

    _car_archive_timeout_positive = models.Constraint(
        "CHECK (car_archive_timeout BETWEEN 1 AND 120)",
        "An answer of the archive is awaited from 1 to 120 seconds.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("car_archive_url")
    def _check_car_archive_url(self):
        for company in self:
            url = company.car_archive_url
            if url and not url.lower().startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._(
                        "%(company)s: the address of the archive begins with https:// "
                        "or http://.",
                        company=company.display_name,
                    )
                )

    @api.constrains("car_archive_pauses")
    def _check_car_archive_pauses(self):
        for company in self:
            parts = (company.car_archive_pauses or "").split(",")
            if not all(part.strip().isdecimal() and int(part) for part in parts):
                raise ValidationError(
                    self.env._(
                        "%(company)s: pauses are minutes, separated by commas.",
                        company=company.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_archive_pauses(self):
        """Return after how many minutes each further try follows."""
        self.ensure_one()
        return [int(part) for part in self.car_archive_pauses.split(",")]

    def _get_archive_codes(self, kind):
        self.ensure_one()
        codes = (
            self.car_archive_ok_codes if kind == "ok" else self.car_archive_token_codes
        )
        return {code.strip() for code in (codes or "").split(",") if code.strip()}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_archive_is_on = fields.Boolean(
        related="company_id.car_archive_is_on", readonly=False
    )
    car_archive_province = fields.Selection(
        related="company_id.car_archive_province", readonly=False
    )
    car_archive_name = fields.Char(
        related="company_id.car_archive_name", readonly=False
    )
    car_archive_url = fields.Char(related="company_id.car_archive_url", readonly=False)
    car_archive_token_path = fields.Char(
        related="company_id.car_archive_token_path", readonly=False
    )
    car_archive_upload_path = fields.Char(
        related="company_id.car_archive_upload_path", readonly=False
    )
    car_archive_code = fields.Char(
        related="company_id.car_archive_code", readonly=False, groups=MANAGER
    )
    car_archive_new_password = fields.Char(
        "New Password of the Archive",
        compute="_compute_car_archive_new_password",
        inverse="_inverse_car_archive_new_password",
        groups=MANAGER,
        help="What is kept is never shown. Empty: it stays as it is.",
    )
    car_archive_has_password = fields.Boolean(
        "Password of the Archive Kept",
        compute="_compute_car_archive_new_password",
        groups=MANAGER,
    )
    car_archive_ok_codes = fields.Char(
        related="company_id.car_archive_ok_codes", readonly=False
    )
    car_archive_token_codes = fields.Char(
        related="company_id.car_archive_token_codes", readonly=False
    )
    car_archive_date_format = fields.Char(
        related="company_id.car_archive_date_format", readonly=False
    )
    car_archive_correction = fields.Selection(
        related="company_id.car_archive_correction", readonly=False
    )
    car_archive_timeout = fields.Integer(
        related="company_id.car_archive_timeout", readonly=False
    )
    car_archive_pauses = fields.Char(
        related="company_id.car_archive_pauses", readonly=False
    )
    car_archive_user_id = fields.Many2one(
        related="company_id.car_archive_user_id", readonly=False
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_car_archive_new_password(self):
        for settings in self:
            # Safe: tells only whether there is one.
            company = settings.company_id.sudo()
            settings.car_archive_new_password = False
            settings.car_archive_has_password = bool(company.car_archive_password)

    def _inverse_car_archive_new_password(self):
        for settings in self.filtered("car_archive_new_password"):
            settings.company_id.car_archive_password = settings.car_archive_new_password
