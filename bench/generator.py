"""Fill a database with a dealer's years: vehicles and their orders.

A few visits are played by their ordinary users, one for each state; the rest are copies
of their rows, with everything that hangs on them (jobs, lines, consents, transfers,
invoices, messages...). What to copy is read from the foreign keys, so the generator
follows the add-on.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

from .bookings import fill_bookings
from .shop import make_shop
from .steps import Requests
from .visits import play_until

# One page of the kanban board has this many cards in a column. The small database
# has as many open orders as fill the board, so that both show the same page.
PAGE = 42
OPEN_SHARE = 0.05
# (last step, number of jobs, share of the orders that are no longer open)
OPEN = [
    ("receive", 1),
    ("estimate", 1),
    ("consent", 1),
    ("start work", 2),
    ("hand over", 1),
    ("quality check", 1),
]
CLOSED = [("deliver", 1, 0.6), ("deliver", 2, 0.36), ("decline", 1, 0.04)]
FAMILIES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
# Tables that only say what happened in a browser, or that Odoo empties by itself.
SKIPPED = ("bus_", "ir_", "mail_mail", "mail_notification", "sms_")
# Links without a foreign key: the model's name in one column, the id in another.
BY_MODEL = {
    "mail_message": ("model", "res_id"),
    "mail_followers": ("res_model", "res_id"),
    "car_odometer_reading": ("source_model", "source_id"),
}


def fill(registry, vehicles, orders):
    """Fill a database that has the add-on with so many vehicles and orders."""
    _check_indexes(registry)
    shop = make_shop(registry)
    _clone_vehicles(registry, shop, vehicles)
    prototypes = _play_prototypes(registry, shop)
    _clone_orders(registry, prototypes, orders)
    fill_bookings(registry, shop, prototypes[0][0], orders, Cloner)
    with registry.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.commit()
    registry.clear_all_caches()


def fill_vehicles(registry, shop, vehicles):
    """Fill a database with so many vehicles and their owners, without visits."""
    _check_indexes(registry)
    _clone_vehicles(registry, shop, vehicles)


def _check_indexes(registry):
    """Make the trigram indexes, as they are in every database that Odoo creates.

    One made by `createdb` may lack the extension they need.
    """
    with registry.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        registry.has_trigram = True
        registry.check_indexes(cursor, registry.models)
        # The index of phone numbers.
        api.Environment(cursor, SUPERUSER_ID, {})["res.partner"].init()
        cursor.commit()


def _clone_vehicles(registry, shop, count):
    with registry.cursor() as cursor:
        cursor.execute(
            "SELECT v.id, v.owner_id, p.name, p.phone, v.license_plate, v.vin "
            "FROM car_vehicle v JOIN res_partner p ON p.id = v.owner_id "
            "WHERE v.id = %s",
            [shop["vehicles"][-1]],
        )
        vehicle, owner, name, phone, plate, vin = cursor.fetchone()
        cursor.execute(
            """
            CREATE TEMP TABLE bench_clone ON COMMIT DROP AS
            SELECT k, %(vehicle)s AS proto,
                %(plate)s::text AS old_plate,
                '京A' || lpad((k * 7919 %% 100000)::text, 5, '0') AS plate,
                substr(%(plate)s, 2) AS old_tail,
                'A' || lpad((k * 7919 %% 100000)::text, 5, '0') AS tail,
                %(vin)s::text AS old_vin,
                'LSVAM4187C1' || lpad(k::text, 6, '0') AS vin,
                %(phone)s::text AS old_phone,
                '+86 138 ' || lpad((k %% 10000)::text, 4, '0') || ' '
                    || lpad((k * 7919 %% 10000)::text, 4, '0') AS phone,
                %(name)s::text AS old_name,
                substr(%(families)s, 1 + k %% 20, 1)
                    || substr(%(given)s, 1 + k / 20 %% 20, 1)
                    || substr(%(given)s, 1 + k / 400 %% 20, 1) AS name,
                interval '0' AS age
            FROM generate_series(0, %(count)s - 1) AS k
            """,
            {
                "vehicle": vehicle,
                "plate": plate,
                "vin": vin,
                "phone": phone,
                "name": name,
                "families": FAMILIES,
                "given": GIVEN,
                "count": count - len(shop["vehicles"]),
            },
        )
        cloner = Cloner(
            cursor,
            texts=[("old_vin", "vin"), ("old_plate", "plate"), ("old_tail", "tail")]
            + [("old_name", "name"), ("old_phone", "phone")],
        )
        cloner.add("car_vehicle", {vehicle: vehicle})
        cloner.add("res_partner", {owner: vehicle})
        cloner.clone()
        cursor.commit()


def _play_prototypes(registry, shop):
    """Play one visit for each state, each with a vehicle of its own.

    :return: list of (id of the order, share of the open or the closed orders, open?).
    """
    context = {"lang": "zh_CN", "allowed_company_ids": [shop["company"]]}
    requests = Requests(registry, shop["users"], context)
    vehicles = iter(shop["vehicles"])
    prototypes = []
    for last, jobs in OPEN:
        order_id = play_until(requests, shop, next(vehicles), last, jobs)
        prototypes.append((order_id, 1 / len(OPEN), True))
    for last, jobs, share in CLOSED:
        if last == "decline":
            order_id = play_until(requests, shop, next(vehicles), "estimate", jobs)
            with requests.step("decline", "advisor") as env:
                order = env["car.repair.order"].browse(order_id)
                order.action_decline(reason="Too expensive")
        else:
            order_id = play_until(requests, shop, next(vehicles), last, jobs)
        prototypes.append((order_id, share, False))
    return prototypes


def _clone_orders(registry, prototypes, count):
    opened = max(PAGE * len(OPEN), round(count * OPEN_SHARE))
    plan = []
    for share_of, wanted in ((False, count - opened), (True, opened)):
        kinds = [(p, share) for p, share, is_open in prototypes if is_open is share_of]
        numbers = [max(1, round(wanted * share)) for _p, share in kinds]
        numbers[0] += wanted - sum(numbers)
        plan += [(p, n, share_of) for (p, _s), n in zip(kinds, numbers, strict=True)]
    with registry.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMP TABLE bench_plan (
                proto integer, number integer, is_open boolean
            ) ON COMMIT DROP
            """
        )
        values = SQL(", ").join(SQL("%s", row) for row in plan)
        cursor.execute(SQL("INSERT INTO bench_plan VALUES %s", values))
        # The closed orders first, mixed and spread over three years; the open ones
        # last, of these days, each with a vehicle of its own.
        cursor.execute(
            """
            CREATE TEMP TABLE bench_clone ON COMMIT DROP AS
            WITH vehicle AS (
                SELECT v.id, v.owner_id, v.license_plate, p.name,
                    row_number() OVER (ORDER BY v.id) - 1 AS rank
                FROM car_vehicle v JOIN res_partner p ON p.id = v.owner_id
            ), planned AS (
                SELECT p.proto, p.is_open,
                    row_number() OVER (ORDER BY is_open, md5(n::text || proto)) - 1 AS k
                FROM bench_plan p CROSS JOIN generate_series(1, p.number) AS n
            )
            SELECT planned.k::integer AS k, planned.proto,
                o.name AS old_number, 'B' || lpad(planned.k::text, 7, '0') AS number,
                old.id AS old_vehicle, vehicle.id AS vehicle,
                old.owner_id AS old_owner, vehicle.owner_id AS owner,
                old.license_plate AS old_plate, vehicle.license_plate AS plate,
                old.name AS old_name, vehicle.name AS name,
                (CASE WHEN planned.is_open THEN 3.0 ELSE 1095.0 END
                    * (1.0 - planned.k / (SELECT count(*) FROM planned)))
                    * interval '1 day' AS age
            FROM planned
            JOIN car_repair_order o ON o.id = planned.proto
            JOIN vehicle old ON old.id = o.vehicle_id
            JOIN vehicle ON vehicle.rank
                = planned.k * 7 % (SELECT count(*) FROM vehicle)
            """
        )
        cloner = Cloner(
            cursor,
            texts=[
                ("old_number", "number"),
                ("old_plate", "plate"),
                ("old_name", "name"),
            ],
            links={
                "car_vehicle": ("old_vehicle", "vehicle"),
                "res_partner": ("old_owner", "owner"),
            },
        )
        ids = [order_id for order_id, _share, _is_open in prototypes]
        cloner.add("car_repair_order", {order_id: order_id for order_id in ids})
        cursor.execute(
            "SELECT move_id, order_id FROM car_repair_order_account_move_rel "
            "WHERE order_id = ANY(%s)",
            [ids],
        )
        cloner.add("account_move", dict(cursor.fetchall()))
        cursor.execute(
            "SELECT stock_reference_id, id FROM car_repair_order "
            "WHERE id = ANY(%s) AND stock_reference_id IS NOT NULL",
            [ids],
        )
        cloner.add("stock_reference", dict(cursor.fetchall()))
        cloner.clone()
        cursor.commit()


