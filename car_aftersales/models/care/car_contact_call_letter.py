from odoo import api, fields, models

# Talks after which a letter is decided on, where others do not say more
ANNOUNCING_KINDS = ("campaign",)
DECISION = {"letter_decision"}


class CarContactCall(models.Model):
    """A letter follows a call that announces something, within two days (R-134).

    Needed or not needed is decided by then; a sent letter settles it.
    """

    _inherit = "car.contact.call"

    letter_decision = fields.Selection(
        [("needed", "Letter needed"), ("not_needed", "No letter needed")],
        copy=False,
        tracking=True,
    )
    letter_ids = fields.One2many(
        "car.contact.letter", "call_id", "Letters After It", readonly=True
    )
    letter_id = fields.Many2one(
        "car.contact.letter",
        "Letter That Settles It",
        compute="_compute_letter_state",
        store=True,
        copy=False,
        index="btree_not_null",
    )
    letter_state = fields.Selection(
        [
            ("undecided", "To Decide"),
            ("owed", "Owed"),
            ("settled", "Sent"),
        ],
        "Letter",
        compute="_compute_letter_state",
        store=True,
        copy=False,
        help="Whether a letter is still owed after this call.",
    )
    letter_due_on = fields.Date(
        "Letter Until",
        compute="_compute_letter_due_on",
        store=True,
        copy=False,
        index="btree_not_null",
    )
    is_letter_late = fields.Boolean(
        "Letter Late",
        compute="_compute_is_letter_late",
        search="_search_is_letter_late",
    )

    _letter_owed = models.Index(
        "(company_id, letter_due_on) WHERE letter_state IN ('undecided', 'owed')"
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "kind",
        "outcome",
        "letter_decision",
        "letter_ids.state",
        "task_ids.kind",
    )
    def _compute_letter_state(self):
        for call in self:
            letters = call.letter_ids
            sent = letters.filtered(lambda one: one.state in ("sent", "archived"))
            alive = letters.filtered(lambda one: one.state != "cancelled")
            call.letter_id = (sent or alive).sorted("id")[-1:]
            if sent:
                call.letter_state = "settled"
            elif call.state == "draft" or call.letter_decision == "not_needed":
                call.letter_state = False
            elif call.letter_decision == "needed":
                call.letter_state = "owed"
            else:
                asks = call._asks_for_letter()
                call.letter_state = "undecided" if asks else False

    @api.depends("letter_state", "started_at", "company_id")
    def _compute_letter_due_on(self):
        for call in self:
            if not call.letter_state:
                call.letter_due_on = False
                continue
            company = call.company_id
            day = company._get_car_local_day(call.started_at)
            # Safe: a setting.
            days = company.sudo().car_letter_days
            call.letter_due_on = company._add_car_days(day, days)

    @api.depends("letter_due_on", "letter_state")
    def _compute_is_letter_late(self):
        for call in self:
            call.is_letter_late = bool(
                call.letter_state in ("undecided", "owed")
                and call.letter_due_on
                and call.letter_due_on < call.company_id._get_car_today()
            )

    def _search_is_letter_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._get_car_today()
        return fields.Domain(
            "letter_state", "in", ("undecided", "owed")
        ) & fields.Domain("letter_due_on", "<", today)

    # === ACTION METHODS === #

    def action_letter_needed(self):
        """A letter follows this call: it is owed from now on."""
        return self.write({"letter_decision": "needed"})

    def action_letter_not_needed(self):
        """The customer needs nothing in writing."""
        return self.write({"letter_decision": "not_needed"})

    def action_write_letter(self):
        """Write the letter that follows this call."""
        self.ensure_one()
        if self.letter_id.state in ("draft", "queued"):
            return self.letter_id._get_records_action()
        kind = "invitation" if self.kind in self._get_announcing_kinds() else "notice"
        template = self.env["car.contact.letter.template"]._get_default(kind)
        action = self.env["car.contact.letter"]._get_new_action()
        action["context"] = {
            "default_call_id": self.id,
            "default_partner_id": self.partner_id.id,
            "default_vehicle_id": self.vehicle_id.id,
            "default_template_id": template.id,
            "default_kind": kind,
        }
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _get_announcing_kinds(self):
        """Return the kinds of talks that a letter may have to follow."""
        return ANNOUNCING_KINDS

    def _asks_for_letter(self):
        """Tell whether it is to be decided on a letter. Extend for more talks."""
        self.ensure_one()
        return (
            self.outcome in ("reached", "booked")
            and self.direction != "in"
            and bool(
                {self.kind, *self.task_ids.mapped("kind")}
                & set(self._get_announcing_kinds())
            )
        )

    def _check_kept(self, vals):
        """Let a held call wait for the decision on its letter, not an archived one."""
        locked = self.filtered(lambda call: call.state == "archived")
        super(CarContactCall, locked)._check_kept(vals)
        rest = {name: vals[name] for name in vals if name not in DECISION}
        super(CarContactCall, self - locked)._check_kept(rest)
        if DECISION & set(vals):
            settled = self.filtered(lambda call: call.letter_state == "settled")
            if settled:
                settled._raise_missing(self.env._("the letter was sent already"))
        return None
