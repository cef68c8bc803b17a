"""The follow-up of the demo: files, calls held, points with their way, what is due."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

WISHES = [
    "希望周末也能接车，保养前先电话告知价格",
    "希望接送车上门服务",
    "无特别要求，按时提醒保养即可",
    "希望短信通知，不要上午打电话",
]


def play_follow_up(dealer):
    """Let the jobs plan, and the clerk hold some of the calls."""
    env = dealer.env
    clerk = env.ref("car_aftersales.user_followup_demo")
    dealer.company.car_clerk_id = clerk
    env["car.contact.festival"].create(
        [
            {"name": "元旦", "date": fields.Date.today().replace(month=12, day=31)},
            {"name": "国庆节", "date": fields.Date.today().replace(month=10, day=1)},
        ]
    )
    while env["car.customer.file"]._open_batch():
        pass
    env["car.contact.rule"].search([])._make_tasks()
    _complete_files(env, clerk)
    tasks = env["car.contact.task"].with_user(clerk).search([("state", "=", "open")])
    _hold_calls(env, tasks.filtered(lambda task: task.kind == "first_call"))
    env["car.contact.rule"].search([("trigger", "=", "first_call")])._make_tasks()
    _log_incoming(dealer)


def _complete_files(env, clerk):
    """Complete two files out of three; the others wait, some of them late."""
    files = env["car.customer.file"].with_user(clerk).search([], order="id")
    today = fields.Date.today()
    for number, card in enumerate(files):
        if number % 3 == 2:
            continue
        card.write(
            {
                "clerk_id": clerk.id,
                "wish_text": WISHES[number % len(WISHES)],
                "next_kind": "service",
                "next_content": "按保养周期做下一次保养",
                "next_talk": "提醒保养时间，介绍本季免费检测活动",
                "next_call_date": today + timedelta(days=20 + 7 * number),
            }
        )
        if not card.missing_text:
            card.action_complete()


def _hold_calls(env, tasks):
    """Reach some customers, one of them with a request; miss another."""
    topics = env["car.contact.topic"].search([])
    said = [
        ("车辆使用正常，对接待和维修质量满意", []),
        (
            "车辆使用正常，询问能否周日取车",
            [("wish", "希望周日也能取车", "周日上午有人值班，可以取车")],
        ),
        (
            "低速转弯时前轮有异响",
            [("complaint", "上次维修后低速转弯仍有异响", False)],
        ),
    ]
    for task, (summary, points) in zip(tasks, said):
        call = env["car.contact.call"].browse(task.action_call()["res_id"])
        call = call.with_user(task.env.user)
        call.write(
            {
                "topic_ids": [Command.set(topics[:2].ids)],
                "summary": summary,
                "point_ids": [
                    Command.create({"kind": kind, "text": text, "solution": solution})
                    for kind, text, solution in points
                ],
            }
        )
        if call.campaign_ids:  # told of a campaign in the same call
            call.campaign_answer = "comes"
        call.action_reached()
        call.point_ids.filtered("solution").action_answer()
    for task in tasks[len(said) : len(said) + 1]:
        call = env["car.contact.call"].browse(task.action_call()["res_id"])
        call.with_user(task.env.user).action_no_answer()


def _log_incoming(dealer):
    """Write down a call that came in at the desk."""
    order = dealer.env["car.repair.order"].search(
        [("state", "=", "in_workshop")], limit=1
    )
    if not order:
        return
    call = dealer.by("advisor", dealer.env["car.contact.call"]).create(
        {
            "direction": "in",
            "kind": "consultation",
            "partner_id": order.partner_id.id,
            "vehicle_id": order.vehicle_id.id,
            "order_id": order.id,
            "summary": "询问交车时间，已告知按约定时间交车",
        }
    )
    call.action_reached()