class Cloner:
    """Copies rows and all that refers to them, once for each row of bench_clone.

    ``bench_clone`` has the columns k (0, 1, 2...), proto, age and those named by the
    texts to replace (old column, new column) and by the links to replace.
    """

    def __init__(self, cursor, texts=(), links=None):
        self.cursor = cursor
        self.texts = texts
        self.links = links or {}
        self.rows = {}  # table to {id or ctid: prototype}
        self.columns = {}
        cursor.execute(
            """
            SELECT child.relname, a.attname, parent.relname
            FROM pg_constraint c
            JOIN pg_class child ON child.oid = c.conrelid
            JOIN pg_class parent ON parent.oid = c.confrelid
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
            """
        )
        self.keys = cursor.fetchall()
        self.target = {(table, column): ref for table, column, ref in self.keys}
        cursor.execute(
            """
            SELECT table_name, column_name, data_type FROM information_schema.columns
            WHERE table_schema = current_schema() ORDER BY ordinal_position
            """
        )
        for table, column, kind in cursor.fetchall():
            self.columns.setdefault(table, {})[column] = kind
        cursor.execute(
            """
            SELECT t.relname, a.attname
            FROM pg_index i
            JOIN pg_class t ON t.oid = i.indrelid
            JOIN pg_attribute a
                ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
            WHERE i.indisunique AND NOT i.indisprimary
            """
        )
        self.unique = set(cursor.fetchall())

    def add(self, table, rows):
        """Copy these rows; told as id to prototype."""
        self.rows.setdefault(table, {}).update(rows)

    def clone(self):
        """Find what refers to the rows, and copy everything."""
        self.cursor.execute(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        if self.cursor.fetchone()[0]:
            # The links are right by construction: they need no look one by one.
            self.cursor.execute("SET LOCAL session_replication_role = replica")
        while self._find_children():
            pass
        self.offsets = {
            table: self._get_offset(table)
            for table in self.rows
            if "id" in self.columns[table]
        }
        for table in self._sort_tables():
            self._copy(table)

    def _find_children(self):
        """Add the rows that refer to those known; tell whether there were any."""
        before = sum(map(len, self.rows.values()))
        for table, column, ref in self.keys:
            if ref in self.rows and not table.startswith(SKIPPED):
                self._find_rows(table, SQL.identifier(column), self.rows[ref])
        for table, (model, res_id) in BY_MODEL.items():
            for ref in list(self.rows):
                if ref != table and "id" in self.columns[ref]:
                    condition = SQL(
                        "%s = %s", SQL.identifier(model), self._get_model(ref)
                    )
                    self._find_rows(
                        table, SQL.identifier(res_id), self.rows[ref], condition
                    )
        return sum(map(len, self.rows.values())) > before

    def _find_rows(self, table, column, parents, condition=None):
        key = "id" if "id" in self.columns[table] else "ctid"
        self.cursor.execute(
            SQL(
                "SELECT %s::text, %s FROM %s WHERE %s = ANY(%s) AND %s",
                SQL.identifier(key),
                column,
                SQL.identifier(table),
                column,
                list(parents),
                condition or SQL("true"),
            )
        )
        for found, parent in self.cursor.fetchall():
            found = int(found) if key == "id" else found
            self.rows.setdefault(table, {}).setdefault(found, parents[parent])

    def _get_model(self, table):
        self.cursor.execute(
            "SELECT model FROM ir_model WHERE replace(model, '.', '_') = %s", [table]
        )
        found = self.cursor.fetchone()
        return found[0] if found else table

    def _get_offset(self, table):
        """Return how the ids of copies follow: lowest, highest, first free, stride."""
        ids = list(self.rows[table])
        low, high = min(ids), max(ids)
        self.cursor.execute(SQL("SELECT max(id) FROM %s", SQL.identifier(table)))
        (last,) = self.cursor.fetchone()
        return low, high, last + 1, high - low + 1

    def _sort_tables(self):
        """Return the tables so that what is referred to comes first."""
        parents = {
            table: {
                ref
                for child, _column, ref in self.keys
                if child == table and ref in self.rows and ref != table
            }
            for table in self.rows
        }
        order = []
        while parents:
            # Tables that refer to each other: their links are copied as they are
            # found, and the database looks at them at the end of the statement.
            ready = [t for t in parents if not parents[t] - set(order)]
            chosen = ready or [min(parents, key=lambda t: len(parents[t] - set(order)))]
            order += chosen
            for table in chosen:
                del parents[table]
        return order

    def _copy(self, table):
        key = "id" if "id" in self.columns[table] else "ctid"
        columns = list(self.columns[table].items())
        name = SQL.identifier(table)
        rows = SQL(", ").join(
            SQL("(%s::%s, %s)", row, SQL("int" if key == "id" else "tid"), proto)
            for row, proto in self.rows[table].items()
        )
        self.cursor.execute(
            SQL(
                """
                INSERT INTO %s (%s)
                SELECT %s FROM (VALUES %s) AS origin (key, proto)
                JOIN %s AS t ON t.%s = origin.key
                JOIN bench_clone AS c ON c.proto = origin.proto
                ORDER BY c.k
                """,
                name,
                SQL(", ").join(SQL.identifier(column) for column, _kind in columns),
                SQL(", ").join(
                    self._get_expression(table, column, kind)
                    for column, kind in columns
                ),
                rows,
                name,
                SQL.identifier(key),
            )
        )
        if key == "id":
            self.cursor.execute(
                SQL(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM %s",
                    table,
                    name,
                )
            )

    def _get_expression(self, table, column, kind):
        """Return what a column of a copy holds."""
        value = SQL("t.%s", SQL.identifier(column))
        ref = self.target.get((table, column))
        if column == "id":
            return self._shift(value, table)
        if ref in self.offsets:
            return SQL(
                "CASE WHEN %s BETWEEN %s AND %s THEN %s ELSE %s END",
                value,
                *self.offsets[ref][:2],
                self._shift(value, ref),
                value,
            )
        if ref in self.links:
            old, new = (SQL("c.%s", SQL.identifier(name)) for name in self.links[ref])
            return SQL("CASE WHEN %s = %s THEN %s ELSE %s END", value, old, new, value)
        if column == BY_MODEL.get(table, ("", ""))[1]:
            return self._shift_by_model(table, value)
        if kind.startswith("timestamp"):
            return SQL("%s - c.age", value)
        if kind == "date":
            return SQL("(%s - c.age)::date", value)
        if kind in ("character varying", "text"):
            return self._replace_texts(table, column, value)
        return value

    def _shift(self, value, table):
        low, _high, free, stride = self.offsets[table]
        return SQL("%s - %s + %s + c.k * %s", value, low, free, stride)

    def _shift_by_model(self, table, value):
        model = SQL("t.%s", SQL.identifier(BY_MODEL[table][0]))
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", self._get_model(ref), self._shift(value, ref))
            for ref in self.offsets
        )
        return SQL("CASE %s %s ELSE %s END", model, cases, value)

    def _replace_texts(self, table, column, value):
        replaced = value
        for old, new in self.texts:
            replaced = SQL(
                "replace(%s, c.%s, c.%s)",
                replaced,
                SQL.identifier(old),
                SQL.identifier(new),
            )
        if (table, column) not in self.unique:
            return replaced
        return SQL(
            "CASE WHEN %(new)s != %(old)s OR %(old)s IN ('', '/') THEN %(new)s "
            "ELSE %(old)s || '-' || c.k END",
            new=replaced,
            old=value,
        )
