"""What the web client asks for when an advisor opens a list, a board or an order."""

import gc
import statistics
import time

from lxml import etree

from odoo import api

WARM_UP = 3
ROUNDS = 15
LIST_LIMIT = 80
BOARD_LIMIT = 40
X2MANY_LIMIT = 40
SAMPLES = 7
CLOSED = ["delivered", "declined", "cancelled"]


class Screens:
    """The screens of vehicles and orders of one database."""

    views = {
        "car.vehicle": ("list", "form", "kanban"),
        "car.repair.order": ("list", "form", "kanban"),
    }

    def __init__(self, registry, shop):
        self.registry = registry
        self.uid = shop["users"]["advisor"]
        self.context = {
            "lang": "zh_CN",
            "tz": "Asia/Shanghai",
            "uid": self.uid,
            "allowed_company_ids": [shop["company"]],
        }
        with registry.cursor() as cursor:
            env = api.Environment(cursor, self.uid, self.context)
            self.specs = {
                (model, kind): _get_specification(env[model], kind)
                for model, kinds in self.views.items()
                for kind in kinds
            }
            self.samples = self._get_samples(cursor)
        self.calls = self._get_calls()

    def _get_calls(self):
        return {
            "vehicle list": self._open_vehicles,
            "vehicle form": self._open_vehicle,
            "order list": self._open_orders,
            "order board": self._open_board,
            "order form": self._open_order,
            "search vehicle by plate": self._search_plate,
            "search vehicle by digits": self._search_digits,
            "search order by plate": self._search_order_by_plate,
            "search order by number": self._search_number,
            "reception search by plate": self._find_at_reception,
            "reception search by digits": self._find_digits_at_reception,
            "reception cards": self._open_reception_page,
        }

    def measure(self, name, turn):
        """Return the seconds that a call takes as a request of its own."""
        sample = self.samples[turn % len(self.samples)]
        with self.registry.cursor() as cursor:
            env = api.Environment(cursor, self.uid, self.context)
            gc.collect()
            start = time.perf_counter()
            found = self.calls[name](env, sample)
            seconds = time.perf_counter() - start
        if not found:
            raise RuntimeError(f"{name} found nothing")
        return seconds

    def _get_samples(self, cursor):
        """Return orders from all over the table with what they are searched by."""
        return self._spread(
            cursor,
            "SELECT o.id, o.name, v.id, v.license_plate FROM car_repair_order o "
            "JOIN car_vehicle v ON v.id = o.vehicle_id ORDER BY o.id",
        )

    def _spread(self, cursor, query):
        """Return samples from all over what a query finds."""
        cursor.execute(query)
        rows = cursor.fetchall()
        return [rows[(2 * n + 1) * len(rows) // (2 * SAMPLES)] for n in range(SAMPLES)]

    # === CALLS === #

    def _open_list(self, env, model, domain=(), order=None):
        return env[model].web_search_read(
            list(domain),
            self.specs[model, "list"],
            limit=LIST_LIMIT,
            order=order,
            count_limit=10001,
        )["records"]

    def _open_form(self, env, model, record_id):
        return env[model].browse(record_id).web_read(self.specs[model, "form"])

    def _open_vehicles(self, env, sample):
        return self._open_list(env, "car.vehicle")

    def _open_vehicle(self, env, sample):
        return self._open_form(env, "car.vehicle", sample[2])

    def _open_orders(self, env, sample):
        return self._open_list(env, "car.repair.order")

    def _open_board(self, env, sample):
        model = "car.repair.order"
        return env[model].web_read_group(
            [("state", "not in", CLOSED)],
            ["state"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=self.specs[model, "kanban"],
            unfold_read_default_limit=BOARD_LIMIT,
        )["groups"]

    def _open_order(self, env, sample):
        return self._open_form(env, "car.repair.order", sample[0])

    def _search_plate(self, env, sample):
        return env["car.vehicle"].name_search(sample[3].lower(), limit=8)

    def _search_digits(self, env, sample):
        return env["car.vehicle"].name_search(sample[3][2:], limit=8)

    def _search_order_by_plate(self, env, sample):
        return env["car.repair.order"].name_search(sample[3], limit=8)

    def _search_number(self, env, sample):
        return env["car.repair.order"].name_search(sample[1], limit=8)

    def _find_at_reception(self, env, sample):
        return env["car.reception"].find(sample[3].lower())["hits"]

    def _find_digits_at_reception(self, env, sample):
        return env["car.reception"].find(sample[3][2:])["hits"]

    def _open_reception_page(self, env, sample):
        return env["car.reception"].get_page({"vehicle_id": sample[2]})["cards"]


def measure_screens(small, large):
    """Measure the calls on both databases in turns.

    :return: dict of screen to the median seconds on the small and the large one.
    """
    gc.collect()
    gc.freeze()  # what lies in memory now is not looked through at each call
    figures = {}
    for name in small.calls:
        seconds = {"small": [], "large": []}
        for turn in range(WARM_UP + ROUNDS):
            for size, screens in (("small", small), ("large", large)):
                taken = screens.measure(name, turn)
                if turn >= WARM_UP:
                    seconds[size].append(taken)
        figures[name] = {
            size: round(statistics.median(values), 5)
            for size, values in seconds.items()
        }
    return figures


def _get_specification(model, kind):
    """Return what the web client reads for a view of the model."""
    views = model.get_views([(False, kind)])
    arch = etree.fromstring(views["views"][kind]["arch"])
    return _get_node_specification(model, arch)


def _get_node_specification(model, arch):
    specification = {}
    for node in _iter_fields(arch):
        name = node.get("name")
        field = model._fields.get(name)
        if field is None:
            continue
        known = specification.setdefault(name, {})
        if node.get("invisible") in ("1", "True"):
            continue
        if field.type == "many2one":
            known.setdefault("fields", {})["display_name"] = {}
        elif field.type in ("one2many", "many2many"):
            comodel = model.env[field.comodel_name]
            known.setdefault("limit", X2MANY_LIMIT)
            fields = known.setdefault("fields", {"display_name": {}})
            if node.get("widget") == "many2many_tags":
                if "color" in comodel._fields:
                    fields["color"] = {}
                continue
            for view in node:
                if view.tag in ("list", "kanban"):
                    fields.update(_get_node_specification(comodel, view))
                    break
    return specification


def _iter_fields(node):
    """Yield the field nodes of a view, not those of the views inside."""
    for child in node:
        if child.tag == "field":
            yield child
        elif isinstance(child.tag, str):
            yield from _iter_fields(child)
