"""Measure the add-on: one visit against bare Odoo, and screens with many records.

    python -m bench -c odoo.conf -d DATABASE

The database has the add-on; Odoo's `repair` is added to it. Two databases beside it,
DATABASE_small and DATABASE_large, are filled at the first run and kept until the add-on
or the generator changes. The figures go to the file that BENCH_JSON names. BENCH_PART
names a part, `visit`, `scale`, `contacts`, `coverage` or `recalls`; without it all are
measured.
"""

import hashlib
import json
import os
import sys
from contextlib import closing
from pathlib import Path

import odoo.init  # noqa: F401
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL, config

from . import contacts, coverage, generator, recalls
from .booking_screens import BookingScreens
from .screens import Screens, measure_screens
from .shop import make_shop
from .visits import ROUNDS, WAYS, measure_visits

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"small": (200, 500), "large": (20_000, 50_000)}
CONTACTS = int(os.environ.get("BENCH_CONTACTS") or 100_000)
RECALLED = int(os.environ.get("BENCH_RECALLED") or 100_000)
AIM_PRIMITIVES = 1.3
AIM_REPAIR = 1.0
AIM_SCALE = 1.5


def main():
    config.parse_config(sys.argv[1:], setup_logging=True)
    name = config["db_name"][0]
    part = os.environ.get("BENCH_PART")
    path = Path(os.environ.get("BENCH_JSON") or ROOT / ".odoo" / "bench.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    # What is not measured now keeps its former figures.
    figures = json.loads(path.read_text()) if part and path.exists() else {}
    if part in PARTS:
        PARTS[part](name, figures)
    else:
        copies = prepare_copies(name)  # before the visits, which add to the database
        bench_visits(name, figures)
        bench_scale(name, figures, copies)
        bench_contacts(name, figures)
        bench_coverage(name, figures)
        bench_recalls(name, figures)
    path.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")


def bench_visits(name, figures):
    """Measure one visit against bare Odoo and its repair."""
    install_repair(name)
    registry = Registry(name)
    shop = make_shop(registry)
    say(f"playing {ROUNDS} visits in each way, twice")
    apart, steps = measure_visits(registry, shop, apart=True)
    together, _steps = measure_visits(registry, shop, apart=False)
    print_visits("Each step a request with a cache and a commit of its own", apart)
    print_visits("All steps in one transaction", together)
    print_steps(steps)
    figures.update(
        visit=apart, visit_in_one_transaction=together, queries_by_step=steps
    )


def bench_scale(name, figures, copies=None):
    """Measure the screens with few records and with many."""
    copies = copies or prepare_copies(name)
    say("opening the screens")
    scale = {}
    for kind in (Screens, BookingScreens):
        scale |= measure_screens(
            *(kind(Registry(copy), make_shop(Registry(copy))) for copy in copies)
        )
    print_scale(scale)
    figures["scale"] = scale


def bench_contacts(name, figures):
    """Measure the job that plans contacts, with as many cars as CONTACTS says."""
    copy = f"{name}_contacts"
    close_db(name)
    execute_outside("DROP DATABASE IF EXISTS %s", SQL.identifier(copy))
    execute_outside(
        "CREATE DATABASE %s TEMPLATE %s", SQL.identifier(copy), SQL.identifier(name)
    )
    say(f"planning the contacts of {CONTACTS:,} vehicles")
    contacts.fill(copy, CONTACTS)
    figures["contacts"] = contacts.measure(copy)
    print_contacts(figures["contacts"])
    close_db(copy)
    execute_outside("DROP DATABASE IF EXISTS %s", SQL.identifier(copy))


def bench_coverage(name, figures):
    """Measure the answer on warranty for one line and for many."""
    say(f"judging {coverage.LINES:,} lines by their warranty")
    figures["coverage"] = coverage.measure(name)
    print_coverage(figures["coverage"])


def bench_recalls(name, figures):
    """Measure the load of a maker's list of VINs into a recall."""
    copy = f"{name}_recalls"
    close_db(name)
    execute_outside("DROP DATABASE IF EXISTS %s", SQL.identifier(copy))
    execute_outside(
        "CREATE DATABASE %s TEMPLATE %s", SQL.identifier(copy), SQL.identifier(name)
    )
    say(f"loading {RECALLED:,} recalled VINs")
    recalls.fill(copy)
    figures["recalls"] = recalls.measure(copy, RECALLED)
    print_recalls(figures["recalls"])
    close_db(copy)
    execute_outside("DROP DATABASE IF EXISTS %s", SQL.identifier(copy))


PARTS = {
    "visit": bench_visits,
    "scale": bench_scale,
    "contacts": bench_contacts,
    "coverage": bench_coverage,
    "recalls": bench_recalls,
}


def say(text):
    print(f"== {text}", flush=True)


# === DATABASES === #


def get_fingerprint():
    """Return what changes with the add-ons and with what fills the databases."""
    digest = hashlib.sha256(repr(SIZES).encode())
    names = ["generator.py", "bookings.py", "shop.py", "steps.py", "visits.py"]
    files = [ROOT / "bench" / name for name in names]
    for manifest in sorted(ROOT.glob("*/__manifest__.py")):
        files += sorted(
            path
            for path in manifest.parent.rglob("*")
            if path.suffix in (".py", ".xml", ".csv") and "tests" not in path.parts
        )
    for path in files:
        digest.update(path.read_bytes())
    return f"bench {digest.hexdigest()[:16]}"


def execute_outside(query, *parameters):
    """Execute a statement that needs no transaction; return the rows, if any."""
    with closing(db_connect("postgres").cursor()) as cursor:
        cursor._cnx.autocommit = True
        cursor.execute(SQL(query, *parameters))
        return cursor.fetchall() if cursor.description else []


def prepare_copies(name):
    """Return the names of the small and the large database, filled."""
    fingerprint = get_fingerprint()
    copies = []
    for size, (vehicles, orders) in SIZES.items():
        copy = f"{name}_{size}"
        copies.append(copy)
        known = execute_outside(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            "WHERE datname = %s",
            copy,
        )
        if known == [(fingerprint,)]:
            continue
        say(f"filling {copy}: {vehicles:,} vehicles, {orders:,} orders")
        close_db(copy)
        close_db(name)
        execute_outside("DROP DATABASE IF EXISTS %s", SQL.identifier(copy))
        execute_outside(
            "CREATE DATABASE %s TEMPLATE %s", SQL.identifier(copy), SQL.identifier(name)
        )
        generator.fill(Registry(copy), vehicles, orders)
        execute_outside(
            "COMMENT ON DATABASE %s IS %s", SQL.identifier(copy), fingerprint
        )
    return copies


def install_repair(name):
    """Install Odoo's repair beside the add-on."""
    with Registry(name).cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        module = env["ir.module.module"].search([("name", "=", "repair")])
        if module.state == "installed":
            return
        say("installing Odoo's repair")
        module.button_install()
        cursor.commit()
    Registry.new(name, update_module=True)


# === TABLES === #


def print_table(title, head, rows):
    table = [head, *rows]
    widths = [max(len(row[n]) for row in table) for n in range(len(head))]
    print(f"\n{title}")
    for row in table:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  " + "  ".join(cells).rstrip())


def judge(ratio, aim):
    return "" if ratio <= aim else f"missed ({aim:g})"


def print_visits(title, figures):
    rows = [
        [way, f"{figures[way]['seconds'] * 1000:.0f}", str(figures[way]["queries"]), ""]
        for way in WAYS
    ]
    ours = figures["aftersales"]
    for other, aim in (("primitives", AIM_PRIMITIVES), ("repair", AIM_REPAIR)):
        ratios = [ours[unit] / figures[other][unit] for unit in ("seconds", "queries")]
        # Against repair only the time is an aim.
        judged = ratios if other == "primitives" else ratios[:1]
        rows.append(
            [
                f"aftersales / {other}",
                *(f"{ratio:.2f}" for ratio in ratios),
                judge(max(judged), aim),
            ]
        )
    print_table(title, ["visit", "ms", "queries", ""], rows)


def print_steps(steps):
    rows = [
        [f"{way}: {name}", f"{count:g}"]
        for way in WAYS
        for name, count in steps[way].items()
    ]
    print_table("Queries by step, each a request", ["step", "queries"], rows)


def print_contacts(figures):
    queries, memory = figures["queries_per_batch"], figures["memory_mb"]
    rows = [
        ["contacts planned", f"{figures['contacts']:,}"],
        ["planned again by a second run", f"{figures['again']:,}"],
        ["contacts a second", f"{figures['contacts_per_second']:,}"],
        ["queries a full batch", f"{queries['least']} to {queries['most']}"],
        [
            "memory after the second and the last batch",
            f"{memory['second_batch']} and {memory['last_batch']} MB",
        ],
    ]
    print_table("The job that plans contacts", ["", ""], rows)


def print_coverage(figures):
    one, many = figures["one"], figures["many"]
    rows = [
        [f"{count:,} lines", f"{part['seconds'] * 1000:.0f}", str(part["queries"])]
        for count, part in ((1, one), (figures["lines"], many))
    ]
    title = f"The answer on warranty, {figures['orders']:,} orders"
    print_table(title, ["", "ms", "queries"], rows)


def print_recalls(figures):
    memory = figures["memory_mb"]
    rows = [
        ["rows of the file", f"{figures['rows']:,}"],
        [
            "cars added, of which on file",
            f"{figures['added']:,}, {figures['on_file']:,}",
        ],
        ["rows that are no VIN", f"{figures['no_vin']:,}"],
        ["seconds", f"{figures['seconds']:g}"],
        ["rows a second", f"{figures['rows_per_second']:,}"],
        ["queries", str(figures["queries"])],
        ["added by a second load", f"{figures['again_added']:,}"],
        ["memory before and after", f"{memory['before']} and {memory['after']} MB"],
        *([name, f"{ms} ms"] for name, ms in figures["screens_ms"].items()),
    ]
    print_table("A maker's list of recalled cars", ["", ""], rows)


def print_scale(figures):
    rows = []
    for name, seconds in figures.items():
        ratio = seconds["large"] / seconds["small"]
        rows.append(
            [
                name,
                f"{seconds['small'] * 1000:.1f}",
                f"{seconds['large'] * 1000:.1f}",
                f"{ratio:.2f}",
                judge(ratio, AIM_SCALE),
            ]
        )
    small, large = (f"{orders:,} orders" for _vehicles, orders in SIZES.values())
    print_table("Screens, ms", ["screen", small, large, "ratio", ""], rows)


if __name__ == "__main__":
    main()
