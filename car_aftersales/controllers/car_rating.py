from odoo import http
from odoo.exceptions import UserError
from odoo.http import request


class CarRating(http.Controller):
    """How was the visit? A page of the customer's own, without a login.

    Looking at it counts nothing: mail servers open links before people do.
    """

    @http.route("/car/rate/<string:token>", type="http", auth="public", sitemap=False)
    def show(self, token, score="", **_params):
        """Ask the one question, or thank for the answer.

        :param score: the number in the mail that was clicked; only proposed here
        """
        rating = self._find_rating(token)
        return self._render(rating, chosen=self._read_number(score, 10))

    @http.route(
        "/car/rate/<string:token>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def answer(self, token, score="", comment="", **_params):
        """Take the answer, once."""
        rating = self._find_rating(token)
        number = self._read_number(score, 10)
        if number is None:
            return self._render(rating, is_missing=True, comment=comment[:4000])
        try:
            rating._answer(number, comment)
        except UserError as refusal:
            return self._render(rating, refusal=str(refusal))
        return request.redirect(f"/car/rate/{token}")

    @http.route(
        "/car/rate/<string:token>/more",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def complete(self, token, **params):
        """Take the answers to the optional questions, once."""
        rating = self._find_rating(token)
        answers = {}
        for question in rating._get_questions():
            given = params.get(f"question_{question.id}", "")
            answers[question] = (
                self._read_number(given, 5) if question.kind == "score" else given
            )
        try:
            rating._complete(answers)
        except UserError as refusal:
            return self._render(rating, refusal=str(refusal))
        return request.redirect(f"/car/rate/{token}")

    def _find_rating(self, token):
        """Return the rating with this address, in its customer's language.

        :raise NotFound: for any other address.
        """
        rating = request.env["car.satisfaction"]._get_by_token(token)
        if not rating:
            raise request.not_found()
        lang = rating.partner_id.lang or rating.company_id.partner_id.lang
        if lang:
            request.update_context(lang=lang)
        return rating.with_context(lang=lang) if lang else rating

    def _read_number(self, text, highest):
        """Return a number from 0 on that was sent, None for anything else."""
        is_number = text.isascii() and text.isdecimal() and len(text) < 3
        return int(text) if is_number and int(text) <= highest else None

    def _render(self, rating, chosen=None, is_missing=False, comment="", refusal=None):
        response = request.render(
            "car_aftersales.car_rating_page",
            {
                "page_lang": (rating.env.lang or "en_US").replace("_", "-"),
                "token": rating.token,
                "company_name": rating.company_id.name,
                "plate": rating.vehicle_id.license_plate,
                "is_open": rating._is_open(),
                "is_answered": rating.state == "answered",
                "questions": [
                    {"id": question.id, "name": question.name, "kind": question.kind}
                    for question in (
                        rating._get_questions() if rating._can_complete() else ()
                    )
                ],
                "chosen": chosen,
                "is_missing": is_missing,
                "comment": comment,
                "refusal": refusal,
            },
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
