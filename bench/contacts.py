"""Measure the job that plans contacts: many cars whose service becomes due at once."""

import resource
import time

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from . import generator
from .shop import make_shop

RULE = "car_aftersales.car_contact_rule_service"


def fill(name, vehicles):
    """Fill a database with so many cars, each with an owner and a service due."""
    registry = Registry(name)
    shop = make_shop(registry)
    generator.fill_vehicles(registry, shop, vehicles)
    with registry.cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        company = env["res.company"].browse(shop["company"])
        cursor.execute(
            "UPDATE car_vehicle SET company_id = %s, next_service_due_date = %s::date"
            " + (id %% 14)::int",
            [company.id, company._get_car_today()],
        )
        cursor.execute("ANALYZE")
        cursor.commit()


def measure(name):
    """Run the job batch by batch, each a transaction; return its figures.

    ``queries`` is the most a batch took after the first, which reads the registry's
    caches; ``memory`` is what the process grew by from the second batch to the last.
    """
    registry = Registry(name)
    batches = []
    with registry.cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        rule = env.ref(RULE)
        companies = rule._get_companies()
        started = time.perf_counter()
        for company in companies:
            while True:
                before = cursor.sql_log_count
                planned = len(rule._plan_batch(company))
                env.flush_all()
                if not planned:
                    break
                batches.append((planned, cursor.sql_log_count - before, _memory()))
                cursor.commit()
                env.invalidate_all()
        seconds = time.perf_counter() - started
        again = sum(len(rule._plan_batch(company)) for company in companies)
    contacts = sum(planned for planned, _queries, _kb in batches)
    full = [
        queries for planned, queries, _kb in batches[1:] if planned == batches[0][0]
    ]
    return {
        "contacts": contacts,
        "again": again,
        "seconds": round(seconds, 2),
        "contacts_per_second": round(contacts / seconds),
        "batches": len(batches),
        "queries_per_batch": {"least": min(full), "most": max(full)},
        "memory_mb": {
            "second_batch": round(batches[1][2] / 1024),
            "last_batch": round(batches[-1][2] / 1024),
        },
    }


def _memory():
    """Return the most memory the process has had, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
