from odoo import http
from odoo.http import request


class CarBoardController(http.Controller):
    """Screens on walls: no login, an address that cannot be guessed."""

    @http.route("/car/board/<string:token>", type="http", auth="public", readonly=True)
    def show_board(self, token, **_parameters):
        """Show the board; it then asks for its content by itself."""
        board = self._find_board(token)
        response = request.render(
            "car_aftersales.car_board_page",
            {
                "board": board,
                "props": {
                    "token": token,
                    "content": board._get_public_content(),
                },
            },
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route(
        "/car/board/<string:token>/content",
        type="jsonrpc",
        auth="public",
        readonly=True,
        save_session=False,
    )
    def get_content(self, token):
        """Return what the board shows now."""
        return self._find_board(token)._get_public_content()

    def _find_board(self, token):
        """Return the board with this address.

        :raise NotFound: for any other address.
        """
        # Safe: who knows the address may see the board, and nothing else.
        board = request.env["car.board"].sudo().search([("token", "=", token)])
        if not board:
            raise request.not_found()
        return board
