"""Shelves, cars and visits of the demo dealer, played through the public actions."""

import csv
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tools import file_open

from .dealer import Dealer

# What lies on the shelf where it is not a dozen
# These are bought when a customer needs one.
EMPTY_SHELF = {"part_vw_steering_rack_demo", "part_vw_alternator_demo"}
STOCK = {
    "part_vw_oil_filter_14_demo": 40,
    "part_oil_5w30_demo": 160,
    "part_ty_oil_0w20_demo": 120,
    "part_ty_oil_filter_demo": 40,
    "part_by_oil_filter_demo": 30,
    "part_vw_spark_plug_demo": 40,
    "part_by_gear_oil_demo": 40,
    "part_by_coolant_demo": 24,
    "part_vw_headlight_demo": 2,
    "part_ty_hv_battery_demo": 1,
    "part_by_obc_demo": 1,
    "part_by_compressor_demo": 1,
    "part_used_door_demo": 1,
}


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


def translate_products(env):
    """Name products in Chinese now: lines take the name in the customer's language.

    Installing would do it too late, and not for variants.
    """
    if "zh_CN" not in dict(env["res.lang"].get_installed()):
        return
    for kind in ("part", "labor", "other"):
        with file_open(f"car_aftersales/demo/product.product-{kind}.csv") as source:
            for row in csv.DictReader(source):
                product = env.ref(f"car_aftersales.{row['id']}")
                product.with_context(lang="zh_CN").name = row["name@zh_CN"]


# === STOCK === #


def fill_shelves(env, dealer):
    """Buy the opening stock from its vendors: order, receipt, bill."""
    with file_open("car_aftersales/demo/product.supplierinfo.csv") as source:
        rows = list(csv.DictReader(source))
    by_vendor = {}
    for row in rows:
        product = env.ref(f"car_aftersales.{row['product_id:id']}")
        if product.type == "consu" and row["product_id:id"] not in EMPTY_SHELF:
            by_vendor.setdefault(row["partner_id:id"], []).append((row, product))
    day = fields.Date.context_today(env["purchase.order"]) - timedelta(days=75)
    orders = env["purchase.order"].create(
        [
            {
                "partner_id": env.ref(f"car_aftersales.{vendor}").id,
                "company_id": dealer.company.id,
                "date_order": day,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": STOCK.get(row["product_id:id"], 12),
                            "price_unit": float(row["price"]),
                        }
                    )
                    for row, product in products
                ],
            }
            for vendor, products in by_vendor.items()
        ]
    )
    orders.button_confirm()
    orders.picking_ids.button_validate()
    orders.action_create_invoice()
    orders.invoice_ids.write({"invoice_date": day, "date": day})
    for number, bill in enumerate(orders.invoice_ids, 1):
        bill.ref = f"FP-{day:%Y%m}-{number:03d}"
    orders.invoice_ids.action_post()


# === CARS === #


