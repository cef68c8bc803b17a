"""Campaigns, insurances and a refusal of the demo dealer."""

from datetime import timedelta

from odoo import fields

INSURANCES = [
    # car, insurer, number, kinds, ends in days, premium, sold by us
    ("01", "taihe", "PDZA2026011", ("compulsory", "commercial"), 20, 3850.0, True),
    ("02", "anbang", "ASHH3306021", ("commercial", "liability"), 12, 4260.0, False),
    ("03", "taihe", "CPIC8800457", ("compulsory",), 95, 950.0, True),
    ("04", "anbang", "ASHH3306118", ("compulsory", "commercial"), -9, 3520.0, True),
]


def play_campaigns(dealer):
    """Plan a lecture, decide a free inspection week, and write policies down."""
    play_campaign(dealer)
    play_insurances(dealer)
    dealer.env["car.customer.value"].sudo()._refresh(
        dealer.company,
        dealer.env["car.repair.order"]
        .sudo()
        .search([("id", "!=", False)])
        .partner_id.ids,
    )


def play_campaign(dealer):
    today = dealer.company._get_car_today()
    campaigns = dealer.by("supervisor", dealer.env["car.campaign"])
    week = campaigns.create(
        {
            "name": "免费检测周：制动与轮胎",
            "kind": "inspection",
            "date_from": today + timedelta(days=28),
            "date_to": today + timedelta(days=34),
            "place": "本公司维修车间",
            "content": "制动、轮胎、底盘 26 项免费检测，检测后出具健康检查报告。",
            "talk": "您好，我们下月举办免费检测周，您的爱车可以免费做 26 项检测，"
            "您看哪天方便过来？",
            "budget": 6000.0,
        }
    )
    week.action_decide()
    campaigns.create(
        {
            "name": "汽车运用新知识晚会",
            "kind": "lecture",
            "date_from": today + timedelta(days=52),
            "date_to": today + timedelta(days=52),
            "time_text": "19:00—21:00",
            "place": "客户休息室二楼",
            "content": "新能源汽车冬季用车与电池保养，专家讲座并答疑。",
            "vehicle_domain": "[('energy', 'in', ['electric', 'plug_in'])]",
            "budget": 3000.0,
        }
    )


def play_insurances(dealer):
    today = dealer.company._get_car_today()
    policies = dealer.by("advisor", dealer.env["car.insurance.policy"])
    for number, insurer, name, kinds, days, premium, is_ours in INSURANCES:
        ends = today + timedelta(days=days)
        policies.create(
            {
                "name": name,
                "vehicle_id": dealer.ref(f"vehicle_{number}").id,
                "insurer_id": dealer.ref(f"partner_insurer_{insurer}").id,
                "kind_ids": [
                    fields.Command.set(
                        [
                            dealer.env.ref(
                                f"car_aftersales.car_insurance_kind_{kind}"
                            ).id
                            for kind in kinds
                        ]
                    )
                ],
                "date_from": fields.Date.add(ends, years=-1, days=1),
                "date_to": ends,
                "premium": premium,
                "is_sold_by_us": is_ours,
            }
        )
