"""Enquiries and appointments of the demo dealer, made through the public actions."""

from odoo import fields
from odoo.fields import Command


def play_bookings(dealer):
    """Open the workshop every day, then log enquiries and book cars."""
    open_workshop(dealer)
    play_enquiries(dealer)
    play_past(dealer)
    play_coming(dealer)


def open_workshop(dealer):
    """Give the teams the hours of a dealer: every day, morning and afternoon."""
    calendar = dealer.env["resource.calendar"].create(
        {
            "name": "维修车间工时",
            "tz": "Asia/Shanghai",
            "company_id": dealer.company.id,
            "attendance_ids": [Command.clear()]
            + [
                Command.create(
                    {
                        "name": f"{name}{half}",
                        "dayofweek": str(day),
                        "hour_from": begin,
                        "hour_to": end,
                        "day_period": period,
                    }
                )
                for day, name in enumerate("一二三四五六日")
                for half, begin, end, period in (
                    ("上午", 8.5, 12.0, "morning"),
                    ("下午", 13.0, 17.5, "afternoon"),
                )
            ],
        }
    )
    teams = [dealer.ref(f"team_{name}") for name in ("mechanical", "energy", "body")]
    for team in teams:
        team.sudo().resource_calendar_id = calendar
        team.member_ids.sudo().write(
            {"resource_calendar_id": calendar.id, "tz": "Asia/Shanghai"}
        )


ENQUIRIES = [
    # channel, topic, who, question, answer
    (
        "phone",
        "price",
        {
            "contact_name": "许先生",
            "phone": "139 1055 2210",
            "license_plate": "京N51Q20",
        },
        "四条轮胎更换和四轮定位大概多少钱?",
        "按规格报价 2,600 至 3,200 元，含动平衡和定位，已发价目表。",
    ),
    (
        "walk_in",
        "warranty",
        {"vehicle": "06"},
        "动力电池质保是几年？续航掉得快可以检测吗?",
        "三电系统质保八年或 15 万公里，可预约免费检测电池健康度。",
    ),
    (
        "message",
        "parts",
        {"contact_name": "梁女士", "phone": "186 1177 3046"},
        "后视镜外壳有没有珍珠白的原厂件?",
        False,
    ),
    (
        "phone",
        "insurance",
        {"vehicle": "20"},
        "追尾后对方全责，直接开过来定损可以吗?",
        "可以，请带行驶证、驾驶证和事故认定书，到店由顾问联系保险公司。",
    ),
]


def play_enquiries(dealer):
    enquiries = dealer.by("advisor", dealer.env["car.enquiry"])
    for channel, topic, who, question, answer in ENQUIRIES:
        enquiries.create(
            {
                "channel": channel,
                "topic": topic,
                "question": question,
                "answer": answer,
                **get_caller(dealer, who),
            }
        )


def get_caller(dealer, who):
    """Return the values of a caller: a car of ours, or name, phone and plate."""
    if "vehicle" in who:
        return {"vehicle_id": dealer.ref(f"vehicle_{who['vehicle']}").id}
    return who


def book(dealer, who, team, start, items, login="advisor", **values):
    """Make an appointment; items are packages, or words with their hours."""
    lines = [
        {"package_id": dealer.ref(f"package_{item}").id}
        if isinstance(item, str)
        else {"name": item[0], "hours": item[1]}
        for item in items
    ]
    return dealer.by(login, dealer.env["car.appointment"]).create(
        {
            **get_caller(dealer, who),
            "team_id": dealer.ref(f"team_{team}").id,
            "start_at": start,
            "line_ids": [Command.create(line) for line in lines],
            **values,
        }
    )


def play_past(dealer):
    """A customer who did not come, and one who called off."""
    missed = book_next(dealer, {"vehicle": "37"}, "mechanical", ["vw_minor"])
    past = dealer.at(1, 14)
    dealer._write_past(missed, start_at=past, start_day=past.date())
    missed.action_miss()
    called_off = book_next(
        dealer, {"vehicle": "38"}, "mechanical", ["ty_minor"], dealer.at(-2, 10)
    )
    called_off.action_cancel()


def play_coming(dealer):
    """Cars that are expected today, tomorrow and later, and one that has arrived."""
    arriving = book_next(dealer, {"vehicle": "28"}, "mechanical", ["vw_minor"])
    arriving.action_arrive()
    book_next(dealer, {"vehicle": "17"}, "energy", ["ev_check"])
    coming = [
        ({"vehicle": "01"}, "mechanical", (9, 0), ["vw_major"], {}),
        (
            {
                "contact_name": "陆先生",
                "phone": "137 0102 8864",
                "license_plate": "京N66Q88",
            },
            "mechanical",
            (9, 0),
            [("右前轮转弯时异响", 1.5)],
            {"note": "客户在店等候"},
        ),
        (
            {"vehicle": "03"},
            "energy",
            (9, 30),
            ["ev_care"],
            {"skill_id": dealer.ref("skill_high_voltage").id},
        ),
        (
            {"vehicle": "05"},
            "mechanical",
            (13, 30),
            ["ty_minor", ("空调出风口有异味", 0.5)],
            {"channel": "follow_up", "login": "followup"},
        ),
        (
            {"vehicle": "35"},
            "body",
            (8, 30),
            [("左后门划痕，钣金喷漆", 5.0)],
            {"note": "需要代步车"},
        ),
    ]
    for who, team, (hour, minute), items, values in coming:
        wish = dealer.at(-1, hour, minute)
        book_next(dealer, who, team, items, wish, **values)
    put_aside(dealer)
    book(dealer, {"vehicle": "13"}, "energy", dealer.at(-3, 10), ["brake_fluid"])


def book_next(dealer, who, team, items, wish=None, **values):
    """Book the first free time from the wished one on, as the customer agrees."""
    draft = book(dealer, who, team, wish or fields.Datetime.now(), items, **values)
    draft.action_propose()
    draft.proposal_ids[:1].action_take()
    return draft


def put_aside(dealer):
    """Let the parts clerk lay out the first car's parts."""
    appointment = dealer.env["car.appointment"].search(
        [
            ("state", "=", "confirmed"),
            ("vehicle_id", "=", dealer.ref("vehicle_01").id),
        ]
    )
    parts = dealer.by("parts", appointment).part_ids
    parts.filtered(lambda part: part.availability == "ready").action_put_aside()