def give_past(env, dealer):
    """Give each car its first registration, odometer readings and services."""
    today = fields.Date.context_today(env["car.vehicle"])
    older, newer, services = [], [], []
    minor = {
        brand: env.ref(f"car_aftersales.package_{name}_demo")
        for brand, name in (
            ("Volkswagen 大众", "vw_minor"),
            ("Toyota 丰田", "ty_minor"),
            ("BYD 比亚迪", "byd_dmi"),
        )
    }
    inspection = env.ref("car_aftersales.package_ev_check_demo")
    vehicles = env["car.vehicle"].browse(
        env.ref(f"car_aftersales.vehicle_{number:02d}_demo").id
        for number in range(1, 41)
    )
    for index, vehicle in enumerate(vehicles):
        months = 4 + index * 17 % 62
        km_per_day = 22 + index * 13 % 45
        registered = today - timedelta(days=months * 30)
        driven = max(months * 30 * km_per_day, 9000)
        vehicle.write(
            {
                "first_registration_date": registered,
                "purchase_date": registered - timedelta(days=9),
                "model_year": registered.year,
                "inspection_due_date": today + timedelta(days=index * 23 % 300 - 20),
            }
        )
        moment = dealer.at(100 + index % 20, 10)
        days = 40 + index % 20
        newer.append((vehicle, driven - 60 * km_per_day, dealer.at(60, 15)))
        older.append((vehicle, driven - (60 + days) * km_per_day, moment))
        if months > 14:
            package = (
                inspection
                if vehicle.energy == "electric"
                else minor[vehicle.brand_id.name]
            )
            services.append((vehicle, package, driven, months))
    env["car.odometer.reading"].create(
        [
            {"vehicle_id": vehicle.id, "odometer_km": km, "read_at": moment}
            for vehicle, km, moment in older + newer
        ]
    )
    env["car.maintenance.record"].create(
        [
            {
                "vehicle_id": vehicle.id,
                "date": today - timedelta(days=200 + number * 11 % 170),
                "odometer_km": max(driven // 2, 1000),
                "package_ids": [Command.set(package.ids)],
                "is_elsewhere": True,
                "workshop_name": "外地特约服务店",
            }
            for number, (vehicle, package, driven, months) in enumerate(services)
        ]
    )


# === VISITS === #


def line(dealer, name, quantity=1.0, **values):
    return {"product_id": dealer.ref(name).id, "quantity": quantity, **values}


def service(dealer, name, complaint, **values):
    """Return a job that takes its lines from a package."""
    package = dealer.ref(f"package_{name}")
    return (
        {
            "name": complaint,
            "package_id": package.id,
            "system_id": package.system_id.id,
            **values,
        },
        [],
    )


def repair(dealer, complaint, system, *lines, **values):
    """Return a job with its lines: (product, quantity)."""
    return (
        {"name": complaint, "system_id": dealer.system(system).id, **values},
        [line(dealer, *entry) for entry in lines],
    )


def add_payer(dealer, order, kind, partner=None, **values):
    """Let somebody beside the customer pay."""
    return dealer.by("advisor", dealer.env["car.repair.payer"]).create(
        {
            "order_id": order.id,
            "kind": kind,
            "partner_id": partner and dealer.ref(f"partner_{partner}").id,
            **values,
        }
    )


def work(dealer, order, team, technicians, findings):
    """Play an agreed order up to the finished car."""
    dealer.dispatch(order, team, *technicians)
    dealer.issue(order)
    dealer.start(order)
    dealer.finish(order, findings)
    dealer.check(order)


SERVICED = ("按保养手册到期", "更换机油机滤，完成检查，各项正常")

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
    ("08", "byd_dmi", "提示保养灯亮", 16, SERVICED, "phone"),
    (
        "12",
        "ev_check",
        "年度检查，准备长途自驾",
        10,
        ("年度检查", "高压系统绝缘正常，轮胎已换位"),
        "signature",
    ),
    ("10", "ty_minor", "例行保养", 7, SERVICED, "message"),
    ("26", "ty_minor", "营运车辆保养", 4, SERVICED, "phone"),
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


def play_present(dealer):
    """Play the cars that are here today, one for each place in the workshop."""
    # At reception, at the desk
    dealer.receive(
        dealer.ref("vehicle_14"),
        [repair(dealer, "冷车启动抖动，发动机灯亮", "engine")],
        hour=10,
    )
    dealer.receive(
        dealer.ref("vehicle_16"), [service(dealer, "ev_care", "到店保养")], hour=11
    )
    for number, job in (
        (
            "22",
            repair(
                dealer,
                "过减速带前部异响",
                "suspension",
                ("labor_control_arm",),
                ("part_vw_control_arm",),
                ("labor_alignment",),
            ),
        ),
        ("23", service(dealer, "ty_hybrid", "混动系统养护咨询")),
    ):
        order = dealer.receive(dealer.ref(f"vehicle_{number}"), [job], hour=9)
        dealer.estimate(order)
    # Agreed: parts ready, parts missing
    agreed = dealer.receive(
        dealer.ref("vehicle_19"), [service(dealer, "vw_major", "六万公里大保养")]
    )
    dealer.estimate(agreed)
    dealer.authorize(agreed)
    dealer.dispatch(agreed, "mechanical", "wang")
    play_missing_part(dealer)
    play_in_workshop(dealer)
    play_ready(dealer)


def play_missing_part(dealer):
    """A part is on order: the job waits for it."""
    order = dealer.receive(
        dealer.ref("vehicle_09"),
        [
            repair(
                dealer,
                "方向盘沉，转向助力灯亮",
                "steering",
                ("labor_steering_rack",),
                ("part_vw_steering_rack",),
                ("labor_alignment",),
            )
        ],
        days_ago=2,
        promised_hour=18,
    )
    dealer.estimate(order)
    dealer.authorize(order, channel="phone")
    dealer.dispatch(order, "mechanical", "zhang")
    dealer.by("advisor", order).action_buy()


def play_in_workshop(dealer):
    order = dealer.receive(
        dealer.ref("vehicle_25"), [service(dealer, "ty_major", "大保养")]
    )
    dealer.estimate(order)
    dealer.authorize(order)
    dealer.dispatch(order, "mechanical", "li")
    dealer.issue(order)
    dealer.start(order)
    # Additional work waits for the customer's answer.
    more = dealer.receive(
        dealer.ref("vehicle_24"), [service(dealer, "ev_check", "检查保养")]
    )
    dealer.estimate(more)
    dealer.authorize(more)
    dealer.dispatch(more, "energy", "liu")
    dealer.start(more)
    dealer.by("advisor", dealer.env["car.repair.line"]).create(
        [
            {"job_id": more.job_ids.id, **line(dealer, name)}
            for name in ("labor_rear_pads", "part_by_rear_pads")
        ]
    )
    # At the inspector's
    done = dealer.receive(
        dealer.ref("vehicle_31"), [service(dealer, "byd_dmi", "保养")], hour=8
    )
    dealer.estimate(done)
    dealer.authorize(done, channel="message")
    dealer.dispatch(done, "energy", "yang")
    dealer.issue(done)
    dealer.start(done)
    dealer.finish(done, [SERVICED])
    dealer.by("advisor", done).action_request_quality_check()


def play_ready(dealer):
    """Play finished cars: to bill, to pay, to collect."""
    for number, package, complaint, until in (
        ("37", "vw_minor", "例行保养", "ready"),
        ("20", "ty_hybrid", "动力电池风扇有噪音", "billed"),
        ("05", "ty_minor", "例行保养", "passed"),
    ):
        order = dealer.receive(
            dealer.ref(f"vehicle_{number}"),
            [service(dealer, package, complaint)],
            hour=8,
        )
        dealer.estimate(order)
        dealer.authorize(order)
        work(dealer, order, "mechanical", ["wang"], [SERVICED])
        if until != "ready":
            dealer.bill(order)
        if until == "passed":
            dealer.pay(order)
            dealer.by("cashier", order).action_issue_exit_pass()


def play_not_repaired(dealer):
    """Play visits that ended without repair."""
    # Refused after the diagnosis: the fee is paid, the car leaves on its pass.
    order = dealer.receive(
        dealer.ref("vehicle_18"),
        [
            repair(
                dealer,
                "动力电池续航下降明显",
                "traction_battery",
                ("labor_hv_battery",),
            )
        ],
        days_ago=3,
    )
    fee_product = dealer.env.ref("car_aftersales.product_diagnosis_fee")
    fee = dealer.by("advisor", dealer.env["car.repair.line"]).create(
        {"job_id": order.job_ids.id, "product_id": fee_product.id}
    )
    dealer.authorize(
        order,
        kind="diagnosis",
        line_ids=[Command.create({"line_id": fee.id, "is_approved": True})],
    )
    dealer.estimate(order)
    dealer.by("advisor", order).action_decline(
        "refused", "维修费用超出预期，客户考虑换车"
    )
    dealer.bill(order, 3)
    dealer.pay(order, 3)
    dealer.leave(order)
    dealer.date_back(order, 3)
    # Booked for later
    later = dealer.receive(
        dealer.ref("vehicle_33"),
        [
            repair(
                dealer,
                "轮胎磨损",
                "wheels_tires",
                ("part_tire_205", 4),
                ("labor_tire", 4),
            )
        ],
        hour=9,
    )
    dealer.estimate(later)
    dealer.by("advisor", later).action_decline("booked", "客户赶时间，约下周六再来")
    # Cancelled
    wrong = dealer.receive(
        dealer.ref("vehicle_15"), [repair(dealer, "登记错误", "other")], days_ago=1
    )
    dealer.by("advisor", wrong).action_cancel()
