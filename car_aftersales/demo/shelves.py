"""Shelves and past of the demo dealer."""

import csv
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tools import file_open

# Parts whose lot is kept: from it to every car that has one of them
LOTS = {
    "part_ty_oil_filter_demo": "TY2609A",
    "part_vw_oil_filter_14_demo": "VW2608C",
    "part_by_bms_sensor_demo": "BY2607-11",
}
# These are bought when a customer needs one.
EMPTY_SHELF = {"part_vw_steering_rack_demo", "part_vw_alternator_demo"}
# What lies on the shelf where it is not a dozen
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
    by_lot = {env.ref(f"car_aftersales.{name}"): lot for name, lot in LOTS.items()}
    for product in by_lot:
        product.tracking = "lot"
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
    for moved in orders.picking_ids.move_ids.move_line_ids:
        moved.lot_name = by_lot.get(moved.product_id)
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
