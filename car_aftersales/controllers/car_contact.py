from odoo import http
from odoo.http import request


class CarContactController(http.Controller):
    """Links in messages: no login, signed, and acting only by their button."""

    @http.route(
        "/car/contact/<string:token>/<string:action>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def show(self, token, action, **_params):
        """Show what the button will do; opening the link does nothing."""
        return self._render(token, action)

    @http.route(
        "/car/contact/<string:token>/stop",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def stop(self, token, everything="", **_params):
        """Write down that the customer wants no more messages of this kind."""
        said = self._read(token, "stop")
        if said:
            purpose, channel = said["purpose"], said["channel"]
            if everything:
                purpose = channel = False
            said["partner"]._refuse_by_car_link(purpose, channel)
        return self._render(token, "stop", is_done=True, everything=bool(everything))

    @http.route(
        "/car/contact/<string:token>/sold",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def sold(self, token, **_params):
        """Write down that the customer does not own the car any more."""
        if said := self._read(token, "sold"):
            said["vehicle"]._end_ownership(
                said["partner"],
                request.env._(
                    "%(customer)s said by the link in a message that the car was sold.",
                    customer=said["partner"].name,
                ),
            )
        return self._render(token, "sold", is_done=True)

    def _read(self, token, action):
        if action not in ("stop", "sold"):
            raise request.not_found()
        return request.env["res.partner"]._read_car_link(action, token)

    def _render(self, token, action, is_done=False, everything=False):
        said = self._read(token, action)
        values = {"token": token, "action": action, "is_done": is_done, "said": said}
        if said:
            # The page speaks the language of the customer, not of the browser.
            request.update_context(lang=said["partner"].lang or request.env.lang)
            partner = said["partner"].with_context(lang=request.env.lang)
            if action == "stop":
                purpose, channel = said["purpose"], said["channel"]
                values["words"] = partner._get_car_refusal_words(
                    not everything and purpose, not everything and channel
                )
                values["is_narrow"] = bool(purpose or channel)
            else:
                # What the holder of the message was told in it already.
                values["car"] = said["vehicle"].display_name
        response = request.render(
            "car_aftersales.car_contact_page", values, status=200 if said else 404
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response


class CarPrivacyController(http.Controller):
    """The copy of a person's data, made when it is asked for and kept nowhere."""

    @http.route("/car/privacy/<int:request_id>/data.json", type="http", auth="user")
    def download(self, request_id):
        """Send the copy to the manager who answers the request."""
        asked = request.env["car.privacy.request"].search([("id", "=", request_id)])
        if not asked:
            raise request.not_found()
        return request.make_response(
            asked._get_json(),
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", "attachment; filename=personal-data.json"),
                ("Cache-Control", "no-store"),
            ],
        )
