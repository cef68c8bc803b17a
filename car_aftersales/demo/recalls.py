"""Recalls of the demo: one that runs, half done, and a service action."""

import base64
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

# Cars of the maker's list that never came here
STRANGERS = 12


def play_recalls(dealer):
    """Let the warranty clerk enter two campaigns, and the desk work on them."""
    brand = dealer.ref("model_lavida").brand_id
    cars = dealer.env["car.vehicle"].search(
        [("vin", "!=", False), ("brand_id", "=", brand.id)], order="id", limit=8
    )
    _play_recall(dealer, brand, cars)
    _play_service_action(dealer, brand, cars)


def _create_terms(dealer, brand):
    """Agree with the maker of a brand, unless that was done before."""
    terms = dealer.env["car.warranty.maker"].search(
        [("brand_ids", "in", brand.ids)], limit=1
    )
    if terms:
        return terms
    maker = dealer.env["res.partner"].create(
        {"name": f"{brand.name.split()[-1]}汽车销售有限公司", "is_company": True}
    )
    return dealer.env["car.warranty.maker"].create(
        {
            "partner_id": maker.id,
            "company_id": dealer.company.id,
            "brand_ids": [Command.set(brand.ids)],
            "labor_rate": 160.0,
        }
    )


def _create_package(dealer):
    """Return the work package: an operation and the pump."""
    pump = dealer.ref("part_vw_water_pump")
    labor = dealer.env["product.product"].search(
        [("car_item_kind", "=", "labor")], limit=1
    )
    return dealer.env["car.repair.package"].create(
        {
            "name": "召回：更换水泵节温器总成",
            "code": "RECALL-01",
            "line_ids": [
                Command.create({"product_id": product.id, "quantity": 1})
                for product in labor | pump
            ],
        }
    )


def _create_campaign(dealer, **values):
    campaigns = dealer.by("warranty", dealer.env["car.recall.campaign"])
    today = fields.Date.context_today(campaigns)
    return campaigns.create({"date_from": today - timedelta(days=20), **values})


def _play_recall(dealer, brand, cars):
    """A recall from the maker's list: told, done elsewhere, scrapped, still open."""
    campaign = _create_campaign(
        dealer,
        number="S2026M0031",
        name="水泵节温器总成可能漏液",
        kind="recall",
        description="免费更换改进后的水泵节温器总成。",
        risk="冷却液泄漏可能导致发动机过热，存在安全隐患。",
        maker_id=_create_terms(dealer, brand).id,
        package_id=_create_package(dealer).id,
    )
    vins = [*cars.mapped("vin"), *(f"LFPRECA77NN{n:06}" for n in range(STRANGERS))]
    lines = ["序号,车架号", *(f"{n},{vin}" for n, vin in enumerate(vins, 1))]
    lines += [f"{len(vins) + 1},{cars[0].vin}", f"{len(vins) + 2},LFV1234"]
    load = dealer.by("warranty", dealer.env["car.recall.import"]).create(
        {
            "campaign_id": campaign.id,
            "file": base64.b64encode("\n".join(lines).encode()),
            "file_name": "S2026M0031.csv",
        }
    )
    load.action_load()
    campaign.action_open()
    rows = dealer.by("warranty", campaign.vehicle_ids)
    known = rows.filtered("vehicle_id")
    yesterday = fields.Date.context_today(rows) - timedelta(days=1)
    known[:2].write(
        {"state": "done", "done_on": yesterday, "done_by": "南京特约店，保养手册已登记"}
    )
    known[2:4].action_inform()
    rows.filtered(lambda row: not row.vehicle_id)[:2].write(
        {"state": "not_ours", "gone_reason": "scrapped"}
    )


def _play_service_action(dealer, brand, cars):
    """A service action for the models of the brand."""
    campaign = _create_campaign(
        dealer,
        number="SA-2026-07",
        name="车机软件升级",
        kind="service_action",
        description="升级车机软件，改善蓝牙连接。",
        maker_id=_create_terms(dealer, brand).id,
        model_ids=[Command.set(cars.model_id.ids)],
    )
    campaign.action_find_vehicles()
    campaign.action_open()
