import json

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ...tools.masking import get_first_name, mask_plate


@tagged("post_install", "-at_install")
class TestCarBoardPage(HttpCase):
    """The screen on the wall: no login, no more than it shows, and at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_advisor = new_test_user(
            cls.env,
            login="board_advisor",
            groups="car_aftersales.car_aftersales_group_advisor",
        )
        customer = cls.env["res.partner"].create(
            {"name": "欧阳小明", "phone": "+86 138 0013 8000"}
        )
        brand = cls.env["car.vehicle.brand"].create({"name": "Hongqi"})
        model = cls.env["car.vehicle.model"].create(
            {"name": "H5 board", "brand_id": brand.id}
        )
        cls.vehicle = cls.env["car.vehicle"].create(
            {
                "license_plate": "京A77345",
                "model_id": model.id,
                "owner_id": customer.id,
            }
        )
        cls.env.company.partner_id.lang = "en_US"
        cls.wall = cls.env["car.board"].create({"name": "Wall"})
        cls.lounge = cls.env["car.board"].create({"name": "Lounge", "kind": "lounge"})
        cls.order = (
            cls.env["car.repair.order"]
            .with_user(cls.user_advisor)
            .create(
                {
                    "vehicle_id": cls.vehicle.id,
                    "job_ids": [Command.create({"name": "It does not start"})],
                }
            )
        )

    def _ask(self, board):
        return self.make_jsonrpc_request(f"/car/board/{board.sudo().token}/content", {})

    def _get_card(self, content):
        cards = [card for column in content["columns"] for card in column["cards"]]
        return next(card for card in cards if card["id"] == self.order.id)

    def test_page_opens_without_login_and_is_kept_by_nobody(self):
        answer = self.url_open(f"/car/board/{self.wall.token}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("car_aftersales.board", answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(self._get_card(self._ask(self.wall))["plate"], "京A77345")

    def test_wrong_or_old_address_finds_nothing(self):
        old = self.wall.token
        for token in ("x", old[:-1], f"{old}x", "%"):
            answer = self.url_open(f"/car/board/{token}")
            self.assertEqual(answer.status_code, 404, token)
        self.wall.action_renew_token()
        self.assertEqual(self.url_open(f"/car/board/{old}").status_code, 404)
        self.lounge.active = False
        answer = self.url_open(f"/car/board/{self.lounge.token}")
        self.assertEqual(answer.status_code, 404)

    def test_lounge_answer_holds_nothing_private(self):
        content = self._ask(self.lounge)
        card = self._get_card(content)
        self.assertEqual((card["plate"], card["name"]), ("京A·**345", "欧**"))
        page = self.url_open(f"/car/board/{self.lounge.token}").text
        for text in (json.dumps(content, ensure_ascii=False), page):
            for secret in ("京A77345", "小明", "138 0013", self.order.name):
                self.assertNotIn(secret, text)
        self.assertEqual(
            set(card),
            {
                "id", "stage", "state", "bay", "model", "promised", "is_late",
                "is_at_risk", "is_ready", "late", "plate", "name", "is_called",
                "waiting", "reason",
            },
        )  # fmt: skip

    def test_board_shows_the_cars_in_a_browser_without_login(self):
        script = """
            const end = Date.now() + 20000;
            const look = () => {
                const card = document.querySelector("[data-id='%d']");
                if (card?.closest("[data-key]").dataset.key === "reception") {
                    console.log("test successful");
                } else if (Date.now() > end) {
                    console.error("the car is not shown");
                } else {
                    setTimeout(look, 100);
                }
            };
            look();
        """
        url = f"/car/board/{self.wall.token}"
        self.browser_js(url, script % self.order.id, login=None)

    def test_masks(self):
        for plate, masked in (
            ("京A12345", "京A·**345"),
            ("京AD12345", "京A·***345"),
            ("ABC 123", "**123"),
            ("826", "**826"),
            ("7", "**"),
            ("", ""),
            (False, ""),
        ):
            self.assertEqual(mask_plate(plate), masked)
        for name, first in (
            ("王小明", "王**"),
            ("김철수", "김**"),
            ("John Smith", "John"),
            (False, ""),
        ):
            self.assertEqual(get_first_name(name), first)
