from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import FROZEN_NOW
from .satisfaction_common import SatisfactionCommon


@tagged("post_install", "-at_install")
class TestCarSatisfactionRequest(SatisfactionCommon):
    """Who is asked, when, and that nobody is asked twice."""

    def test_customer_is_asked_once_a_day_after_delivery(self):
        order = self._delivered()
        self._ask(hours=23)
        self.assertFalse(self._rating(order) or self._get_mails())
        self._ask(hours=24)
        self._ask(hours=25)
        self._ask(days=2)
        rating = self._rating(order)
        self.assertEqual(rating.state, "asked")
        self.assertEqual(rating.asked_by, "mail")
        self.assertEqual(len(self._get_mails()), 1)
        self.assertEqual(self._get_mails().recipient_ids, self.customer)
        self.assertIn(rating._get_url(), self._get_mails().body_html)

    def test_quiet_hours_shift_the_question(self):
        self.company.write({"car_quiet_from": 20, "car_quiet_to": 9})
        self._delivered()
        self._ask(hours=34)  # eight in the evening of the next day
        self.assertFalse(self._get_mails())
        self._ask(hours=47)
        self.assertEqual(len(self._get_mails()), 1)

    def test_missed_days_are_caught_up_but_not_for_ever(self):
        order = self._delivered()
        self._ask(days=8)
        self.assertFalse(self._rating(order))
        self._ask(days=7, hours=23)
        self.assertEqual(self._rating(order).state, "asked")

    def test_who_refused_surveys_is_left_in_peace(self):
        self.customer._record_car_answer(False, "desk", purpose="survey")
        order = self._delivered()
        self._ask()
        rating = self._rating(order)
        self.assertEqual(rating.state, "skipped")
        self.assertEqual(rating.skip_reason, "refused")
        self.assertFalse(rating.asked_at or self._get_mails())
        self.customer._record_car_answer(True, "desk", purpose="survey")
        self._ask(days=2)
        self.assertFalse(self._get_mails(), "what was decided is not asked again")

    def test_refusal_of_one_channel_leaves_the_other(self):
        self.company.car_rating_sms = True
        self.customer._record_car_answer(False, "desk", channel="mail")
        order = self._delivered()
        self._ask()
        self.assertEqual(self._rating(order).asked_by, "sms")
        self.assertFalse(self._get_mails())
        self.assertEqual(len(self._get_sms()), 1)
        self.assertEqual(self._get_sms().state, "outgoing")

    def test_sms_reaches_whom_no_mail_reaches(self):
        self.company.car_rating_sms = True
        self.customer.email = False
        order = self._delivered()
        self._ask()
        sms = self._get_sms()
        self.assertEqual(sms.number, self.customer._phone_format(fname="phone"))
        self.assertIn(self._rating(order)._get_url(), sms.body)
        self.assertFalse(
            order.message_ids.filtered(lambda m: "/car/rate/" in (m.body or "")),
            "the address is the customer's alone",
        )

    def test_without_any_address_nobody_is_asked(self):
        self.customer.write({"email": False, "phone": False})
        order = self._delivered()
        self._ask()
        self.assertEqual(self._rating(order).skip_reason, "unreachable")

    def test_contact_of_the_visit_is_asked_before_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Driver", "email": "driver@example.com"}
        )
        order = self._delivered(contact_id=contact.id)
        self._ask()
        self.assertEqual(self._get_mails().recipient_ids, contact)
        self.assertEqual(self._rating(order).partner_id, contact)

    def test_cars_of_the_house_and_internal_work_are_not_asked_about(self):
        own = self._delivered(partner_id=self.company.partner_id.id)
        internal = self._delivered(
            type_id=self.env.ref("car_aftersales.car_repair_type_internal").id
        )
        self._ask()
        self.assertEqual(self._rating(own).skip_reason, "own")
        self.assertFalse(self._rating(internal))
        self.assertFalse(self._get_mails())

    def test_switched_off_nobody_is_asked(self):
        self.company.car_rating_mail = False
        order = self._delivered()
        self._ask()
        self.assertFalse(self._rating(order))

    def test_answer_from_the_paper_needs_no_message(self):
        self.company.car_rating_paper = True
        order = self._delivered()
        url = order.with_user(self.user_cashier)._get_rating_url()
        rating = self._rating(order)
        self.assertEqual(url, rating._get_url())
        self.assertEqual(rating.asked_by, "paper")
        rating._answer(9)
        self._ask()
        self.assertFalse(self._get_mails())
        self.assertFalse(order._get_rating_url(), "it is answered")

    def test_who_did_not_use_the_paper_gets_one_message(self):
        self.company.car_rating_paper = True
        order = self._delivered()
        order._get_rating_url()
        self._ask()
        self._ask(days=2)
        self.assertEqual(len(self._get_mails()), 1)
        self.assertEqual(len(self._rating(order)), 1)

    def test_paper_shows_the_code_only_where_switched_on_and_allowed(self):
        order = self._delivered()
        self.assertFalse(order._get_rating_url())
        self.company.car_rating_paper = True
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "car_aftersales.car_repair_order_report_pickup", order.ids
            )[0]
            .decode()
        )
        self.assertIn('name="rating"', html)
        self.customer._record_car_answer(False, "desk", purpose="survey")
        self.assertFalse(order._get_rating_url())

    def test_visit_has_one_rating(self):
        order = self._delivered()
        ratings = self.env["car.satisfaction"]
        self.assertEqual(ratings._get_for(order), ratings._get_for(order))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            ratings.create({"order_id": order.id})

    def test_many_are_asked_in_as_many_queries_as_few(self):
        def count(orders):
            for order in orders:
                self.assertTrue(order)
            ratings = self.env["car.satisfaction"]._get_for(orders)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            refused = ratings.partner_id._get_car_refused("survey", "mail")
            self.assertFalse(refused)
            return self.env.cr.sql_log_count - before

        few = count(self._delivered())
        many = self.env["car.repair.order"]
        for _number in range(5):
            many |= self._delivered()
        self.assertEqual(count(many), few)


