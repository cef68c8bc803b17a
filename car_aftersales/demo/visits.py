"""Visits of the demo dealer, played through the public actions."""

from odoo.fields import Command

from .arrivals import play_arrivals
from .bookings import play_bookings
from .campaigns import play_campaigns
from .dealer import Dealer
from .intake import play_intake
from .shelves import fill_shelves, give_past, translate_products
from .visit_builders import SERVICED, add_payer, repair, service, work
from .visits_present import play_not_repaired, play_present


def play_visits(env):
    """Buy parts, give the cars their past, and play visits in every state."""
    if env["car.repair.order"].search([], limit=1):
        return
    translate_products(env)
    dealer = Dealer(env)
    fill_shelves(env, dealer)
    give_past(env, dealer)
    play_delivered(dealer)
    play_paid_by_others(dealer)
    play_present(dealer)
    play_not_repaired(dealer)
    play_bookings(dealer)
    play_intake(dealer)
    play_arrivals(dealer)
    play_campaigns(dealer)
    env["car.technician.day"]._cron_refresh()


DELIVERED = [
    # car, package, complaint, days ago, findings, channel
    ("01", "vw_minor", "例行保养", 43, SERVICED, "signature"),
    (
        "02",
        "ty_major",
        "四万公里保养，空调有异味",
        35,
        ("空调滤清器脏污", "完成大保养并更换空调滤清器"),
        "signature",
    ),
    ("08", "byd_dmi", "提示保养灯亮", 16, SERVICED, "signature"),
    (
        "12",
        "ev_check",
        "年度检查，准备长途自驾",
        10,
        ("年度检查", "高压系统绝缘正常，轮胎已换位"),
        "signature",
    ),
    ("10", "ty_minor", "例行保养", 7, SERVICED, "signature"),
    ("26", "ty_minor", "营运车辆保养", 4, SERVICED, "signature"),
]


def play_delivered(dealer):
    """Play services of the last weeks: the customer paid and left."""
    for number, package, complaint, days, finding, channel in DELIVERED:
        order = dealer.receive(
            dealer.ref(f"vehicle_{number}"),
            [service(dealer, package, complaint)],
            days_ago=days,
            type_id=dealer.type("maintenance").id,
        )
        dealer.estimate(order)
        dealer.authorize(order, channel=channel)
        work(dealer, order, "mechanical", ["li"], [finding])
        dealer.bill(order, days)
        if number == "26":
            payer = dealer.by("manager", order).payer_ids
            payer.action_authorize_credit("大客户协议，月结")
        else:
            dealer.pay(order, days)
        dealer.leave(order)
        dealer.date_back(order, days)


def play_paid_by_others(dealer):
    """Play visits that maker, insurer and the house pay for."""
    play_warranty(dealer)
    play_accident(dealer)
    play_goodwill(dealer)
    play_internal(dealer)


def play_warranty(dealer):
    order = dealer.receive(
        dealer.ref("vehicle_21"),
        [
            repair(
                dealer,
                "充电到 80% 后报动力电池故障",
                "traction_battery",
                ("labor_hv_check",),
                ("labor_hv_sensor",),
                ("part_by_bms_sensor",),
            )
        ],
        days_ago=28,
        type_id=dealer.type("warranty").id,
    )
    maker = add_payer(dealer, order, "warranty", "maker_byd", reference="SP-2301187")
    dealer.by("advisor", order.line_ids).write({"payer_id": maker.id})
    dealer.estimate(order)
    dealer.authorize(order)
    finding = ("温度传感器阻值漂移", "更换动力电池温度传感器，清除故障码，充电测试正常")
    work(dealer, order, "energy", ["liu", "yang"], [finding])
    dealer.bill(order, 28)
    dealer.leave(order)
    dealer.date_back(order, 28)


def play_accident(dealer):
    order = dealer.receive(
        dealer.ref("vehicle_04"),
        [
            repair(
                dealer,
                "停车时被追尾方倒车撞坏前杠和左大灯",
                "body",
                ("labor_bumper",),
                ("part_vw_bumper",),
                ("labor_paint_panel",),
                ("labor_headlight",),
                ("part_vw_headlight",),
            )
        ],
        days_ago=21,
        promised_hour=18,
        type_id=dealer.type("accident").id,
    )
    insurer = add_payer(
        dealer,
        order,
        "insurer",
        "insurer_taihe",
        reference="LP2023110488",
        deductible_amount=500.0,
    )
    dealer.by("advisor", order.line_ids).write({"payer_id": insurer.id})
    dealer.estimate(order)
    dealer.authorize(order)
    finding = ("碰撞损坏", "更换前保险杠蒙皮及左前大灯，喷漆并校准灯光")
    work(dealer, order, "body", ["qian", "xu"], [finding])
    dealer.bill(order, 21)
    dealer.pay(order, 21)
    dealer.leave(order)
    dealer.date_back(order, 21, hour=17)


def play_goodwill(dealer):
    order = dealer.receive(
        dealer.ref("vehicle_07"),
        [
            repair(
                dealer,
                "低速制动有尖叫声，上次刚换过制动片",
                "brakes",
                ("labor_front_pads",),
                ("part_ty_front_pads",),
                ("labor_front_discs",),
                ("part_ty_front_disc", 2),
            )
        ],
        days_ago=13,
    )
    house = add_payer(dealer, order, "goodwill")
    lines = dealer.by("advisor", order.line_ids)
    lines[:1].payer_id = house
    lines[1:2].share_ids = [
        Command.create({"payer_id": order._get_customer_payer().id, "percent": 50}),
        Command.create({"payer_id": house.id, "percent": 50}),
    ]
    dealer.estimate(order)
    dealer.authorize(order)
    dealer.authorize_house(order)
    finding = ("制动盘表面有沟槽", "更换前制动盘和制动片，路试无异响")
    work(dealer, order, "mechanical", ["zhang"], [finding])
    dealer.bill(order, 13)
    dealer.pay(order, 13)
    dealer.leave(order)
    dealer.date_back(order, 13)


def play_internal(dealer):
    """Make a car of our own ready for sale."""
    vehicle = (
        dealer.env["car.vehicle"]
        .sudo()
        .create(
            {
                "vin": "LGXC14DF0P0018826",
                "model_id": dealer.ref("model_dolphin").id,
                "color": "粉色",
                "owner_id": dealer.company.partner_id.id,
                "odometer_km": 35,
            }
        )
    )
    order = dealer.receive(
        vehicle,
        [
            repair(
                dealer,
                "新车交付前检查，加装脚垫",
                "general_service",
                ("labor_inspection_40",),
                ("labor_hv_check",),
                ("part_key_battery", 2),
            )
        ],
        days_ago=1,
        type_id=dealer.type("pdi").id,
    )
    house = add_payer(dealer, order, "internal")
    dealer.by("advisor", order.line_ids).write({"payer_id": house.id})
    dealer.estimate(order)
    dealer.authorize_house(order)
    finding = ("新车交付", "检查合格，遥控钥匙已换电池")
    work(dealer, order, "energy", ["yang"], [finding])
    dealer.bill(order)
