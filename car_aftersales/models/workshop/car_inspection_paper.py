import base64

from odoo import models
from odoo.tools import file_open

# The same as car_outline.svg; the printer of the distributions draws no SVG.
DRAWING = "car_aftersales/static/src/img/car_outline.png"
DAMAGE_COLORS = {
    "scratch": "#d9730d",
    "dent": "#1f6fb2",
    "chip": "#2b8a3e",
    "crack": "#c92a2a",
    "wear": "#6741d9",
}


class CarInspection(models.Model):
    """What the papers of an inspection say: intake, diagnosis, health report."""

    _inherit = "car.inspection"

    # === ACTION METHODS === #

    def action_print(self):
        """Print the paper of this kind of inspection."""
        self.ensure_one()
        return self._get_paper_report().report_action(self, config=False)

    def action_hand_over(self):
        """Record that the customer got the paper and had it explained."""
        self.ensure_one()
        self._check_paper()
        view = self.env.ref("car_aftersales.car_inspection_view_form_hand_over")
        return {
            "name": self.env._("Handed to the Customer"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(view.id, "form")],
            "target": "new",
        }

    def action_send(self):
        """Send the paper to the customer by e-mail; it counts as handed over."""
        template = self.env.ref("car_aftersales.mail_template_car_inspection_paper")
        for inspection in self:
            inspection._check_paper()
            order = inspection.order_id
            if not order.partner_id.email:
                order._raise_for_each(self.env._("the customer has no e-mail address"))
            attachment = inspection._create_paper_attachment()
            localized = inspection.with_context(lang=inspection._get_paper_lang())
            template.with_context(car_paper=localized._get_paper_title()).send_mail(
                order.id, email_values={"attachment_ids": attachment.ids}
            )
            inspection.write(
                {"handover_channel": "mail", "handed_over_to": order.partner_id.name}
            )
        return True

    # === BUSINESS METHODS === #

    def _check_paper(self):
        """Refuse giving the customer what is not finished."""
        self._refuse(
            lambda inspection: inspection.state != "done",
            self.env._("finish it before the customer gets it"),
        )

    def _get_paper_title(self):
        """Return the name of the paper of this kind of inspection."""
        self.ensure_one()
        titles = {
            "intake": self.env._("Intake Sheet"),
            "diagnosis": self.env._("Diagnosis Sheet"),
            "health_check": self.env._("Vehicle Health Report"),
            "quality": self.env._("Quality Check Sheet"),
            "release": self.env._("Release Sheet"),
        }
        return titles[self.kind]

    def _get_paper_name(self, title=None):
        """Return the name of a paper's file, without slashes."""
        self.ensure_one()
        number = (self.name or "").replace("/", "-")
        return f"{title or self._get_paper_title()} {number}"

    def _get_articles_paper_name(self):
        return self._get_paper_name(self.env._("List of Articles in the Car"))

    def _get_paper_lang(self):
        """Return the language of the customer's papers."""
        self.ensure_one()
        return self.order_id._get_paper_lang()

    def _get_paper_report(self):
        """Return the report of this kind of inspection."""
        self.ensure_one()
        known = ("intake", "diagnosis", "health_check")
        kind = self.kind if self.kind in known else "intake"
        return self.env.ref(f"car_aftersales.car_inspection_report_{kind}")

    def _create_paper_attachment(self):
        """Return the paper as a file of the order, whose mail it goes with."""
        self.ensure_one()
        content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
            self._get_paper_report(), self.ids
        )
        return self.env["ir.attachment"].create(
            {
                "name": f"{self._get_paper_name()}.{kind}",
                "raw": content,
                "res_model": "car.repair.order",
                "res_id": self.order_id.id,
            }
        )

    def _get_paper_sections(self):
        """Return the items by section, for the papers, as (section, items)."""
        self.ensure_one()
        return list(self.line_ids.grouped("section").items())

    def _get_damage_drawing(self):
        """Return the drawing of the car for a paper, as an image."""
        with file_open(DRAWING, "rb") as drawing:
            content = base64.b64encode(drawing.read()).decode()
        return f"data:image/png;base64,{content}"

    def _get_damage_marks(self):
        """Return number, color and place of each mark on the drawing."""
        self.ensure_one()
        return [
            {
                "number": number,
                "style": (
                    f"left: {damage.x:.1f}%; top: {damage.y:.1f}%; "
                    f"background-color: {DAMAGE_COLORS[damage.kind]}"
                ),
            }
            for number, damage in enumerate(self.damage_ids, 1)
        ]
