from markupsafe import Markup

from odoo import api, fields, models

from ..vehicle.car_vehicle import CUSTOMER_DATA
from .car_contact_permission import CHANNELS, PURPOSES


class ResPartner(models.Model):
    """What a customer allows and refuses, seen at a glance."""

    _inherit = "res.partner"

    car_permission_html = fields.Html(
        "Contact Permissions at a Glance",
        compute="_compute_car_permission_html",
        groups=CUSTOMER_DATA,
        sanitize=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("car_permission_ids", "is_blacklisted", "phone_sanitized_blacklisted")
    @api.depends_context("lang")
    def _compute_car_permission_html(self):
        """Show a table of purposes and channels."""
        entries = self.env["car.contact.permission"]
        purposes = entries._fields["purpose"]._description_selection(self.env)
        channels = entries._fields["channel"]._description_selection(self.env)
        refused = entries._get_refused_cells(self._origin)
        head = Markup().join(
            Markup("<th class='text-center'>%s</th>") % name
            for _value, name in channels
        )
        for partner in self:
            rows = Markup().join(
                Markup("<tr><th class='fw-normal'>%s</th>%s</tr>")
                % (
                    name,
                    Markup().join(
                        self._get_car_permission_cell(
                            (purpose, channel) in refused[partner._origin]
                        )
                        for channel, _channel_name in channels
                    ),
                )
                for purpose, name in purposes
            )
            partner.car_permission_html = Markup(
                "<table class='table table-sm mb-0'><thead><tr><th></th>%s</tr>"
                "</thead><tbody>%s</tbody></table>"
            ) % (head, rows)

    # === ACTION METHODS === #

    def action_car_allow(self):
        """Write down that these customers allow to be contacted."""
        return self._ask_car_answer(True)

    def action_car_refuse(self):
        """Write down that these customers refuse to be contacted."""
        return self._ask_car_answer(False)

    # === BUSINESS METHODS === #

    def _get_car_permission_cell(self, is_refused):
        cell = Markup(
            "<td class='text-center text-%s'><i class='fa fa-%s' title='%s'/></td>"
        )
        if is_refused:
            return cell % ("danger", "ban", self.env._("No contact"))
        return cell % ("success", "check", self.env._("Not refused"))

    def _ask_car_answer(self, is_allowed):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "car_aftersales.car_contact_answer_action"
        )
        action["context"] = {
            "default_partner_ids": self.ids,
            "default_is_allowed": is_allowed,
        }
        return action


class CarContactPermission(models.Model):
    _inherit = "car.contact.permission"

    # === BUSINESS METHODS === #

    @api.model
    def _get_refused_cells(self, partners):
        """Map customers to the pairs of purpose and channel that they refuse.

        As ``_get_refused`` decides for one pair, here for all of them in one query.
        """
        # Safe: yes or no, shown to who may see the customer.
        entries = self.sudo().search([("partner_id", "in", partners.ids)])
        by_partner = entries.grouped("partner_id")
        cells = {}
        for partner in partners:
            said = by_partner.get(partner.sudo(), entries.browse())
            cells[partner] = {
                (purpose, channel)
                for purpose, _name in PURPOSES
                for channel, _name in CHANNELS
                if said._is_refusal_of(purpose, channel)
                or channel == "mail"
                and partner.sudo().is_blacklisted
                or channel == "sms"
                and partner.sudo().phone_sanitized_blacklisted
            }
        return cells

    def _is_refusal_of(self, purpose, channel):
        """Tell whether the newest of these answers that fits refuses."""
        fitting = [
            entry
            for entry in self
            if entry.purpose in (purpose, False) and entry.channel in (channel, False)
        ]
        return any(
            not entry.is_allowed
            for entry in fitting
            if entry.given_at == fitting[0].given_at
        )


class CarCustomerFile(models.Model):
    _inherit = "car.customer.file"

    permission_html = fields.Html(
        related="partner_id.car_permission_html",
        string="Permissions at a Glance",
        groups=CUSTOMER_DATA,
        sanitize=False,
    )

    # === ACTION METHODS === #

    def action_car_allow(self):
        """Write down that the customer allows to be contacted."""
        return self.partner_id.action_car_allow()

    def action_car_refuse(self):
        """Write down that the customer refuses to be contacted."""
        return self.partner_id.action_car_refuse()
