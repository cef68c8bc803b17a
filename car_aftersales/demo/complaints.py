"""Complaints and ratings of the demo, each on its way through the public actions."""

from datetime import timedelta

from odoo import fields

RATINGS = [
    (10, "接待热情，提前交车"),
    (9, False),
    (8, "价格可以再优惠一些"),
    (10, "技师很专业，解释清楚"),
    (4, "等待时间太长，没有人告知进度"),
]
# Three about one model: a pile
ABOUT_ONE_MODEL = [
    "保养后仪表台仍有异响",
    "仪表台异响，已来过两次",
    "过减速带时仪表台异响",
]


def play_complaints(dealer):
    """Let customers rate their visits, and complain."""
    env = dealer.env
    orders = env["car.repair.order"].search(
        [("state", "=", "delivered")], order="delivered_at desc"
    )
    _rate_visits(env, orders)
    _handle_complaints(dealer, orders)
    _pile_up(dealer)


def _rate_visits(env, orders):
    """Ask about all visits that left; the latest were answered."""
    ratings = env["car.satisfaction"]._get_for(orders).sorted("delivered_at", True)
    for rating in ratings:
        rating.write(
            {"state": "asked", "asked_at": fields.Datetime.now(), "asked_by": "sms"}
        )
    questions = env["car.satisfaction.question"].search([("kind", "=", "score")])
    for rating, (score, words) in zip(ratings, RATINGS):
        rating._answer(score, words)
        rating._complete({question: max(1, score // 2) for question in questions})


def _category(env, name):
    return env.ref(f"car_aftersales.car_complaint_category_{name}")


def _handle_complaints(dealer, orders):
    """Bring one complaint to its end and leave others on their way."""
    env = dealer.env
    clerk = env.ref("car_aftersales.user_followup_demo")
    complaints = env["car.complaint"].with_user(clerk)
    order = orders[-1:]
    closed = complaints.create(
        {
            "channel": "phone",
            "text": "结算单比估价多出一百元，没有提前说明",
            "order_id": order.id,
            "category_id": _category(env, "price_bill").id,
            "user_id": clerk.id,
        }
    )
    closed.action_classify()
    closed.reply_text = "已受理，今天下班前核对账单后回复"
    closed.action_reply()
    closed.action_handle()
    remedy = (
        env["car.complaint.remedy"]
        .with_user(clerk)
        .create(
            {
                "complaint_id": closed.id,
                "kind": "discount",
                "amount": 100,
                "note": "下次保养抵扣一百元",
            }
        )
    )
    remedy.action_approve()
    closed.write(
        {
            "cause_id": env.ref(
                "car_aftersales.car_complaint_cause_people_communication"
            ).id,
            "cause_text": "增加的工料已经客户口头同意，但结算时未再说明",
            "answer_text": "说明增加项目并致歉，下次保养抵扣一百元",
        }
    )
    closed.action_answer()
    remedy.action_carry_out()
    closed.action_close()
    measure = (
        env["car.complaint.measure"]
        .with_user(clerk)
        .create(
            {
                "complaint_id": closed.id,
                "kind": "preventive",
                "name": "结算前逐项说明与估价的差异",
                "user_id": dealer.ref("user_advisor").id,
                "due_on": fields.Date.today() + timedelta(days=7),
            }
        )
    )
    measure.with_user(measure.user_id).action_done()
    open_ones = complaints.search([("state", "=", "received")], order="id")
    for complaint, name in zip(open_ones, ("quality_again", "time_late")):
        complaint.write({"category_id": _category(env, name).id, "user_id": clerk.id})
        complaint.action_classify()
    first = open_ones[:1]
    first.reply_text = "已转车间主管复检，明天上午回复"
    first.action_reply()
    first.action_handle()
    env["car.complaint.remedy"].with_user(clerk).create(
        {"complaint_id": first.id, "kind": "redo", "note": "免费复检并排除异响"}
    )


def _pile_up(dealer):
    """Three complaints about one model, found by the nightly job."""
    env = dealer.env
    vehicle = env["car.vehicle"].search([("owner_id", "!=", False)], limit=1)
    clerk = env.ref("car_aftersales.user_followup_demo")
    env["car.complaint"].with_user(clerk).create(
        [
            {
                "channel": "phone",
                "text": text,
                "vehicle_id": vehicle.id,
                "partner_id": vehicle.owner_id.id,
                "category_id": _category(env, "quality_unsolved").id,
            }
            for text in ABOUT_ONE_MODEL
        ]
    )
    env["car.complaint.warning"]._cron_find()
