from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.car_aftersales.models.vehicle.car_vehicle import CUSTOMER_DATA

from .car_three_guarantee_rule import KINDS
from .car_three_guarantee_standing import RUNNING

BATCH = 200


class CarThreeGuaranteeWarning(models.Model):
    """A car comes near a limit of the three guarantees, or has reached it.

    Made at delivery and by a daily job, once for each limit and level; the business
    supervisor is told and closes it with what was done.
    """

    _name = "car.three.guarantee.warning"
    _description = "Warning of the Three Guarantees"
    _inherit = ["car.confidential.mixin", "mail.thread"]
    _order = "found_at desc, id desc"
    _rec_name = "vehicle_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    vehicle_id = fields.Many2one(
        "car.vehicle", required=True, readonly=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("open", "To Look Into"), ("closed", "Looked Into")],
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    level = fields.Selection(
        [
            ("warning", "Near a Limit"),
            ("reached", "Replacement or Refund May Be Asked"),
        ],
        required=True,
        readonly=True,
    )
    kind = fields.Selection(KINDS, "Limit Of", required=True, readonly=True)
    key = fields.Char("Counted By", readonly=True)
    count = fields.Integer("Counted So Far", readonly=True, aggregator=None)
    clause_id = fields.Many2one("car.three.guarantee.clause", readonly=True)
    text = fields.Char("In Words", readonly=True)
    found_at = fields.Datetime("Found On", readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Supervisor", readonly=True, index="btree_not_null"
    )
    finding = fields.Text("What Was Done", tracking=True)
    closed_by_id = fields.Many2one("res.users", readonly=True)
    closed_at = fields.Datetime("Closed On", readonly=True)

    _told_once = models.UniqueIndex(
        "(company_id, vehicle_id, kind, level, COALESCE(key, '')) WHERE state = 'open'",
        "There is a warning about it already.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su:
            if set(vals) - {"finding", "message_main_attachment_id"}:
                raise AccessError(
                    self.env._(
                        "A warning is found and closed; the rest stays as it is."
                    )
                )
            if any(warning.state == "closed" for warning in self):
                raise UserError(self.env._("A closed warning stays as it is."))
        return super().write(vals)

    # === ACTION METHODS === #

    def action_close(self):
        """The warning was looked into."""
        self.check_access("write")
        for warning in self:
            if not (warning.finding or "").strip():
                raise UserError(
                    self.env._(
                        "%(warning)s: write down what was done.",
                        warning=warning.display_name,
                    )
                )
        # Safe: the step of who may write warnings.
        self.filtered(lambda warning: warning.state == "open").sudo().write(
            {
                "state": "closed",
                "closed_by_id": self.env.uid,
                "closed_at": fields.Datetime.now(),
            }
        )
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _tell(self, standings, company):
        """Make a warning of each limit that nobody was told of at this level."""
        vehicles = self.env["car.vehicle"].concat(*standings)
        known = {
            (warning.vehicle_id.id, warning.kind, warning.key or "", warning.level): (
                warning
            )
            for warning in self.search(
                [("vehicle_id", "in", vehicles.ids), ("company_id", "=", company.id)],
                order="id",
            )
        }
        vals_list, user = [], None
        for vehicle, standing in standings.items():
            for item in standing["items"]:
                told = known.get((vehicle.id, item["kind"], item["key"], item["level"]))
                # Days grow each day and are told once; a further repair is news.
                if told and (
                    told.state == "open"
                    or item["kind"] == "days"
                    or told.count >= item["count"]
                ):
                    continue
                user = user or company._get_car_supervisor()
                vals_list.append(
                    {
                        "company_id": company.id,
                        "vehicle_id": vehicle.id,
                        "user_id": user.id,
                        "clause_id": item["clause"].id,
                        **{
                            name: item[name]
                            for name in ("kind", "key", "level", "count", "text")
                        },
                    }
                )
        warnings = self.with_context(mail_create_nolog=True).create(vals_list)
        for warning in warnings.filtered("user_id"):
            warning.message_notify(
                partner_ids=warning.user_id.partner_id.ids,
                subject=self.env._("Three Guarantees"),
                body=f"{warning.vehicle_id.display_name}: {warning.text}",
            )
        return warnings

    @api.model
    def _withdraw(self, standings, company):
        """Close the open warnings of limits that are not near any more, saying so."""
        vehicles = self.env["car.vehicle"].concat(*standings)
        held = {
            (vehicle.id, item["kind"], item["key"]): item["level"]
            for vehicle, standing in standings.items()
            for item in standing["items"]
        }
        opened = self.search(
            [
                ("vehicle_id", "in", vehicles.ids),
                ("company_id", "=", company.id),
                ("state", "=", "open"),
            ]
        )
        for warning in opened:
            level = held.get((warning.vehicle_id.id, warning.kind, warning.key or ""))
            if level == warning.level or level == "reached":
                continue
            text = self.env._(
                "The ledger has changed: this limit is not near any more."
            )
            found = (warning.finding or "").strip()
            warning.write(
                {
                    "state": "closed",
                    "finding": f"{found}\n{text}" if found else text,
                    "closed_at": fields.Datetime.now(),
                }
            )


class CarVehicle(models.Model):
    _inherit = "car.vehicle"

    three_guarantee_warning_ids = fields.One2many(
        "car.three.guarantee.warning",
        "vehicle_id",
        "Warnings of the Three Guarantees",
        readonly=True,
        groups=CUSTOMER_DATA,
    )

    def _warn_three_guarantees(self, company):
        """Tell the supervisor of each limit these cars come near to, once."""
        supervisor = company.sudo()._get_car_supervisor()
        # Safe: the warning follows from the ledger, whoever has changed it.
        vehicles = self.sudo().with_company(company)
        vehicles = vehicles.with_context(lang=supervisor.lang or self.env.lang)
        standings = vehicles._get_three_guarantee_standings()
        warnings = self.env["car.three.guarantee.warning"].sudo()
        warnings = warnings.with_context(lang=supervisor.lang or self.env.lang)
        warnings._tell(standings, company.sudo())
        warnings._withdraw(standings, company.sudo())


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    three_guarantee_seen_on = fields.Date("Three Guarantees Looked At", copy=False)

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"three_guarantee_seen_on"}

    @api.model
    def _cron_watch_three_guarantees(self):
        """Look each day at the repairs that run: warn, and propose a loaner."""
        today = self.env.company._get_car_today()
        domain = (
            Domain("company_id.car_cn_law", "=", True)
            & Domain("state", "in", RUNNING)
            & (
                Domain("three_guarantee_seen_on", "=", False)
                | Domain("three_guarantee_seen_on", "<", today)
            )
        )
        orders = self.search(domain, limit=BATCH, order="id").try_lock_for_update()
        for company, own in orders.grouped("company_id").items():
            own._watch_three_guarantees(company)
        orders.write({"three_guarantee_seen_on": today})
        self.env["ir.cron"]._commit_progress(
            len(orders), remaining=self.search_count(domain)
        )

    def _watch_three_guarantees(self, company):
        """Warn of the cars of these orders. Extend for what else a day brings."""
        self.vehicle_id._warn_three_guarantees(company)
