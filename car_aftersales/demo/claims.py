"""Claims of the demo dealer: one sent and approved in part, with its old part."""

from odoo.fields import Command


def play_claims(dealer):
    """Collect what the maker pays, send it, and enter his answer."""
    maker = _agree_terms(dealer)
    dealer.env.flush_all()
    rows = dealer.by("warranty", dealer.env["car.warranty.unclaimed"]).search(
        [("partner_id", "=", maker.partner_id.id)]
    )
    claims = dealer.by("warranty", dealer.env["car.warranty.claim"])._collect(rows)
    for claim in claims:
        claim.write(
            {
                "fault_code": claim.fault_code or "P0A9B",
                "odometer_out_km": claim.odometer_out_km or claim.odometer_in_km or 1,
            }
        )
        if claim.missing:
            continue
        claim.action_tag_old_parts()
        claim.action_submit()
        dealer.by("parts", claim.old_part_ids).action_store()
        answers = {line: (line.amount_claimed, False) for line in claim.line_ids}
        labor = claim.line_ids.filtered(lambda line: line.bucket == "labor")[:1]
        if labor:
            accepted = claim.currency_id.round(labor.amount_claimed * 0.8)
            answers[labor] = (accepted, "工时按厂家标准工时核定")
        claim._record_answer(answers)


def _agree_terms(dealer):
    """Return the terms with the maker of the demo's warranty work."""
    env = dealer.env
    partner = dealer.ref("partner_maker_byd")
    terms = env["car.warranty.maker"].search([("partner_id", "=", partner.id)], limit=1)
    accounts = [
        env["account.account"].create(
            {
                "name": name,
                "code": code,
                "account_type": kind,
                "company_ids": [Command.set(dealer.company.ids)],
            }
        )
        for name, code, kind in (
            ("索赔小额差异", "660301", "expense"),
            ("索赔短付损失", "660302", "expense"),
            ("索赔多付收益", "630101", "income_other"),
        )
    ]
    tolerance, short, over = accounts
    layout = env["car.warranty.claim.format"].create(
        {
            "name": "比亚迪索赔结果",
            "encoding": "gb18030",
            "return_word": "退回",
            "column_ids": [
                Command.create({"field": field, "title": title})
                for field, title in (
                    ("claim", "索赔单号"),
                    ("maker_reference", "厂家编号"),
                    ("code", "件号/工时代码"),
                    ("accepted", "核准金额"),
                    ("reason", "扣款原因"),
                    ("decision", "结果"),
                )
            ],
        }
    )
    values = {
        "clerk_id": dealer.ref("user_warranty").id,
        "tolerance_amount": 20.0,
        "tolerance_account_id": tolerance.id,
        "short_account_id": short.id,
        "over_account_id": over.id,
        "requires_fault_code": True,
        "format_id": layout.id,
    }
    if terms:
        terms.write(values)
        return terms
    return env["car.warranty.maker"].create({"partner_id": partner.id, **values})
