import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

# Of these a newer version takes the place: nothing of them arrived for good
REPLACEABLE = ("queued", "failed", "refused", "given_up")


class CarRepairArchive(models.Model):
    """What one settlement says to the electronic repair archive (汽车维修电子健康档案).

    An outbox: made from an order once its car was given back, frozen, sent by a job and
    answered by the authority's server. It never stands in the way of the shop.
    """

    _name = "car.repair.archive"
    _description = "Record for the Electronic Repair Archive"
    _inherit = [
        "car.confidential.mixin",
        "car.workflow.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "settlement_number"
    _check_company_auto = True
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    order_id = fields.Many2one(
        "car.repair.order",
        "Repair Order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    vehicle_id = fields.Many2one(
        related="order_id.vehicle_id", store=True, index=True, tracking=False
    )
    settlement_number = fields.Char(required=True, readonly=True, index="trigram")
    version = fields.Integer(required=True, readonly=True, default=1, aggregator=None)
    upload_number = fields.Char(
        "Number Sent",
        compute="_compute_upload_number",
        store=True,
        precompute=True,
        help="The number by which the server knows the record.",
    )
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("sent", "Sent, No Answer"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("failed", "To Try Again"),
            ("given_up", "Given Up"),
            ("by_file", "Delivered by File"),
            ("replaced", "Replaced"),
        ],
        default="queued",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    payload = fields.Json("Content", required=True, readonly=True, copy=False)
    payload_text = fields.Text("What Is Sent", compute="_compute_payload_text")
    fingerprint = fields.Char(readonly=True, copy=False)
    queued_at = fields.Datetime("Queued On", readonly=True, default=fields.Datetime.now)
    sent_at = fields.Datetime("Last Sent", readonly=True, copy=False)
    answered_at = fields.Datetime("Last Answer", readonly=True, copy=False)
    answer = fields.Text("Answer of the Server", readonly=True, copy=False)
    error_text = fields.Char("What Is Wrong", readonly=True, copy=False, tracking=True)
    tries = fields.Integer(readonly=True, copy=False, aggregator=None)
    next_try_at = fields.Datetime(
        "Next Try", readonly=True, copy=False, default=fields.Datetime.now
    )

    _settlement_uniq = models.UniqueIndex(
        "(company_id, settlement_number, version)",
        "This settlement is in the archive's outbox already.",
    )
    _order_version_uniq = models.UniqueIndex(
        "(order_id, version)", "This order is in the archive's outbox already."
    )
    _to_send = models.Index(
        "(next_try_at, id) WHERE state IN ('queued', 'sent', 'failed')"
    )

    # === COMPUTE METHODS === #

    @api.depends("settlement_number", "version", "company_id")
    def _compute_upload_number(self):
        """A corrected version goes by the same number, or by one of its own."""
        for record in self:
            number = record.settlement_number
            if record.version > 1 and record.company_id.car_archive_correction != (
                "same"
            ):
                number = f"{number}-{record.version}"
            record.upload_number = number

    @api.depends("payload")
    def _compute_payload_text(self):
        for record in self:
            record.payload_text = json.dumps(
                record.payload or {}, ensure_ascii=False, indent=2
            )

    @api.depends("settlement_number", "version")
    def _compute_display_name(self):
        for record in self:
            version = f" ({record.version})" if record.version > 1 else ""
            record.display_name = f"{record.settlement_number or ''}{version}"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._raise_missing(self.env._("what was sent or is to be sent is kept"))

    # === ACTION METHODS === #

    def action_resend(self):
        """Queue again what was refused, given up or waits for its next try."""
        self._require_clerk()
        # Safe: the step of who keeps the archive.
        records = self.sudo()
        waiting = records.filtered(
            lambda record: record.state in ("queued", "sent", "failed")
        )
        waiting.write({"next_try_at": fields.Datetime.now(), "tries": 0})
        (records - waiting).write({"state": "queued"})
        self.env.ref("l10n_cn_car_aftersales.car_repair_archive_cron_send")._trigger()
        return True

    def action_export(self):
        """Open the dialog that hands the selection over as files."""
        self._require_clerk()
        # Saved at once: the files of a dialog not saved yet cannot be fetched.
        export = self.env["car.repair.archive.export"].create(
            {"archive_ids": [fields.Command.set(self.ids)]}
        )
        return {
            "name": self.env._("Export as Files"),
            "type": "ir.actions.act_window",
            "res_model": "car.repair.archive.export",
            "res_id": export.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_by_file(self):
        """These records were handed over as files."""
        self._require_clerk()
        # Safe: the step of who keeps the archive.
        self.sudo().write({"state": "by_file"})
        return True

    def action_open_order(self):
        self.ensure_one()
        return self.order_id._get_records_action()

    # === BUSINESS METHODS === #

    def _state_steps(self):
        """Map each state to the states it may move to and the step that leads there."""
        answers = {
            "accepted": "accept",
            "refused": "refuse",
            "failed": "fail",
            "given_up": "give_up",
            "sent": "send",
            "by_file": "hand_over",
            "replaced": "replace",
        }
        return {
            "queued": answers,
            "sent": {**answers, "queued": "queue"},
            "failed": {**answers, "queued": "queue"},
            "refused": {
                "queued": "queue",
                "by_file": "hand_over",
                "replaced": "replace",
            },
            "given_up": {
                "queued": "queue",
                "by_file": "hand_over",
                "replaced": "replace",
            },
            "accepted": {},
            "by_file": {"queued": "queue"},
            "replaced": {},
        }

    def _require_clerk(self):
        if not self.env["car.repair.order"]._has_group("supervisor"):
            raise AccessError(
                self.env._(
                    "The electronic repair archive is kept by the business supervisor."
                )
            )
        self.check_access("read")

    def _check_queue(self):
        replaced = self.filtered(
            lambda record: record.version < record.order_id.car_archive_version
        )
        if replaced:
            replaced._raise_missing(self.env._("a newer version takes its place"))

    def _after_queue(self):
        self.write(
            {"next_try_at": fields.Datetime.now(), "tries": 0, "error_text": False}
        )

    def _after_accept(self):
        self._settle()

    def _after_hand_over(self):
        self._settle()

    def _settle(self):
        """Nothing is left to do: no error, no activity."""
        self.write({"error_text": False, "next_try_at": False})
        self.activity_unlink(["mail.mail_activity_data_warning"])

    def _after_refuse(self):
        self.write({"next_try_at": False})
        self._ask_clerk(lambda env: env._("Refused by the electronic repair archive"))

    def _after_give_up(self):
        self.write({"next_try_at": False})
        self._ask_clerk(lambda env: env._("Not sent to the electronic repair archive"))

    def _ask_clerk(self, tell):
        """Ask the clerk of the archive to look at what did not arrive.

        :param tell: function of an environment in his language that returns the text
        """
        for company, records in self.grouped("company_id").items():
            user = company.car_archive_user_id or company._get_car_supervisor()
            summary = tell(self.with_context(lang=user.lang).env)
            for record in records:
                record.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=user.id or self.env.uid,
                    summary=summary,
                    note=record.error_text or "",
                )
