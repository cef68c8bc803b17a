"""Measure the load of a maker's list of VINs into a recall, and screens after it."""

import base64
import resource
import time

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from . import generator
from .shop import make_shop

KNOWN = 1_000  # so many of the cars have their file here
WRONG = 100  # so many rows of the file are no VIN


def fill(name):
    """Fill a database with cars, some of which the list will name."""
    registry = Registry(name)
    generator.fill_vehicles(registry, make_shop(registry), KNOWN)


def measure(name, rows):
    """Load a list of so many rows, twice, and look at the campaign; return figures."""
    registry = Registry(name)
    with registry.cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        campaign = env["car.recall.campaign"].create(
            {"number": "BENCH", "name": "Bench", "payer_kind": "goodwill"}
        )
        cursor.execute(
            "SELECT vin FROM car_vehicle WHERE vin IS NOT NULL LIMIT %s", [KNOWN]
        )
        vins = [vin for (vin,) in cursor.fetchall()]
        small = _load(env, campaign, vins[:10])  # warms up
        before = _memory()
        vins += [f"LBENCH0{number:010}" for number in range(rows - len(vins) - WRONG)]
        vins += [f"WRONG{number}" for number in range(WRONG)]
        first = _load(env, campaign, vins)
        after = _memory()
        again = _load(env, campaign, vins)
        campaign.action_open()
        cursor.commit()
        cursor.execute("ANALYZE")
        env.invalidate_all()
        return {
            "rows": first["load"].row_count,
            "added": first["load"].added_count + small["load"].added_count,
            "on_file": first["load"].linked_count + small["load"].linked_count,
            "no_vin": first["load"].malformed_count,
            "seconds": round(first["seconds"], 2),
            "rows_per_second": round(rows / first["seconds"]),
            "queries": first["queries"],
            "again_added": again["load"].added_count,
            "again_seconds": round(again["seconds"], 2),
            "memory_mb": {"before": round(before / 1024), "after": round(after / 1024)},
            "screens_ms": _open_screens(env, campaign),
        }


def _load(env, campaign, vins):
    """Load a list as the warranty clerk does; return how it went."""
    load = env["car.recall.import"].create(
        {
            "campaign_id": campaign.id,
            "file": base64.b64encode("\n".join(["VIN", *vins]).encode()),
            "file_name": "bench.csv",
        }
    )
    env.flush_all()
    queries, started = env.cr.sql_log_count, time.perf_counter()
    load.action_load()
    env.flush_all()
    return {
        "load": load,
        "seconds": time.perf_counter() - started,
        "queries": env.cr.sql_log_count - queries,
    }


def _open_screens(env, campaign):
    """Return how long the figures, a page of the list and a new car take."""
    vehicles = env["car.vehicle"]
    model = env["car.vehicle.model"].search([], limit=1)
    screens = {
        "figures of the campaign": lambda: campaign.read(["completion_rate"]),
        "a page of its cars": lambda: env["car.recall.vehicle"].web_search_read(
            [("campaign_id", "=", campaign.id)],
            {"vin": {}, "state": {}, "vehicle_id": {"fields": {"display_name": {}}}},
            limit=80,
        ),
        "a new car with a listed VIN": lambda: vehicles.create(
            {"vin": f"LBENCH0{rank.pop():010}", "model_id": model.id}
        ),
    }
    rank, times = [1, 2, 3, 4], {}
    for name, show in screens.items():
        tries = []
        for _try in range(4):
            env.flush_all()
            env.invalidate_all()
            started = time.perf_counter()
            show()
            env.flush_all()
            tries.append(time.perf_counter() - started)
        times[name] = round(min(tries) * 1000, 1)
    return times


def _memory():
    """Return the most memory the process has had, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
