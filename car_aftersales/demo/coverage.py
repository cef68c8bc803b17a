"""Warranty of the demo dealer: the maker's policy and the cars that have it."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

# Car, and how many days ago it was bought
CARS = (("08", 300), ("27", 820), ("29", 120), ("31", 1700))


def play_coverage(dealer):
    """Write down what the maker guarantees, and give it to cars of the brand."""
    env = dealer.env
    maker = env["car.warranty.maker"].search(
        [("partner_id", "=", dealer.ref("partner_maker_byd").id)], limit=1
    )
    clerk = dealer.by("warranty", maker)
    policy = clerk.env["car.warranty.policy"].create(
        {
            "name": "整车质保 6 年 / 15 万公里",
            "code": "BYD-6-15",
            "is_automatic": False,  # only these cars; the other visits stay as played
            "brand_ids": [Command.set(dealer.ref("brand_byd").ids)],
            "maker_id": maker.id,
            "months": 72,
            "km": 150000,
            "requires_service": True,
            "component_ids": [
                Command.create(
                    {
                        "scope": "system",
                        "system_id": dealer.system("brakes").id,
                        "months": 6,
                        "km": 10000,
                        "is_wear_part": True,
                    }
                )
            ],
        }
    )
    today = fields.Date.context_today(clerk)
    clerk.env["car.warranty.coverage"].create(
        [
            {
                "vehicle_id": dealer.ref(f"vehicle_{number}").id,
                "policy_id": policy.id,
                "start_date": today - timedelta(days=days),
            }
            for number, days in CARS
        ]
    )