@tagged("post_install", "-at_install")
class TestCarSatisfactionAnswer(SatisfactionCommon):
    """What becomes of an answer."""

    def test_answer_counts_once(self):
        rating = self._rated(10)
        self.assertEqual(rating.state, "answered")
        self.assertEqual(rating.group, "promoter")
        self.assertEqual(rating.answered_at, FROZEN_NOW)
        with self.assertRefused("closed"):
            rating._answer(0)
        self.assertEqual(rating.score, 10)

    def test_groups_are_those_of_the_nps(self):
        for score, group in (
            (0, "detractor"),
            (6, "detractor"),
            (7, "passive"),
            (8, "passive"),
            (9, "promoter"),
            (10, "promoter"),
        ):
            with self.subTest(score):
                self.assertEqual(self._rated(score).group, group)

    def test_number_outside_the_scale_is_refused(self):
        rating = self.env["car.satisfaction"]._get_for(self._delivered())
        for score in (-1, 11):
            with self.assertRefused("from 0 to 10"):
                rating._answer(score)

    def test_low_rating_opens_a_complaint(self):
        order = self._delivered()
        rating = self.env["car.satisfaction"]._get_for(order)
        rating._answer(3, "The brake still squeaks")
        complaint = rating.complaint_id
        self.assertEqual(complaint.channel, "rating")
        self.assertEqual(complaint.rating_score, 3)
        self.assertEqual(complaint.order_id, order)
        self.assertEqual(complaint.job_id, order.job_ids)
        self.assertEqual(complaint.partner_id, self.customer)
        self.assertIn("The brake still squeaks", complaint.text)
        self.assertFalse(complaint.received_by_id)

    def test_threshold_is_a_setting(self):
        self.company.car_rating_low = 2
        self.assertFalse(self._rated(3).complaint_id)
        self.assertTrue(self._rated(2).complaint_id)
        self.company.car_rating_low = -1
        self.assertFalse(self._rated(0).complaint_id)

    def test_odoos_own_rating_of_the_visit_follows(self):
        rating = self._rated(8)
        order = rating.order_id
        self.assertEqual(order.rating_ids.rating, 4.0)
        self.assertEqual(
            order.rating_ids.rated_partner_id, self.user_advisor.partner_id
        )
        self.assertEqual(order.rating_last_value, 4.0)
        self.assertEqual(self._rated(0).order_id.rating_ids.rating, 1.0)

    def test_optional_questions_are_answered_once(self):
        rating = self._rated(9)
        quality = self.env.ref("car_aftersales.car_satisfaction_question_quality")
        words = self.env.ref("car_aftersales.car_satisfaction_question_words")
        rating._complete({quality: 4, words: "  Good coffee "})
        self.assertEqual(rating.answer_ids.mapped("score"), [4, 0])
        self.assertEqual(rating.answer_ids[1].text, "Good coffee")
        with self.assertRefused("closed"):
            rating._complete({quality: 1})

    def test_stars_outside_the_scale_and_empty_words_are_left_out(self):
        rating = self._rated(9)
        quality = self.env.ref("car_aftersales.car_satisfaction_question_quality")
        words = self.env.ref("car_aftersales.car_satisfaction_question_words")
        rating._complete({quality: 6, words: " "})
        self.assertFalse(rating.answer_ids)

    def test_words_of_a_low_rating_reach_the_complaint(self):
        rating = self._rated(1)
        words = self.env.ref("car_aftersales.car_satisfaction_question_words")
        rating._complete({words: "<b>Call me</b>"})
        bodies = " ".join(rating.complaint_id.message_ids.mapped("body"))
        self.assertIn("&lt;b&gt;Call me", bodies)

    def test_it_closes_when_nobody_answered_in_time(self):
        order = self._delivered()
        self._ask()
        rating = self._rating(order)
        with self._later(days=31, hours=1), self.assertRefused("closed"):
            rating._answer(9)
        with self._later(days=30):
            rating._answer(9)

    def test_nobody_in_the_house_types_or_mends_a_rating(self):
        rating = self._rated(2)
        for user in (self.user_advisor, self.user_follow_up_clerk, self.user_manager):
            with self.assertRaises(AccessError):
                rating.with_user(user).write({"score": 10})
            with self.assertRaises(AccessError):
                self.env["car.satisfaction"].with_user(user).create(
                    {"order_id": self._delivered().id}
                )
            with self.assertRaises(AccessError):
                rating.with_user(user).unlink()

    def test_address_of_a_rating_is_read_by_nobody(self):
        rating = self._rated(2)
        for user in (self.user_advisor, self.user_manager):
            with self.assertRaises(AccessError):
                rating.with_user(user).read(["token"])
            with self.assertRaises(AccessError):
                rating.with_user(user).search([("token", "=", "x")])
        with self.assertRaises(AccessError):
            rating.with_user(self.user_technician).read(["score"])

    def test_clerk_writes_down_an_answer_by_phone(self):
        order = self._delivered()
        rating = self.env["car.satisfaction"]._get_for(order)
        action = order.with_user(self.user_follow_up_clerk).action_record_rating()
        record = (
            self.env["car.satisfaction.record"]
            .with_user(self.user_follow_up_clerk)
            .with_context(**action["context"])
            .create({"score": "8", "comment": "All fine"})
        )
        self.assertEqual(len(record.line_ids), 6)
        record.line_ids[0].stars = "5"
        record.action_confirm()
        self.assertEqual(rating.score, 8)
        self.assertEqual(rating.answered_by_id, self.user_follow_up_clerk)
        self.assertEqual(rating.asked_by, "phone")
        self.assertEqual(rating.answer_ids.score, 5)

    def test_advisor_does_not_write_down_what_is_about_him(self):
        rating = self.env["car.satisfaction"]._get_for(self._delivered())
        with self.assertRaises(AccessError):
            self.env["car.satisfaction.record"].with_user(self.user_advisor).create(
                {"satisfaction_id": rating.id, "score": "10"}
            )

    def test_rating_by_phone_waits_for_the_delivery(self):
        order = self._create_order()
        with self.assertRaises(UserError):
            order.with_user(self.user_follow_up_clerk).action_record_rating()


