from odoo.tests import HttpCase, tagged

from .satisfaction_common import SatisfactionCommon


@tagged("post_install", "-at_install")
class TestCarRatingPage(SatisfactionCommon, HttpCase):
    """The customer's page: no login, his own rating and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.car_rating_paper = True

    def setUp(self):
        super().setUp()
        self.order = self._delivered()
        self.rating = self.env["car.satisfaction"]._get_for(self.order)
        self.token = self.rating.token
        self.env.flush_all()

    def _open(self, path="", **data):
        url = f"/car/rate/{self.token}{path}"
        if data:
            page = self.url_open(f"/car/rate/{self.token}").text
            data["csrf_token"] = page.partition('name="csrf_token" value="')[
                2
            ].partition('"')[0]
        return self.url_open(url, data=data or None)

    def _get_rating(self):
        self.env.invalidate_all()
        return self.rating

    def test_page_asks_and_keeps_nothing_by_being_looked_at(self):
        page = self._open("?score=9")
        self.assertEqual(page.status_code, 200)
        self.assertIn("How likely", page.text)
        self.assertRegex(page.text, r'id="score_9"[^>]*checked')
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(self._get_rating().state, "waiting")

    def test_answer_and_then_the_optional_questions(self):
        page = self._open("/answer", score="10", comment="Well done")
        self.assertIn("Thank you!", page.text)
        rating = self._get_rating()
        self.assertEqual((rating.score, rating.comment), (10, "Well done"))
        question = self.env.ref("car_aftersales.car_satisfaction_question_quality")
        self.assertIn(f"question_{question.id}_5", page.text)
        page = self._open("/more", **{f"question_{question.id}": "5"})
        self.assertIn("we read it", page.text)
        self.assertEqual(self._get_rating().answer_ids.score, 5)

    def test_used_address_changes_nothing_any_more(self):
        self._open("/answer", score="2", comment="Bad")
        page = self._open("/answer", score="10")
        self.assertIn("This rating is closed", page.text)
        rating = self._get_rating()
        self.assertEqual(rating.score, 2)
        self.assertEqual(len(rating.order_id.car_complaint_ids), 1)

    def test_wrong_address_finds_nothing(self):
        for token in ("x", "0", self.token[:-1], self.token.swapcase(), "%25"):
            with self.subTest(token):
                self.assertEqual(self.url_open(f"/car/rate/{token}").status_code, 404)

    def test_forms_need_their_own_secret(self):
        page = self.url_open(f"/car/rate/{self.token}/answer", data={"score": "10"})
        self.assertEqual(page.status_code, 400)
        self.assertEqual(self._get_rating().state, "waiting")

    def test_nonsense_is_asked_again(self):
        for score in ("", "11", "-1", "٣", "1e1", "999999999999"):
            with self.subTest(score):
                page = self._open("/answer", score=score or " ")
                self.assertEqual(page.status_code, 200)
                self.assertIn("choose a number", page.text)
        self.assertEqual(self._get_rating().state, "waiting")

    def test_closed_rating_says_so_and_keeps_nothing(self):
        self.company.car_rating_open_days = 0
        self.env.cr.execute(
            "UPDATE car_satisfaction SET delivered_at = '2020-01-01' WHERE id = %s",
            (self.rating.id,),
        )
        self.env.invalidate_all()
        self.assertIn("This rating is closed", self._open().text)

    def test_question_of_another_company_is_not_answered(self):
        other = self.env["res.company"].create({"name": "Other dealer"})
        foreign = self.env["car.satisfaction.question"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        page = self._open("/answer", score="9")
        self.assertNotIn("Theirs", page.text)
        self._open("/more", **{f"question_{foreign.id}": "5"})
        self.assertFalse(self._get_rating().answer_ids)

    def test_words_cannot_become_code(self):
        self._open("/answer", score="3", comment="<script>alert(1)</script>")
        complaint = self._get_rating().complaint_id
        self.assertIn("<script>", complaint.text)
        bodies = " ".join(
            (complaint.message_ids | self.order.message_ids).mapped("body")
        )
        self.assertNotIn("<script>", bodies)

    def test_page_speaks_the_customers_language(self):
        self.customer.lang = "zh_CN"
        page = self._open()
        self.assertIn('lang="zh-CN"', page.text)
