import hashlib
import secrets

from odoo import api, fields, models
from odoo.tools import ormcache
from odoo.tools.urls import urljoin

from odoo.addons.base.models.res_partner import _tz_get

# What an order, a job or a slot may change so that a board looks different
SHOWN_ORDER = {"state", "promised_at", "vehicle_id", "type_id", "active"}
SHOWN_JOB = {"state", "waiting_reason", "team_id", "technician_ids"}
SHOWN_SLOT = {"bay_id", "start", "stop"}


class CarBoard(models.Model):
    """A screen on a wall: of the workshop, or of the lounge where customers wait.

    It shows the cars of one site and needs no login: who knows its address sees it, and
    the address can be renewed. Nothing but what the screen shows comes out of it.
    """

    _name = "car.board"
    _description = "Live Board"
    _inherit = ["car.site.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    def _default_token(self):
        return secrets.token_urlsafe(32)

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("workshop", "Workshop"), ("lounge", "Customer Lounge")],
        "Place",
        default="workshop",
        required=True,
        help="In the lounge plates are masked and customers are named by their first "
        "name; reasons are not told.",
    )
    layout = fields.Selection(
        [("stage", "By stage"), ("bay", "By bay")], default="stage", required=True
    )
    # kept here, because every refresh asks for them
    lang = fields.Char(
        "Language of the House", compute="_compute_lang", store=True, precompute=True
    )
    tz = fields.Selection(
        _tz_get,
        "Time Zone",
        compute="_compute_tz",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="What the clock on the wall shows.",
    )
    token = fields.Char(
        default=lambda self: self._default_token(),
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
    )
    url = fields.Char(
        "Address for the Screen",
        compute="_compute_url",
        compute_sudo=True,
        groups="car_aftersales.car_aftersales_group_supervisor,"
        "car_aftersales.car_aftersales_group_workshop_supervisor",
        help="Open it on the television; it needs no login.",
    )

    _token_uniq = models.Constraint("UNIQUE (token)", "Two boards have one address.")

    # === COMPUTE METHODS === #

    @api.depends("company_id.partner_id.lang")
    def _compute_lang(self):
        for board in self:
            board.lang = board.company_id.partner_id.lang

    @api.depends("warehouse_id")
    def _compute_tz(self):
        calendars = self.warehouse_id._get_workshop_calendars()
        for board in self:
            board.tz = calendars[board.warehouse_id].tz or "UTC"

    @api.depends("token")
    def _compute_url(self):
        for board in self:
            board.url = urljoin(board.get_base_url(), f"/car/board/{board.token}")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        boards = super().create(vals_list)
        self.env.registry.clear_cache()
        return boards

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_forget_channels(self):
        self.env.registry.clear_cache()

    # === ACTION METHODS === #

    def action_open(self):
        """Show the board on this screen, with the user's own rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "car_aftersales.board",
            "name": self.name,
            "target": "fullscreen",
            "params": {"board_id": self.id},
        }

    def action_renew_token(self):
        """Give the boards new addresses; screens that show the old one go dark."""
        self.check_access("write")
        for board in self.sudo():  # Safe: a new secret, after the check above.
            board.token = self._default_token()

    # === BUSINESS METHODS === #

    def _get_channel(self):
        """Return the channel on which the board is told that something changed.

        Who watches learns it; the address cannot be found from it.
        """
        self.ensure_one()
        token = self.sudo().token  # Safe: only its digest comes out of here.
        return f"car_board_{hashlib.sha256(token.encode()).hexdigest()[:40]}"

    @api.model
    @ormcache("warehouse_id")
    def _get_channels(self, warehouse_id):
        """Return the channels of the boards of a site; none costs no query."""
        # Safe: digests for the server's own messages.
        boards = self.sudo().search([("warehouse_id", "=", warehouse_id)])
        return tuple(board._get_channel() for board in boards)

    @api.model
    def _notify(self, sites):
        """Tell the boards of these sites, once in a transaction, when it is done.

        The message says nothing: each screen asks for what it may show.
        """
        channels = {
            channel for site in sites for channel in self._get_channels(site.id)
        }
        precommit = self.env.cr.precommit
        waiting = precommit.data.setdefault("car_board_channels", set())
        if channels and not waiting:
            precommit.add(self._send_notifications)
        waiting |= channels

    def _send_notifications(self):
        bus = self.env["bus.bus"].sudo()  # Safe: an empty message.
        for channel in self.env.cr.precommit.data.pop("car_board_channels", ()):
            bus._sendone(channel, "car_board_changed", {})


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    def _compute_waiting_for(self):
        result = super()._compute_waiting_for()
        self._origin._notify_boards()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._notify_boards()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if SHOWN_ORDER & vals.keys():
            self._notify_boards()
        return result

    def _notify_boards(self):
        if self:
            self.env["car.board"]._notify(self.warehouse_id)


class CarRepairJob(models.Model):
    _inherit = "car.repair.job"

    def write(self, vals):
        result = super().write(vals)
        if SHOWN_JOB & vals.keys():
            self.env["car.board"]._notify(self.warehouse_id)
        return result


class CarWorkshopSlot(models.Model):
    _inherit = "car.workshop.slot"

    @api.model_create_multi
    def create(self, vals_list):
        slots = super().create(vals_list)
        slots._notify_boards()
        return slots

    def write(self, vals):
        result = super().write(vals)
        if SHOWN_SLOT & vals.keys():
            self._notify_boards()
        return result

    def unlink(self):
        self._notify_boards()
        return super().unlink()

    def _notify_boards(self):
        """Only the time of cars that are here is shown."""
        here = self.filtered("job_id")
        if here:
            self.env["car.board"]._notify(here.warehouse_id)
