from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

# What a template may name without the right to write programs in templates
MERGE_FIELDS = (
    "partner_id.lang",
    "license_plate",
    "vehicle_text",
    "next_service_text",
    "inspection_text",
    "point_text",
    "about",
    "company_id.name",
    "company_phone",
    "company_address",
)


class CarContactLetter(models.Model):
    """What templates are filled with: words in the customer's language.

    Each says something in any case, so that a template needs no conditions: whoever
    writes letters need not be able to program.
    """

    _inherit = "car.contact.letter"

    vehicle_text = fields.Char("Car in Words", compute="_compute_vehicle_text")
    next_service_text = fields.Char(
        "Next Service in Words", compute="_compute_vehicle_text"
    )
    inspection_text = fields.Char(
        "Annual Inspection in Words", compute="_compute_vehicle_text"
    )
    point_text = fields.Char("Customer's Point in Words", compute="_compute_point_text")
    company_phone = fields.Char(
        related="company_id.phone", string="Phone of the Company"
    )
    company_address = fields.Char(
        "Address of the Company", compute="_compute_company_address"
    )

    # === COMPUTE METHODS === #

    @api.depends("vehicle_id", "partner_id")
    def _compute_vehicle_text(self):
        for letter in self:
            lang = letter._get_paper_lang()
            env = letter.with_context(lang=lang).env
            vehicle = letter.vehicle_id
            names = (vehicle.model_id.display_name, vehicle.license_plate)
            soon = env._("soon")
            letter.vehicle_text = " ".join(name for name in names if name) or env._(
                "your car"
            )
            day = vehicle.next_service_due_date
            letter.next_service_text = format_date(env, day) if day else soon
            if day and vehicle.next_service_km:
                letter.next_service_text = env._(
                    "%(day)s, or at %(km)s km, whichever comes first",
                    day=format_date(env, day),
                    km=formatLang(env, vehicle.next_service_km, digits=0),
                )
            day = vehicle.inspection_due_date
            letter.inspection_text = format_date(env, day) if day else soon

    @api.depends("point_id", "partner_id")
    def _compute_point_text(self):
        for letter in self:
            env = letter.with_context(lang=letter._get_paper_lang()).env
            point = letter.point_id
            if not point:
                letter.point_text = env._("what you told us")
                continue
            day = letter.company_id._get_car_local_day(point.said_at)
            letter.point_text = env._(
                "“%(text)s” (%(day)s)",
                text=" ".join((point.text or "").split()),
                day=format_date(env, day),
            )

    @api.depends("company_id")
    def _compute_company_address(self):
        for letter in self:
            address = letter.company_id.partner_id._get_car_post_address()
            letter.company_address = ", ".join((address or "").splitlines())

    # === BUSINESS METHODS === #

    def _get_letter_date(self):
        """Return the day that stands on the letter: of sending, else today."""
        self.ensure_one()
        moment = self.sent_at or fields.Datetime.now()
        return self.company_id._get_car_local_day(moment)

    def mail_allowed_qweb_expressions(self):
        """Return what supervisors may put into templates themselves."""
        return (
            *super().mail_allowed_qweb_expressions(),
            *(f"object.{name}" for name in MERGE_FIELDS),
        )
