from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # deadlines of complaints by severity
    car_complaint_reply_hours_minor = fields.Integer(
        "First Reply, Minor (Hours)", default=24
    )
    car_complaint_reply_hours_normal = fields.Integer(
        "First Reply, Normal (Hours)", default=8
    )
    car_complaint_reply_hours_major = fields.Integer(
        "First Reply, Major (Hours)", default=2
    )
    car_complaint_solve_days_minor = fields.Integer("Answer, Minor (Days)", default=2)
    car_complaint_solve_days_normal = fields.Integer("Answer, Normal (Days)", default=2)
    car_complaint_solve_days_major = fields.Integer("Answer, Major (Days)", default=1)
    # remedies
    car_complaint_limit_clerk = fields.Monetary(
        "Remedies Granted by Clerks",
        default=200.0,
        help="Up to this sum of a complaint advisors and clerks approve remedies.",
    )
    car_complaint_limit_supervisor = fields.Monetary(
        "Remedies Granted by Supervisors",
        default=2000.0,
        help="Up to this sum of a complaint the business supervisor approves "
        "remedies. Above it the manager decides.",
    )
    # early warning
    car_complaint_warning_count = fields.Integer(
        "Complaints of an Early Warning",
        default=3,
        help="So many complaints about one model, part, team or technician are a pile. "
        "Zero: no warnings.",
    )
    car_complaint_warning_days = fields.Integer(
        "Days of an Early Warning",
        default=30,
        help="A pile counts complaints of so many days.",
    )
    car_complaint_alias_name = fields.Char(
        "Complaints by E-Mail",
        copy=False,
        help="What is before the @ of the address at which complaints arrive. Empty: "
        "none.",
    )

    _car_complaint_positive = models.Constraint(
        "CHECK (car_complaint_reply_hours_minor >= 0"
        " AND car_complaint_reply_hours_normal >= 0"
        " AND car_complaint_reply_hours_major >= 0"
        " AND car_complaint_solve_days_minor >= 0"
        " AND car_complaint_solve_days_normal >= 0"
        " AND car_complaint_solve_days_major >= 0"
        " AND car_complaint_limit_clerk >= 0"
        " AND car_complaint_limit_supervisor >= 0"
        " AND car_complaint_warning_count >= 0"
        " AND car_complaint_warning_days >= 0)",
        "Deadlines and limits of complaints are not negative.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered("car_complaint_alias_name")._keep_complaint_alias()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "car_complaint_alias_name" in vals:
            self._keep_complaint_alias()
        return result

    # === BUSINESS METHODS === #

    def _get_car_sequences(self):
        return {
            **super()._get_car_sequences(),
            "car.complaint": {
                "name": "Complaint",
                "prefix": "CP/%(year)s/",
                "padding": 5,
            },
        }

    def _get_complaint_alias(self):
        """Return the address at which the complaints of a company arrive."""
        self.ensure_one()
        # Safe: the company's own address, which its settings show.
        return (
            self.env["mail.alias"]
            .sudo()
            .search(
                [
                    ("alias_model_id.model", "=", "car.complaint"),
                    ("alias_parent_model_id.model", "=", self._name),
                    ("alias_parent_thread_id", "=", self.id),
                ],
                limit=1,
            )
        )

    def _keep_complaint_alias(self):
        """Let the mail gateway follow the name in the settings."""
        models_ = self.env["ir.model"]
        for company in self:
            alias = company._get_complaint_alias()
            name = company.car_complaint_alias_name
            if alias and not name:
                alias.unlink()
            elif alias:
                alias.alias_name = name
            elif name:
                # Safe: who may change the company's settings names its addresses.
                self.env["mail.alias"].sudo().create(
                    {
                        "alias_name": name,
                        "alias_domain_id": company.alias_domain_id.id,
                        "alias_model_id": models_._get_id("car.complaint"),
                        "alias_parent_model_id": models_._get_id(self._name),
                        "alias_parent_thread_id": company.id,
                        "alias_defaults": repr({"company_id": company.id}),
                    }
                )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    car_complaint_reply_hours_minor = fields.Integer(
        related="company_id.car_complaint_reply_hours_minor", readonly=False
    )
    car_complaint_reply_hours_normal = fields.Integer(
        related="company_id.car_complaint_reply_hours_normal", readonly=False
    )
    car_complaint_reply_hours_major = fields.Integer(
        related="company_id.car_complaint_reply_hours_major", readonly=False
    )
    car_complaint_solve_days_minor = fields.Integer(
        related="company_id.car_complaint_solve_days_minor", readonly=False
    )
    car_complaint_solve_days_normal = fields.Integer(
        related="company_id.car_complaint_solve_days_normal", readonly=False
    )
    car_complaint_solve_days_major = fields.Integer(
        related="company_id.car_complaint_solve_days_major", readonly=False
    )
    car_complaint_limit_clerk = fields.Monetary(
        related="company_id.car_complaint_limit_clerk", readonly=False
    )
    car_complaint_limit_supervisor = fields.Monetary(
        related="company_id.car_complaint_limit_supervisor", readonly=False
    )
    car_complaint_warning_count = fields.Integer(
        related="company_id.car_complaint_warning_count", readonly=False
    )
    car_complaint_warning_days = fields.Integer(
        related="company_id.car_complaint_warning_days", readonly=False
    )
    car_complaint_alias_name = fields.Char(
        related="company_id.car_complaint_alias_name", readonly=False
    )
