"""Targets, trainings and the summary of last month, as the demo supervisor has them."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

TARGETS = {
    # indicator: of the rule book, for the year
    "accessory_sales": 300000,
    "accessory_stock": 50000,
    "parts_sales": 2400000,
    "training_technology": 6,
    "training_workshop": 4,
    "training_discussion": 4,
}
MONTHLY = {"visits": 40, "labor_revenue": 60000, "calls_held": 30, "complaints": 3}
TRAININGS = [
    # days ago, kind, subject, who held it, minutes
    (
        40,
        "sales",
        "冬季轮胎与养护产品的介绍话术",
        "陈国强",
        "<p>讲解花纹深度与更换时机；两人一组演练报价。</p>",
    ),
    (
        25,
        "technology",
        "高压系统安全基础",
        "厂家培训师",
        "<p>断电流程、绝缘检测、个人防护；现场考核全部通过。</p>",
    ),
    (
        12,
        "discussion",
        "低速转弯异响的排查",
        "孙建军",
        "<p>三台车同样现象，原因为半轴护套老化；统一检查步骤。</p>",
    ),
    (-9, "activity", "部门秋游", "", False),
]


def play_reports(dealer):
    """Lay down targets, hold trainings, and hand in the summary of last month."""
    _lay_down_targets(dealer)
    _hold_trainings(dealer)
    dealer.env["car.target"]._cron_count()
    _write_summary(dealer)


def _lay_down_targets(dealer):
    env = dealer.env
    category = env["product.category"].create({"name": "精品"})
    dealer.company.car_accessory_category_id = category
    mat = env["product.product"].create(
        {
            "name": "全包围脚垫",
            "type": "consu",
            "is_storable": True,
            "car_item_kind": "part",
            "categ_id": category.id,
            "list_price": 680,
            "standard_price": 420,
        }
    )
    site = dealer.company._get_first_sites()[dealer.company]
    env["stock.quant"].with_context(inventory_mode=True).create(
        {
            "product_id": mat.id,
            "location_id": site.lot_stock_id.id,
            "inventory_quantity": 60,
        }
    ).action_apply_inventory()
    for indicator, value in TARGETS.items():
        target = env.ref(f"car_aftersales.car_target_{indicator}")
        dealer.by("supervisor", target).target_value = value
    today = fields.Date.today()
    dealer.by("supervisor", env["car.target"]).create(
        [
            {
                "indicator": indicator,
                "period": "month",
                "date_from": today,
                "target_value": value,
                "sequence": 100,
            }
            for indicator, value in MONTHLY.items()
        ]
    )


def _hold_trainings(dealer):
    today = fields.Date.today()
    people = dealer.ref("user_advisor") | dealer.ref("user_followup")
    technicians = dealer.env["car.technician"].search([], limit=3)
    for days_ago, kind, name, trainer, minutes in TRAININGS:
        training = dealer.by("supervisor", dealer.env["car.training"]).create(
            {
                "name": name,
                "kind": kind,
                "date": today - timedelta(days=days_ago),
                "hours": 1.5,
                "trainer": trainer,
                "user_ids": [Command.set(people.ids)],
                "technician_ids": [Command.set(technicians.ids)],
                "minutes": minutes,
            }
        )
        if minutes:
            training.action_hold()


def _write_summary(dealer):
    last_month = fields.Date.subtract(fields.Date.today().replace(day=1), days=1)
    report = dealer.by("supervisor", dealer.env["car.period.report"]).create(
        {
            "period": "month",
            "date_from": last_month,
            "achievements": "<p>来厂台次平稳，交车后首次回访均按期完成。</p>",
            "problems": "<p>部分配件到货晚，影响两台车的交车时间。</p>",
            "measures": "<p>与两家供应商约定急件当日达，配件员负责，下月检查。</p>",
        }
    )
    report.action_submit()
    report.action_plan_meeting()
