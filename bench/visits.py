"""One visit of a car in three ways: bare Odoo, Odoo's repair, and ours.

The same three parts and one labor operation each, with the same prices and taxes; every
step is taken by a user who has the groups of his desk and no more. Nothing is reread
for a screen: only what the buttons do is measured, in all three.
"""

import gc
import statistics

from odoo.fields import Command

from .steps import Requests

WARM_UP = 3
ROUNDS = 15
# The smallest picture there is stands for what the customer draws
SIGNATURE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    b"WjR9awAAAABJRU5ErkJggg=="
)
WAYS = ("primitives", "repair", "aftersales")


def play_primitives(requests, shop, turn):
    """Confirm, reserve and do one transfer of three parts; post one invoice."""
    customer = shop["customers"][turn % len(shop["customers"])]
    with requests.step("create transfer", "storekeeper") as env:
        warehouse = env["stock.warehouse"].browse(shop["warehouse"])
        picking_type = warehouse.out_type_id
        source = picking_type.default_location_src_id
        target = picking_type.default_location_dest_id
        picking = env["stock.picking"].create(
            {
                "partner_id": customer,
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": part,
                            "product_uom_qty": 1.0,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                    for part in shop["parts"]
                ],
            }
        )
    with requests.step("confirm and reserve", "storekeeper") as env:
        picking = env["stock.picking"].browse(picking.id)
        picking.action_confirm()
        assert picking.state == "assigned", picking.state
    with requests.step("do the transfer", "storekeeper") as env:
        picking = env["stock.picking"].browse(picking.id)
        picking.button_validate()
        assert picking.state == "done", picking.state
    with requests.step("create invoice", "accountant") as env:
        invoice = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer,
                "invoice_line_ids": [
                    Command.create({"product_id": product, "quantity": 1.0})
                    for product in [shop["labor"], *shop["parts"]]
                ],
            }
        )
    with requests.step("post invoice", "accountant") as env:
        invoice = env["account.move"].browse(invoice.id)
        invoice.action_post()
        assert invoice.state == "posted", invoice.state
    return invoice.id


def play_repair(requests, shop, turn):
    """Odoo's repair order with three parts, labor on its quotation, and an invoice."""
    customer = shop["customers"][turn % len(shop["customers"])]
    with requests.step("create", "repairer") as env:
        order = env["repair.order"].create(
            {
                "partner_id": customer,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": part,
                            "product_uom_qty": 1.0,
                            "repair_line_type": "add",
                        }
                    )
                    for part in shop["parts"]
                ],
            }
        )
    with requests.step("quotation", "repairer") as env:
        order = env["repair.order"].browse(order.id)
        order.action_create_sale_order()
    with requests.step("labor line", "repairer") as env:
        sale = env["repair.order"].browse(order.id).sale_order_id
        sale.write({"order_line": [Command.create({"product_id": shop["labor"]})]})
    with requests.step("confirm quotation", "repairer") as env:
        env["sale.order"].browse(sale.id).action_confirm()
    with requests.step("confirm and reserve", "repairer") as env:
        env["repair.order"].browse(order.id).action_validate()
    with requests.step("start", "repairer") as env:
        env["repair.order"].browse(order.id).action_repair_start()
    with requests.step("end", "repairer") as env:
        order = env["repair.order"].browse(order.id)
        order.action_repair_end()
        assert order.state == "done", order.state
        assert set(order.move_ids.mapped("state")) == {"done"}
    with requests.step("create invoice", "repairer") as env:
        env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=sale.ids, active_id=sale.id
        ).create({}).create_invoices()
        invoice = env["sale.order"].browse(sale.id).invoice_ids
    with requests.step("post invoice", "accountant") as env:
        invoice = env["account.move"].browse(invoice.id)
        invoice.action_post()
        assert invoice.state == "posted", invoice.state
    return invoice.id


def play_aftersales(requests, shop, turn):
    """Our visit from reception to delivery, leaving on authorized credit."""
    vehicle = shop["vehicles"][turn % len(shop["vehicles"])]
    order_id = play_until(requests, shop, vehicle, "deliver")
    with requests.look() as cursor:
        cursor.execute(
            "SELECT o.state, r.move_id FROM car_repair_order o "
            "JOIN car_repair_order_account_move_rel r ON r.order_id = o.id "
            "WHERE o.id = %s",
            [order_id],
        )
        state, invoice_id = cursor.fetchone()
    assert state == "delivered", state
    return invoice_id


def play_until(requests, shop, vehicle, last, jobs=1):
    """Play our visit up to a step, each by whose work it is.

    :return: id of the order.
    """
    with requests.step("receive", "advisor") as env:
        order = env["car.repair.order"].create(_prepare_order_vals(shop, vehicle, jobs))
    names = [name for name, *_rest in STEPS]
    count = names.index(last) + 1 if last in names else 0
    for name, user, model, take_step in STEPS[:count]:
        # What is clicked is on the screen: finding it is not counted.
        ids = _find(requests, model, order.id)
        with requests.step(name, user) as env:
            take_step(env[model].browse(ids))
    return order.id


