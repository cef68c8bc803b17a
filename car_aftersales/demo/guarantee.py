"""Guarantees of the demo visits, and cars that come back under them."""

from datetime import timedelta

from odoo.fields import Command

from .visit_builders import repair


def play_guarantee(dealer):
    """Let guarantees run since the cars left; two come back, one is not our fault."""
    _date_guarantees(dealer)
    _come_back(dealer, "10", "保养后机油滤清器处渗油")
    refuted = _come_back(dealer, "26", "保养后底盘漏油")
    dealer.by("workshop", refuted).write(
        {
            "evidence": "油底壳被石块磕裂，断口新鲜，与本次保养施工无关",
            "attachment_ids": [
                Command.create({"name": "油底壳.png", "datas": dealer.signature})
            ],
        }
    )
    dealer.by("workshop", refuted).action_refute()


def _date_guarantees(dealer):
    """Move the guarantees back to the days on which the cars left."""
    orders = dealer.env["car.repair.order"].search([("state", "=", "delivered")])
    orders._stamp_guarantees()
    for order in orders:
        day = order.company_id._get_car_local_day(order.delivered_at)
        for line in order.line_ids.sudo().filtered("guarantee_vehicle_id"):
            days = line.guarantee_days
            line.write(
                {
                    "guarantee_from": day,
                    "guarantee_until": days and day + timedelta(days=days),
                }
            )


def _come_back(dealer, number, complaint):
    """Receive a car again and link it to its last visit, as the advisor does."""
    vehicle = dealer.ref(f"vehicle_{number}")
    earlier = dealer.env["car.repair.order"].search(
        [("vehicle_id", "=", vehicle.id), ("state", "=", "delivered")],
        order="delivered_at desc",
        limit=1,
    )
    job, lines = repair(dealer, complaint, "engine", ("labor_oil_change",))
    job["system_id"] = earlier.job_ids[:1].system_id.id
    order = dealer.receive(vehicle, [(job, lines)], type_id=dealer.type("comeback").id)
    return dealer.by("advisor", dealer.env["car.repair.comeback"]).create(
        {"job_id": order.job_ids.id, "of_job_id": earlier.job_ids[:1].id}
    )
