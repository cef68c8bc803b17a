"""Fill a database with appointments, their time in the workshop, and intakes.

One of each is made by its ordinary user; the rest are copies, spread over three years.
The last week has as many appointments in the small database as in the large one, so
that both show the same page of the calendar.
"""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command

from .steps import Requests

TEAMS = 3
WEEK = 60
STATES = {"arrived": 0.9, "no_show": 0.95, "cancelled": 1.0}
RESULTS = {"arrived": "kept", "no_show": "no_show", "cancelled": "cancelled"}


def fill_bookings(registry, shop, order_id, count, cloner):
    """Add so many appointments, and an intake to each of as many orders.

    :param order_id: an order that an intake is begun for
    :param cloner: the class that copies rows
    """
    appointment_id = _make_appointment(registry, shop)
    inspection_id = _make_intake(registry, shop, order_id)
    with registry.cursor() as cursor:
        _clone_appointments(cursor, cloner, appointment_id, count)
        cursor.commit()
    with registry.cursor() as cursor:
        _clone_intakes(cursor, cloner, inspection_id, count)
        cursor.commit()


def _get_requests(registry, shop):
    context = {"lang": "zh_CN", "allowed_company_ids": [shop["company"]]}
    return Requests(registry, shop["users"], context)


def _make_appointment(registry, shop):
    """Let the advisor book a time: two pieces of work, with a part."""
    with registry.cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        teams = env["car.workshop.team"].create(
            [{"name": f"Team {number}"} for number in range(TEAMS)]
        )
        # Work that nobody has taken counts for the first team, which is full by that.
        team = teams[-1]
        start = team._find_free(
            2.0, after=fields.Datetime.now() + timedelta(days=1), limit=1
        )[0]["start"]
        cursor.commit()
    with _get_requests(registry, shop).step("book", "advisor") as env:
        appointment = env["car.appointment"].create(
            {
                "vehicle_id": shop["vehicles"][0],
                "team_id": team.id,
                "start_at": start,
                "line_ids": [
                    Command.create({"product_id": shop["labor"]}),
                    Command.create({"product_id": shop["parts"][0]}),
                ],
            }
        )
        appointment.write({"state": "confirmed"})
    return appointment.id


def _make_intake(registry, shop, order_id):
    """Let the advisor begin the intake of an order."""
    with _get_requests(registry, shop).step("intake", "advisor") as env:
        order = env["car.repair.order"].browse(order_id)
        order.action_intake()
        intake = order.intake_id
        intake.action_rest_ok()
    return intake.id


def _clone_appointments(cursor, cloner, appointment_id, count):
    """Copy the appointment: one week as it is, the years before it closed."""
    cursor.execute(
        """
        CREATE TEMP TABLE bench_clone ON COMMIT DROP AS
        WITH vehicle AS (
            SELECT v.id, v.owner_id, v.license_plate, v.plate_key, p.name, p.phone,
                row_number() OVER (ORDER BY v.id) - 1 AS rank
            FROM car_vehicle v JOIN res_partner p ON p.id = v.owner_id
        )
        SELECT k, a.id AS proto,
            a.name AS old_number, 'A' || lpad(k::text, 7, '0') AS number,
            a.license_plate AS old_plate, vehicle.license_plate AS plate,
            a.plate_key AS old_key, vehicle.plate_key AS key,
            a.contact_name AS old_name, vehicle.name AS name,
            a.phone AS old_phone, vehicle.phone AS phone,
            a.vehicle_id AS old_vehicle, vehicle.id AS vehicle,
            a.partner_id AS old_owner, vehicle.owner_id AS owner,
            CASE WHEN %(count)s - k <= %(week)s
                THEN (%(count)s - k) * interval '2 hours'
                ELSE interval '7 days'
                    + (1095.0 * (%(count)s - k) / %(count)s) * interval '1 day'
            END AS age
        FROM car_appointment a
        CROSS JOIN generate_series(0, %(count)s - 1) AS k
        JOIN vehicle ON vehicle.rank = k * 7 %% (SELECT count(*) FROM vehicle)
        WHERE a.id = %(appointment)s
        """,
        {"count": count, "week": WEEK, "appointment": appointment_id},
    )
    copies = cloner(
        cursor,
        texts=[("old_number", "number"), ("old_plate", "plate"), ("old_key", "key")]
        + [("old_name", "name"), ("old_phone", "phone")],
        links={
            "car_vehicle": ("old_vehicle", "vehicle"),
            "res_partner": ("old_owner", "owner"),
        },
    )
    copies.add("car_appointment", {appointment_id: appointment_id})
    copies.clone()
    cursor.execute(
        """
        UPDATE car_workshop_slot s SET team_id = t.id, bay_id = NULL
        FROM (
            SELECT id, row_number() OVER (ORDER BY id) - 1 AS rank
            FROM car_workshop_team WHERE name LIKE 'Team %%'
        ) t
        WHERE t.rank = s.appointment_id %% %s AND s.appointment_id != %s
        """,
        [TEAMS, appointment_id],
    )
    before = "SELECT id FROM car_appointment WHERE start_at < now() - interval '6 days'"
    low = 0.0
    for state, high in STATES.items():
        share = f"id %% 100 >= {low * 100} AND id %% 100 < {high * 100}"
        cursor.execute(
            f"UPDATE car_appointment SET state = %s, result = %s, "
            f"arrived_at = CASE WHEN %s = 'arrived' THEN start_at END "
            f"WHERE id IN ({before}) AND {share}",
            [state, RESULTS[state], state],
        )
        low = high
    cursor.execute(
        "UPDATE car_appointment_part p SET appointment_state = a.state "
        "FROM car_appointment a "
        "WHERE a.id = p.appointment_id AND a.state != 'confirmed'"
    )


def _clone_intakes(cursor, cloner, inspection_id, count):
    """Copy the intake for the newest orders; those of closed orders are completed."""
    cursor.execute(
        """
        CREATE TEMP TABLE bench_clone ON COMMIT DROP AS
        SELECT (row_number() OVER (ORDER BY o.id) - 1)::integer AS k, i.id AS proto,
            i.name AS old_number, 'I' || o.name AS number,
            i.order_number AS old_order_number, o.name AS order_number,
            i.order_id AS old_order, o.id AS order,
            i.vehicle_id AS old_vehicle, o.vehicle_id AS vehicle,
            i.create_date - o.create_date AS age
        FROM car_inspection i
        JOIN car_repair_order o ON NOT EXISTS (
            SELECT FROM car_inspection x WHERE x.order_id = o.id
        )
        WHERE i.id = %s ORDER BY o.id DESC LIMIT %s
        """,
        [inspection_id, count],
    )
    copies = cloner(
        cursor,
        texts=[("old_number", "number"), ("old_order_number", "order_number")],
        links={
            "car_repair_order": ("old_order", "order"),
            "car_vehicle": ("old_vehicle", "vehicle"),
        },
    )
    copies.add("car_inspection", {inspection_id: inspection_id})
    copies.clone()
    cursor.execute(
        "UPDATE car_inspection i SET state = 'done' FROM car_repair_order o "
        "WHERE o.id = i.order_id AND o.state IN ('delivered', 'declined')"
    )