@tagged("post_install", "-at_install")
class TestCarSatisfactionReport(SatisfactionCommon):
    """NPS, CSI and response rate, right in every grouping."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technicians = cls.env["car.technician"].create(
            [{"name": "Chen"}, {"name": "Li"}]
        )
        cls.team = cls.env["car.workshop.team"].create({"name": "Team A"})

    def _read(self, groupby=(), **domain):
        specs = [
            "asked_count:count_distinct",
            "answered_count:count_distinct",
            "promoter_count:count_distinct",
            "detractor_count:count_distinct",
            "nps:avg",
            "csi:avg",
            "response_rate:avg",
        ]
        self.env.flush_all()
        return (
            self.env["car.satisfaction.report"]
            .with_user(self.user_supervisor)
            ._read_group(list(domain.get("domain", [])), groupby, specs)
        )

    def _work(self, rating, technicians):
        rating.order_id.job_ids.sudo().with_context(tracking_disable=True)
        self.env.cr.execute(
            "UPDATE car_repair_job SET team_id = %s WHERE order_id = %s",
            (self.team.id, rating.order_id.id),
        )
        for technician in technicians:
            self.env.cr.execute(
                "INSERT INTO car_repair_job_car_technician_rel"
                " (car_repair_job_id, car_technician_id) VALUES (%s, %s)",
                (rating.order_id.job_ids.id, technician.id),
            )
        self.env.invalidate_all()

    def test_ratios_are_divided_after_summing(self):
        for score in (10, 9, 8, 3):
            self._rated(score)
        self._delivered()
        self._ask()
        [(asked, answered, promoters, detractors, nps, csi, rate)] = self._read()
        self.assertEqual((asked, answered, promoters, detractors), (5, 4, 2, 1))
        self.assertAlmostEqual(nps, 25.0)
        self.assertAlmostEqual(csi, 75.0)
        self.assertAlmostEqual(rate, 80.0)

    def test_stars_count_for_the_csi_on_the_same_scale(self):
        rating = self._rated(10)
        questions = self.env["car.satisfaction.question"].search(
            [("kind", "=", "score")]
        )
        rating._complete({questions[0]: 5, questions[1]: 1})
        [row] = self._read()
        self.assertAlmostEqual(row[5], (100 + 100 + 0) / 3)
        self.assertEqual(row[1], 1)

    def test_two_technicians_share_a_visit_and_count_it_once(self):
        self._work(self._rated(10), self.technicians)
        self._work(self._rated(0), self.technicians[0])
        [total] = self._read()
        self.assertEqual(total[:4], (2, 2, 1, 1))
        self.assertAlmostEqual(total[4], 0.0)
        self.assertAlmostEqual(total[5], 50.0)
        by_technician = {row[0]: row[1:] for row in self._read(["technician_id"])}
        chen, li = (by_technician[technician] for technician in self.technicians)
        self.assertEqual(chen[:4], (2, 2, 1, 1))
        self.assertEqual(li[:4], (1, 1, 1, 0))
        self.assertAlmostEqual(li[4], 100.0)
        self.assertAlmostEqual(chen[5], 100 * 0.5 / 1.5)
        [(team, *row)] = self._read(["team_id"])
        self.assertEqual(team, self.team)
        self.assertEqual(tuple(row), total)

    def test_web_client_gets_the_same_figures(self):
        self._work(self._rated(10), self.technicians)
        self._rated(0)
        self.env.flush_all()
        report = self.env["car.satisfaction.report"].with_user(self.user_supervisor)
        groups = report.formatted_read_grouping_sets(
            [], [[], ["advisor_id"], ["delivered_at:month"]], ["nps:avg", "csi:avg"]
        )
        for group in groups:
            self.assertAlmostEqual(group[0]["nps:avg"], 0.0)
            self.assertAlmostEqual(group[0]["csi:avg"], 50.0)
        self.assertEqual(len(report.search([])), 3)

    def test_nobody_asked_divides_by_nothing(self):
        self.env["car.satisfaction"]._get_for(self._delivered())
        [row] = self._read()
        self.assertFalse(any(row))

    def test_supervisors_see_their_company_and_technicians_nothing(self):
        self._rated(10)
        other = self.env["res.company"].create({"name": "Other dealer"})
        manager = self.user_manager
        manager.write({"company_ids": [(4, other.id)]})
        report = self.env["car.satisfaction.report"].with_user(manager)
        self.assertFalse(report.with_context(allowed_company_ids=other.ids).search([]))
        self.assertTrue(report.search([]))
        for user in (self.user_technician, self.user_advisor, self.user_gate):
            with self.assertRaises(AccessError):
                report.with_user(user).search([])