def _prepare_order_vals(shop, vehicle, jobs):
    products = [shop["labor"], *shop["parts"]]
    lines = [Command.create({"product_id": product}) for product in products]
    job = {"name": "Oil service", "line_ids": lines}
    return {
        "vehicle_id": vehicle,
        "job_ids": [Command.create(job) for _number in range(jobs)],
    }


def _find(requests, model, order_id):
    queries = {
        "car.repair.order": "SELECT id FROM car_repair_order WHERE id = %s",
        "car.repair.job": "SELECT id FROM car_repair_job WHERE order_id = %s",
        "car.repair.payer": "SELECT id FROM car_repair_payer WHERE order_id = %s",
        "stock.picking": "SELECT id FROM stock_picking WHERE car_repair_order_id = %s",
    }
    with requests.look() as cursor:
        cursor.execute(queries[model], [order_id])
        return [row[0] for row in cursor.fetchall()]


def _record_consent(order):
    order.env["car.repair.authorization"].create(
        {
            "order_id": order.id,
            "channel": "signature",
            "signature": SIGNATURE,
            "signed_by": "车主",
            "promised_at": order.received_at,
        }
    )


def _issue_parts(picking):
    picking.button_validate()
    assert picking.state == "done", picking.state


ORDER, JOB = "car.repair.order", "car.repair.job"
STEPS = [
    ("consent", "advisor", ORDER, _record_consent),
    ("issue parts", "parts_clerk", "stock.picking", _issue_parts),
    ("start work", "technician", JOB, lambda job: job.action_start()),
    ("finish work", "technician", JOB, lambda job: job.action_finish()),
    ("hand over", "advisor", ORDER, lambda o: o.action_request_quality_check()),
    ("quality check", "inspector", ORDER, lambda o: o.action_pass_quality_check()),
    ("bill", "cashier", ORDER, lambda order: order.action_create_invoices()),
    (
        "credit",
        "manager",
        "car.repair.payer",
        lambda payer: payer.action_authorize_credit(reason="Monthly account"),
    ),
    ("exit pass", "cashier", ORDER, lambda order: order.action_issue_exit_pass()),
    ("deliver", "advisor", ORDER, lambda order: order.action_deliver()),
]


PLAYS = {
    "primitives": play_primitives,
    "repair": play_repair,
    "aftersales": play_aftersales,
}


def measure_visits(registry, shop, apart):
    """Play the three visits in turns.

    :return: dict of way to median seconds and queries, and dict of way to the queries
        of each step.
    """
    gc.collect()
    gc.freeze()  # what lies in memory now is not looked through at each visit
    context = {
        "lang": "zh_CN",
        "tz": "Asia/Shanghai",
        "allowed_company_ids": [shop["company"]],
    }
    requests = {
        way: Requests(registry, shop["users"], context, apart=apart) for way in WAYS
    }
    seconds = {way: [] for way in WAYS}
    queries = {way: [] for way in WAYS}
    for turn in range(WARM_UP + ROUNDS):
        # Whoever comes second may find a warmer machine: the order changes.
        shift = turn % len(WAYS)
        for way in WAYS[shift:] + WAYS[:shift]:
            with requests[way].visit():
                invoice = PLAYS[way](requests[way], shop, turn)
            if turn == 0:
                _check_invoice(registry, invoice)
            if turn < WARM_UP:
                requests[way].steps.clear()
                continue
            seconds[way].append(requests[way].seconds)
            queries[way].append(requests[way].queries)
    figures = {
        way: {
            "seconds": round(statistics.median(seconds[way]), 4),
            "queries": round(statistics.median(queries[way])),
        }
        for way in WAYS
    }
    steps = {
        way: {
            name: round(count / ROUNDS, 1)
            for name, count in requests[way].steps.items()
        }
        for way in WAYS
    }
    return figures, steps


def _check_invoice(registry, invoice_id):
    """See that the three ways bill the same: four lines, posted, the same total."""
    with registry.cursor() as cursor:
        cursor.execute(
            "SELECT m.state, m.amount_total, count(*) FROM account_move m "
            "JOIN account_move_line l ON l.move_id = m.id "
            "AND l.display_type = 'product' WHERE m.id = %s GROUP BY m.id",
            [invoice_id],
        )
        state, total, lines = cursor.fetchone()
    if (state, lines) != ("posted", 4) or abs(float(total) - 488.75) > 0.01:
        raise RuntimeError(f"a visit billed {total} on {lines} lines, {state}")
