"""Make the demonstration worth a picture, whatever the hour.

Runs inside `odoo shell`; `env` is there already, and one whole visit was played. One
more car is in the workshop, with work for three payers, a part that is on its way and
work found while the wheels were off. Promises that the clock has overtaken are moved,
as an advisor would, but for one. Prints the ids of the orders to show.
"""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.car_aftersales.demo import visit_builders as visits
from odoo.addons.car_aftersales.demo.dealer import Dealer

dealer = Dealer(env)
now = fields.Datetime.now()


def next_time(hour):
    """Return when the shop's clock shows this hour next, with time left for work."""
    return next(
        moment
        for moment in (dealer.at(0, hour), dealer.at(-1, hour))
        if moment > now + timedelta(hours=1)
    )


orders = env["car.repair.order"]
billed = orders.search(
    [("state", "=", "delivered"), ("vehicle_id", "=", dealer.ref("vehicle_01").id)],
    order="id desc",
    limit=1,
)
dealer.date_back(billed, 1)

order = dealer.receive(
    dealer.ref("vehicle_04"),
    [
        visits.repair(
            dealer,
            "制动有尖叫声",
            "brakes",
            ("labor_front_pads",),
            ("part_vw_front_pads",),
            ("part_bosch_wiper",),
        ),
        visits.repair(
            dealer,
            "充电灯亮",
            "electrical",
            ("labor_alternator",),
            ("part_vw_alternator",),
        ),
    ],
    received_at=now - timedelta(hours=2),
    promised_at=next_time(17),
)
maker = visits.add_payer(
    dealer, order, "warranty", "maker_volkswagen", reference="SP-2304416"
)
house = visits.add_payer(dealer, order, "goodwill")
lines = {line.product_id: line for line in dealer.by("advisor", order.line_ids)}
lines[dealer.ref("part_bosch_wiper")].payer_id = house
lines[dealer.ref("labor_alternator")].payer_id = maker
lines[dealer.ref("part_vw_alternator")].payer_id = maker
dealer.estimate(order)
dealer.authorize(order)
dealer.authorize_house(order)
brakes, charging = order.job_ids
for job, technician in ((brakes, "li"), (charging, "zhang")):
    dealer.by("workshop", job).write(
        {
            "team_id": dealer.ref("team_mechanical").id,
            "technician_ids": [Command.set(dealer.ref(f"technician_{technician}").ids)],
        }
    )
dealer.issue(order)
dealer.by("advisor", order).action_buy()
purchases = dealer.by("parts", env["purchase.order"]).search(
    [("order_line.car_repair_line_id", "in", charging.line_ids.ids)]
)
purchases.button_confirm()
# One job runs at a time: what the technician is at waits.
clocked = dealer.by("technician", env["car.work.session"])
for job in clocked.search([("stopped_at", "=", False)]).job_id:
    job.action_pause("parts")
dealer.take_in(order)
dealer.by("technician", brakes).action_start()
# Found while the wheels are off; the customer has not answered yet.
dealer.by("advisor", env["car.repair.line"]).create(
    [
        {"job_id": brakes.id, **visits.line(dealer, *entry)}
        for entry in (("labor_front_discs",), ("part_vw_front_disc", 2))
    ]
)

late = orders.search(
    [
        ("state", "not in", ("delivered", "declined", "cancelled")),
        ("promised_at", "<", now + timedelta(hours=1)),
    ],
    order="id",
)
broken = late.filtered(lambda record: record.state == "authorized")[-1:]
for index, record in enumerate(dealer.by("advisor", late - broken)):
    record.write(
        {
            "promised_at": next_time(15 + index % 4),
            "promise_reason": "增项",
            "is_promise_told": True,
        }
    )

env["res.lang"]._activate_lang("en_US")
env.cr.commit()
print("ORDERS", order.id, billed.id)
