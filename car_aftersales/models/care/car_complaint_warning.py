from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

# What complaints pile up by: the field of the complaint, the same on the warning
DIMENSIONS = {
    "model": "model_id",
    "part": "product_id",
    "team": "team_id",
    "technician": "technician_id",
}


class CarComplaintWarning(models.Model):
    """Complaints pile up about one model, part, team or technician: look into it.

    Made by a nightly job, once for a pile; the supervisor is told, finds the complaints
    in it and closes it with what was found and done.
    """

    _name = "car.complaint.warning"
    _description = "Early Warning of Complaints"
    _inherit = ["mail.thread"]
    _order = "found_at desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        [("open", "To Look Into"), ("closed", "Looked Into")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    dimension = fields.Selection(
        [
            ("model", "Model"),
            ("part", "Part"),
            ("team", "Team"),
            ("technician", "Technician"),
        ],
        "Pile By",
        required=True,
        readonly=True,
    )
    model_id = fields.Many2one("car.vehicle.model", readonly=True)
    product_id = fields.Many2one("product.product", "Part", readonly=True)
    team_id = fields.Many2one("car.workshop.team", readonly=True)
    technician_id = fields.Many2one("car.technician", readonly=True)
    subject = fields.Char("About", compute="_compute_subject")
    found_at = fields.Datetime("Found On", readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Supervisor", readonly=True, index="btree_not_null"
    )
    complaint_ids = fields.Many2many(
        "car.complaint",
        "car_complaint_warning_rel",
        "warning_id",
        "complaint_id",
        "Complaints",
        readonly=True,
    )
    complaint_count = fields.Integer(
        "Number of Complaints", compute="_compute_complaint_count"
    )
    finding = fields.Text("What Was Found", tracking=True)
    measure_ids = fields.One2many("car.complaint.measure", "warning_id", "Measures")
    closed_by_id = fields.Many2one("res.users", readonly=True)
    closed_at = fields.Datetime("Closed On", readonly=True)

    _one_open = models.UniqueIndex(
        "(company_id, dimension,"
        " COALESCE(model_id, product_id, team_id, technician_id))"
        " WHERE state = 'open'",
        "There is a warning about it already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("dimension", *DIMENSIONS.values())
    def _compute_subject(self):
        for warning in self:
            warning.subject = warning[DIMENSIONS[warning.dimension]].display_name

    @api.depends("subject")
    def _compute_display_name(self):
        kinds = dict(self._fields["dimension"]._description_selection(self.env))
        for warning in self:
            warning.display_name = f"{kinds.get(warning.dimension)}: {warning.subject}"

    @api.depends("complaint_ids")
    def _compute_complaint_count(self):
        for warning in self:
            warning.complaint_count = len(warning.complaint_ids)

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su:
            if set(vals) - {"finding", "measure_ids", "message_main_attachment_id"}:
                raise AccessError(
                    self.env._(
                        "A warning is found and closed; the rest stays as it is."
                    )
                )
            if closed := self.filtered(lambda warning: warning.state == "closed"):
                closed._raise_missing(self.env._("it is closed and stays as it is"))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_close(self):
        """The pile was looked into."""
        self.check_access("write")
        for warning in self:
            if not (warning.finding or "").strip():
                warning._raise_missing(self.env._("write down what was found"))
        # Safe: the step of who may write warnings.
        self.filtered(lambda warning: warning.state == "open").sudo().write(
            {
                "state": "closed",
                "closed_by_id": self.env.uid,
                "closed_at": fields.Datetime.now(),
            }
        )
        return True

    def action_open_complaints(self):
        """Open the complaints of the pile."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_complaint_action"
        )
        action["domain"] = [("id", "in", self.complaint_ids.ids)]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    def _raise_missing(self, missing):
        raise UserError(
            self.env._(
                "%(warnings)s: %(missing)s.",
                warnings=", ".join(self.mapped("display_name")),
                missing=missing,
            )
        )

    @api.model
    def _cron_find(self):
        """Find the piles of every company and tell its supervisor of new ones."""
        self.env.flush_all()
        for company in self.env["res.company"].search(
            [("car_complaint_warning_count", ">", 0)]
        ):
            for dimension in DIMENSIONS:
                self._find_piles(company, dimension)

    def _find_piles(self, company, dimension):
        """Make a warning of each new pile; what comes later joins the open one."""
        field = DIMENSIONS[dimension]
        open_ones = {
            warning[field].id: warning
            for warning in self.search(
                [
                    ("company_id", "=", company.id),
                    ("dimension", "=", dimension),
                    ("state", "=", "open"),
                ]
            )
        }
        for subject_id, complaint_ids in self._read_piles(company, dimension):
            complaints = self.env["car.complaint"].browse(complaint_ids)
            if warning := open_ones.get(subject_id):
                warning.complaint_ids |= complaints
            elif len(complaints) >= company.car_complaint_warning_count:
                self.create(
                    {
                        "company_id": company.id,
                        "dimension": dimension,
                        field: subject_id,
                        "complaint_ids": [fields.Command.set(complaint_ids)],
                        "user_id": company._get_car_supervisor().id,
                    }
                )._tell_supervisor()

    @api.model
    def _read_piles(self, company, dimension):
        """Return (subject, complaints) of late; what a warning has told counts no more.

        Withdrawn complaints are no reason to worry.
        """
        since = fields.Datetime.now() - timedelta(
            days=company.car_complaint_warning_days
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT c.%(field)s, array_agg(c.id ORDER BY c.id)
                  FROM car_complaint c
                 WHERE c.company_id = %(company)s AND c.%(field)s IS NOT NULL
                   AND c.received_at >= %(since)s AND c.state != 'withdrawn'
                   AND NOT EXISTS (SELECT FROM car_complaint_warning_rel r
                                     JOIN car_complaint_warning w ON w.id = r.warning_id
                                    WHERE r.complaint_id = c.id
                                      AND w.dimension = %(dimension)s)
                 GROUP BY c.%(field)s
                """,
                field=SQL.identifier(DIMENSIONS[dimension]),
                company=company.id,
                since=since,
                dimension=dimension,
            )
        )

    def _tell_supervisor(self):
        for warning in self.filtered("user_id"):
            warning.message_notify(
                partner_ids=warning.user_id.partner_id.ids,
                subject=self.env._("Complaints pile up"),
                body=self.env._(
                    "%(subject)s: %(count)s complaints in %(days)s days.",
                    subject=warning.display_name,
                    count=warning.complaint_count,
                    days=warning.company_id.car_complaint_warning_days,
                ),
            )


class CarComplaint(models.Model):
    _inherit = "car.complaint"

    warning_ids = fields.Many2many(
        "car.complaint.warning",
        "car_complaint_warning_rel",
        "complaint_id",
        "warning_id",
        "Early Warnings",
        readonly=True,
        copy=False,
    )
