import base64

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .claims_common import ClaimsCommon


@tagged("post_install", "-at_install")
class TestClaimImport(ClaimsCommon):
    """The maker's file of answers is read as a whole, or not at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oil.default_code = "OIL-5W30"
        cls.labor.default_code = "LAB-100"
        cls.layout = cls.env["car.warranty.claim.format"].create(
            {
                "name": "Importer",
                "return_word": "BACK",
                "column_ids": [
                    Command.create({"field": field, "title": title})
                    for field, title in {
                        "claim": "Claim",
                        "maker_reference": "Our No.",
                        "code": "Part",
                        "accepted": "Paid",
                        "reason": "Remark",
                        "decision": "Result",
                    }.items()
                ],
            }
        )

    def _import(self, *rows, header=None, user=None, encoding="utf-8"):
        text = "\r\n".join([header or "Claim,Our No.,Part,Paid,Remark,Result", *rows])
        dialog = (
            self.env["car.warranty.claim.import"]
            .with_user(user or self.user_warranty_clerk)
            .create(
                {
                    "format_id": self.layout.id,
                    "file_data": base64.b64encode(text.encode(encoding)),
                }
            )
        )
        dialog.action_import()
        return dialog

    def test_answers_are_read_by_line(self):
        claim = self._send(self._deliver())
        dialog = self._import(
            f"{claim.name},M-77,LAB-100,250.00,Own time 1.2 h,",
            f"{claim.name},M-77,W 712,50,,",
            "",
            f'{claim.name},M-77,OIL-5W30,"280.00",,',
        )
        self.assertFalse(dialog.errors)
        self.assertEqual((claim.state, claim.maker_reference), ("partly", "M-77"))
        self.assertEqual(claim.line_ids.mapped("amount_accepted"), [250.0, 50.0, 280.0])
        self.assertEqual(claim.line_ids[0].refusal_reason, "Own time 1.2 h")
        self.assertAlmostEqual(self._net(claim), 580)

    def test_whole_claims_need_no_lines(self):
        self._receive(self.oil, 10, 40.0)
        first = self._send(self._deliver())
        second = self._send(
            self._deliver(
                vehicle_id=self._create_vehicle(license_plate="京B00001", vin=False).id
            )
        )
        third = self._send(
            self._deliver(
                vehicle_id=self._create_vehicle(license_plate="京B00002", vin=False).id
            )
        )
        self._import(
            f'{first.name},,,"630.00",,',
            f"{second.name},,,0,Out of term,",
            f"{third.name},,,,Photos are missing,BACK",
        )
        self.assertEqual(
            [claim.state for claim in (first, second, third)],
            ["approved", "rejected", "returned"],
        )
        self.assertEqual(third.return_reason, "Photos are missing")

    def test_errors_are_told_by_line_and_nothing_is_done(self):
        claim = self._send(self._deliver())
        other = self._collect(
            self._deliver(
                vehicle_id=self._create_vehicle(license_plate="京B00003", vin=False).id
            )
        )
        dialog = self._import(
            f"{claim.name},,LAB-100,300,,",
            f"{claim.name},,W 712,51,,",
            f"{claim.name},,OIL-5W30,abc,,",
            f"{claim.name},,NO-SUCH,1,,",
            "WC/0000,,LAB-100,300,,",
            f"{claim.name},,LAB-100,299,,",
            f"{claim.name},,LAB-100,299,Twice,",
            f"{claim.name},,,100,Some,",
            f"{other.name},,,630,,",
        )
        errors = dialog.errors.split("\n")
        self.assertEqual(
            [error.split(":")[0] for error in errors[:7]],
            [f"Line {number}" for number in (3, 4, 5, 6, 7, 8, 9)],
        )
        self.assertIn("what is accepted lies between", dialog.errors)
        self.assertIn("no amount", dialog.errors)
        self.assertIn("answered twice", dialog.errors)
        self.assertIn("say by line", dialog.errors)
        self.assertIn("only what was sent", dialog.errors)
        self.assertIn("the answer lacks", dialog.errors)
        self.assertEqual(claim.state, "submitted")
        self.assertFalse(any(claim.line_ids.mapped("amount_accepted")))

    def test_makers_way_of_writing(self):
        self.layout.write(
            {"encoding": "gb18030", "delimiter": ";", "decimal_point": ","}
        )
        claim = self._send(self._deliver())
        self._import(
            f"{claim.name};;LAB-100;250,00;工时过高;",
            f"{claim.name};;W 712;50,00;;",
            f"{claim.name};;OIL-5W30;280,00;;",
            header="Claim;Our No.;Part;Paid;Remark;Result",
            encoding="gb18030",
        )
        self.assertEqual(claim.line_ids[0].refusal_reason, "工时过高")
        self.assertEqual(self.layout._parse_amount("1.234,50"), 1234.5)

    def test_file_that_cannot_be_read_is_refused(self):
        with self.assertRefused("no column Remark"):
            self._import("x", header="Claim,Our No.,Part,Paid,Result")
        with self.assertRefused("not written in"):
            self._import("好", encoding="gb18030")
        with self.assertRefused("is empty"):
            self._import(header="\n")

    def test_only_the_clerk_imports(self):
        for user in (self.user_cashier, self.user_advisor, self.user_parts_clerk):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._import("x", user=user)

    def test_format_without_number_of_the_claim_is_refused(self):
        with self.assertRaises(ValidationError):
            self.layout.column_ids.filtered(
                lambda column: column.field in ("claim", "maker_reference")
            ).unlink()
            self.layout.column_ids = [
                Command.update(self.layout.column_ids[:1].id, {"sequence": 1})
            ]
