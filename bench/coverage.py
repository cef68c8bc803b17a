"""Measure the answer on warranty: a thousand lines of many orders against one line."""

import time

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import Registry

from .shop import make_shop

LINES = 1000
LINES_OF_AN_ORDER = 5
ROUNDS = 3


def measure(name):
    """Return seconds and queries for one line and for many; nothing is kept."""
    registry = Registry(name)
    shop = make_shop(registry)
    with registry.cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {"tracking_disable": True})
        lines = _make_lines(env, shop)
        figures = {
            "lines": len(lines),
            "orders": len(lines.order_id),
            "covered": len(lines.filtered("is_covered")),
            "one": _ask(env, lines.filtered(lambda line: line.kind == "labor")[:1]),
            "many": _ask(env, lines),
        }
        cursor.rollback()
    return figures


def _make_lines(env, shop):
    """Make cars with two policies, a plan and a visit each."""
    parts = env["product.product"].browse(shop["parts"])
    package = env["car.repair.package"].create({"name": "Bench service"})
    plan = env["car.maintenance.plan"].create(
        {
            "name": "Bench",
            "line_ids": [
                Command.create({"package_id": package.id, "repeat_months": 12})
            ],
        }
    )
    excluded = Command.create(
        {
            "scope": "part",
            "product_ids": [Command.set(parts[:1].ids)],
            "is_excluded": True,
        }
    )
    env["car.warranty.policy"].create(
        [
            {
                "name": f"Bench {months}",
                "payer_kind": "internal",
                "months": months,
                "km": 100_000,
                "component_ids": [excluded],
            }
            for months in (24, 36)
        ]
    )
    today = fields.Date.context_today(env.user)
    model = env["car.vehicle"].browse(shop["vehicles"][0]).model_id
    vehicles = env["car.vehicle"].create(
        [
            {
                "license_plate": f"京Z{number:05}",
                "model_id": model.id,
                "plan_id": plan.id,
                "owner_id": shop["customers"][0],
                "purchase_date": fields.Date.subtract(today, months=number % 48),
            }
            for number in range(LINES // LINES_OF_AN_ORDER)
        ]
    )
    work = env["product.product"].browse(shop["labor"])
    # The first part is excluded; the work on it follows it, that on others does not.
    jobs = {"Excluded": [parts[0], work], "Covered": [parts[0], parts[1], work]}
    orders = env["car.repair.order"].create(
        [
            {
                "vehicle_id": vehicle.id,
                "job_ids": [
                    Command.create(
                        {
                            "name": name,
                            "estimate_method": "item",
                            "item_reason": "simple",
                            "line_ids": [
                                Command.create({"product_id": product.id})
                                for product in products
                            ],
                        }
                    )
                    for name, products in jobs.items()
                ],
            }
            for vehicle in vehicles
        ]
    )
    return orders.line_ids


def _ask(env, lines):
    """Return the least seconds, and the queries, of an answer on a cold cache."""
    env.flush_all()
    seconds, queries = [], 0
    for _round in range(ROUNDS):
        env.invalidate_all()
        before, started = env.cr.sql_log_count, time.perf_counter()
        lines._get_coverage()
        seconds.append(time.perf_counter() - started)
        queries = env.cr.sql_log_count - before
    return {"seconds": round(min(seconds), 3), "queries": queries}
