import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# Who may know what an hour costs and who gives out PINs
WORKSHOP_HEADS = (
    "car_aftersales.car_aftersales_group_manager,"
    "car_aftersales.car_aftersales_group_workshop_supervisor"
)

# Our fields that are kept by the resource, and its own names for them
RESOURCE_FIELDS = {
    "name": "name",
    "user_id": "user_id",
    "company_id": "company_id",
    "resource_calendar_id": "calendar_id",
    "tz": "tz",
}


class CarTechnician(models.Model):
    """Somebody who works on cars, with or without a login.

    Name, hours and absences are kept by a resource: an employee's, where the dealer
    keeps employees, or one of our own. Signs in on the shop floor with badge and PIN.
    """

    _name = "car.technician"
    _description = "Technician"
    _inherit = "resource.mixin"
    _order = "name, id"
    _rec_names_search = ["name", "badge"]
    _check_company_auto = True

    # the person
    name = fields.Char(related="resource_id.name", store=True, readonly=False)
    resource_id = fields.Many2one(
        copy=False,
        help="Choose the resource of an employee to share his name, working hours and "
        "absences. Left empty, the technician gets a resource of his own.",
    )
    has_own_resource = fields.Boolean(groups=fields.NO_ACCESS, copy=False)
    can_edit_person = fields.Boolean(
        compute="_compute_can_edit_person", compute_sudo=True
    )
    active = fields.Boolean(
        compute="_compute_active",
        precompute=True,
        store=True,
        readonly=False,
        default=True,
    )
    company_id = fields.Many2one(required=True)
    user_id = fields.Many2one(
        related="resource_id.user_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="Only for technicians who log in to Odoo.",
    )
    avatar_128 = fields.Image(related="resource_id.avatar_128")

    # the work
    team_id = fields.Many2one(
        "car.workshop.team", check_company=True, index="btree_not_null"
    )
    skill_ids = fields.Many2many("car.workshop.skill", string="Skills")
    color = fields.Integer()
    currency_id = fields.Many2one(related="company_id.currency_id")
    hourly_cost = fields.Monetary(
        groups=WORKSHOP_HEADS,
        help="What an hour of this technician costs the workshop. Empty: the cost per "
        "hour of the settings.",
    )

    # shop floor
    badge = fields.Char(copy=False, help="Scanned or typed at the shop floor terminal.")
    pin_new = fields.Char(
        "Set PIN",
        compute="_compute_pin_new",
        inverse="_inverse_pin_new",
        groups=WORKSHOP_HEADS,
        help="Four to twelve digits. It cannot be read again, only replaced.",
    )
    pin_hash = fields.Char(groups=fields.NO_ACCESS, copy=False, prefetch=False)
    pin_tries = fields.Integer(groups=fields.NO_ACCESS, copy=False, prefetch=False)
    pin_locked_until = fields.Datetime(
        "PIN Locked Until", groups=WORKSHOP_HEADS, readonly=True, copy=False
    )
    has_pin = fields.Boolean("Has a PIN", compute="_compute_has_pin", compute_sudo=True)

    _badge_uniq = models.UniqueIndex(
        "(company_id, badge) WHERE badge IS NOT NULL",
        "Another technician of this company has this badge.",
    )
    _resource_uniq = models.Constraint(
        "UNIQUE (resource_id)", "This person is a technician already."
    )

    # === COMPUTE METHODS === #

    @api.depends("resource_id.active")
    def _compute_active(self):
        """Let a technician leave and return with the employee."""
        for technician in self:
            technician.active = technician.resource_id.active

    @api.depends("resource_id", "has_own_resource")
    def _compute_can_edit_person(self):
        """An employee's name, login and hours are changed at the employee."""
        for technician in self:
            technician.can_edit_person = (
                technician.has_own_resource or not technician.resource_id
            )

    def _compute_pin_new(self):
        self.pin_new = False

    def _inverse_pin_new(self):
        for technician in self.filtered("pin_new"):
            technician._set_pin(technician.pin_new)
        self.invalidate_recordset(["pin_new"])  # it is not to be read again

    @api.depends("pin_hash")
    def _compute_has_pin(self):
        for technician in self:
            technician.has_pin = bool(technician.pin_hash)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        own = [vals for vals in vals_list if not vals.get("resource_id")]
        # Only human-resources officers write resources: ours are made for them.
        created = self.env["resource.resource"].sudo()
        created = created.create(
            [self._prepare_resource_values(vals, vals.get("tz")) for vals in own]
        )
        for vals, resource in zip(own, created, strict=True):
            vals["resource_id"] = resource.id
        for vals in vals_list:
            # A resource brings its name, login and hours: ours has them already.
            resource = created.browse(vals["resource_id"])
            for name, kept in RESOURCE_FIELDS.items():
                vals[name] = resource._fields[kept].convert_to_write(
                    resource[kept], resource
                )
        technicians = super().create(vals_list)
        technicians.sudo().filtered(
            lambda technician: technician.resource_id in created
        ).has_own_resource = True
        return technicians

    def write(self, vals):
        if "resource_id" in vals:
            vals = dict(vals)
            resource_id = vals.pop("resource_id")
            moving = self.filtered(lambda person: person.resource_id.id != resource_id)
            super(CarTechnician, moving).write({"resource_id": resource_id})
            moving.sudo().has_own_resource = False
        kept = {name: vals[name] for name in RESOURCE_FIELDS if name in vals}
        if not kept and "active" not in vals:
            return super().write(vals)
        self.check_access("write")
        own = self.sudo().filtered("has_own_resource")
        if foreign := self.sudo() - own:
            foreign._check_employee_unchanged(kept)
        # These resources are ours and nobody else's, and the user may write us.
        own_vals = {RESOURCE_FIELDS[name]: value for name, value in kept.items()}
        if "active" in vals:
            own_vals["active"] = vals["active"]
        own.resource_id.write(own_vals)
        return super().write({k: v for k, v in vals.items() if k not in kept})

    def unlink(self):
        own = self.sudo().filtered("has_own_resource").resource_id
        result = super().unlink()
        own.unlink()
        return result

    # === ACTION METHODS === #

    def action_unlock_pin(self):
        """Let a technician try again who forgot his PIN and was locked out."""
        self.check_access("write")
        if not self.env.su and not self.env.user.has_groups(WORKSHOP_HEADS):
            raise AccessError(
                self.env._("Only the workshop supervisor unlocks a technician's PIN.")
            )
        self.sudo().write({"pin_tries": 0, "pin_locked_until": False})

    # === BUSINESS METHODS === #

    def _get_hourly_cost(self):
        """Return what an hour costs: the technician's, else the company's.

        An empty recordset stands for an unknown technician of the current company.
        """
        if self.sudo().hourly_cost:
            return self.sudo().hourly_cost
        return (self.company_id or self.env.company).sudo().car_hourly_cost

    def _prepare_resource_values(self, vals, tz):
        resource_vals = super()._prepare_resource_values(vals, tz)
        for name in ("user_id", "active"):
            if name in vals:
                resource_vals[name] = vals[name]
        return resource_vals

    def _check_employee_unchanged(self, vals):
        """Refuse changing through us what belongs to an employee.

        :raise UserError: when a value differs from the employee's
        """
        for technician in self:
            changed = [
                name
                for name, value in vals.items()
                if self._fields[name].convert_to_write(technician[name], technician)
                != value
            ]
            if changed:
                raise UserError(
                    self.env._(
                        "%(technician)s uses the resource of an employee. Name, login, "
                        "company and working hours are changed there.",
                        technician=technician.name,
                    )
                )

    def _set_pin(self, pin):
        """Replace the PIN, and with it the count of wrong tries.

        :raise ValidationError: when it is not four to twelve digits
        """
        if not re.fullmatch(r"[0-9]{4,12}", pin or ""):
            raise ValidationError(
                self.env._("A PIN has four to twelve digits and nothing else.")
            )
        self.check_access("write")
        for technician in self.sudo():  # the hash is closed to everybody
            technician.write(
                {
                    "pin_hash": self.env.user._crypt_context().hash(pin),
                    "pin_tries": 0,
                    "pin_locked_until": False,
                }
            )

    def _check_pin(self, pin):
        """Tell whether this is the technician's PIN, and count wrong tries.

        After as many wrong tries as the settings allow it is refused for a while, right
        or wrong. The caller must not raise afterwards: the count would be rolled back.
        """
        self.ensure_one()
        technician = self.sudo()  # the hash is closed to everybody
        now = fields.Datetime.now()
        if not technician.pin_hash or (
            technician.pin_locked_until and technician.pin_locked_until > now
        ):
            return False
        if self.env.user._crypt_context().verify(pin or "", technician.pin_hash):
            if technician.pin_tries or technician.pin_locked_until:
                technician.write({"pin_tries": 0, "pin_locked_until": False})
            return True
        company = technician.company_id
        tries = technician.pin_tries + 1
        vals = {"pin_tries": tries}
        if tries >= company.car_pin_tries:
            minutes = company.car_pin_lock_minutes
            vals = {
                "pin_tries": 0,
                "pin_locked_until": now + timedelta(minutes=minutes),
            }
        technician.write(vals)
        return False
