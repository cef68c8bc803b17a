from odoo.tests import tagged, users
from odoo.tools import file_open, html2plaintext

from .three_common import CarThreeGuaranteeCommon


@tagged("post_install", "-at_install")
class TestThreeGuaranteeOpen(CarThreeGuaranteeCommon):
    """Terms and articles that are delivered empty are shown and filled in easily."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wear_parts = cls.env["car.three.guarantee.wear.part"].search([])
        cls.wear_parts.write({"months": 0, "km": 0})

    def _get_settings(self):
        return self.env["res.config.settings"].create({})

    def test_settings_count_what_is_empty_and_open_it(self):
        settings = self._get_settings()
        self.assertEqual(settings.car_cn_open_wear_count, len(self.wear_parts))
        action = settings.action_open_car_cn_wear_parts()
        self.assertEqual(action["res_model"], "car.three.guarantee.wear.part")
        self.wear_parts[0].months = 6
        self.wear_parts[1].km = 5000
        settings = self._get_settings()
        self.assertEqual(settings.car_cn_open_wear_count, len(self.wear_parts) - 2)

    def test_the_list_says_what_is_printed_or_to_be_filled_in(self):
        part = self.wear_parts[0]
        self.assertIn("To be filled in", part.term_text)
        part.write({"months": 6, "km": 10000})
        self.assertEqual(part.term_text, "6 months or 10000 km")
        part.months = 0
        self.assertEqual(part.term_text, "10000 km")

    def test_a_version_counts_its_clauses_without_an_article(self):
        clauses = self.rule_43.clause_ids
        clauses.article = "Article 24"
        self.assertEqual(self.rule_43.open_article_count, 0)
        before = self._get_settings().car_cn_open_article_count
        clauses[0].article = False
        self.assertEqual(self.rule_43.open_article_count, 1)
        settings = self._get_settings()
        self.assertEqual(settings.car_cn_open_article_count, before + 1)

    @users("car_supervisor")
    def test_the_sample_file_fills_the_terms_of_the_same_parts(self):
        wear_parts = self.env["car.three.guarantee.wear.part"]
        for lang in ("en_US", "zh_CN"):
            [template] = wear_parts.with_context(lang=lang).get_import_templates()
            with file_open(template["template"].lstrip("/"), "rb") as sample:
                content = sample.read().decode("utf-8-sig")
            # The house writes its terms behind each part.
            head, *rows = content.splitlines()
            filled = [row.replace(",,,", ",6,10000,") for row in rows]
            wizard = wear_parts.env["base_import.import"].create(
                {
                    "res_model": "car.three.guarantee.wear.part",
                    "file": "\n".join([head, *filled]).encode(),
                    "file_name": "wear_parts.csv",
                    "file_type": "text/csv",
                }
            )
            options = {"has_headers": True, "quoting": '"', "separator": ","}
            preview = wizard.parse_preview({**options, "encoding": "utf-8"})
            self.assertEqual(len(preview["preview"]), 4)
            result = wizard.execute_import(
                ["name", "months", "km", "id"], preview["headers"], preview["options"]
            )
            self.assertFalse(result["messages"])
            self.assertEqual(set(result["ids"]), set(self.wear_parts.ids))
        self.assertEqual(set(self.wear_parts.mapped("km")), {10000})

    def test_the_sample_file_matches_the_columns_by_itself(self):
        wear_parts = self.env["car.three.guarantee.wear.part"]
        [template] = wear_parts.get_import_templates()
        with file_open(template["template"].lstrip("/"), "rb") as sample:
            content = sample.read()
        wizard = self.env["base_import.import"].create(
            {
                "res_model": "car.three.guarantee.wear.part",
                "file": content,
                "file_name": "wear_parts.csv",
                "file_type": "text/csv",
            }
        )
        options = {"has_headers": True, "quoting": '"', "separator": ","}
        matches = wizard.parse_preview({**options, "encoding": "utf-8"})["matches"]
        fields = [matches[index][0] for index in range(4)]
        self.assertEqual(fields, ["name", "months", "km", "id"])

    def test_the_certificate_refers_to_the_maker_where_no_term_is_given(self):
        self.wear_parts[0].write({"months": 6, "km": 0})
        report = self.env["ir.actions.report"].with_user(self.user_supervisor)
        html = report._render_qweb_html(
            "l10n_cn_car_aftersales.report_three_certificate", self.vehicle.ids
        )[0]
        text = html2plaintext(html.decode())
        told = text.count("As the maker's booklet says")
        self.assertEqual(told, len(self.wear_parts) - 1)
