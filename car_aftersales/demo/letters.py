"""Letters of the demo: posted, to be sent, owed; and the registers of the month."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

EVENT = """免费检测周：下周一至下周日，每天 8:30 至 17:30
地点：本公司一楼接待大厅
内容：底盘、制动、轮胎、蓄电池免费检测，更换机油九折"""


def play_letters(dealer):
    """Let the clerk write to some customers, and decide on letters after calls."""
    env = dealer.env
    clerk = env.ref("car_aftersales.user_followup_demo")
    _give_email(env)
    _write_notices(env, clerk)
    _write_invitations(env, clerk)
    _answer_complaint(env, clerk)
    _decide(env, clerk)
    _begin_registers(dealer, clerk)


def _give_email(env):
    """Let some customers have an e-mail address."""
    partners = env["res.partner"].search(
        [("car_vehicle_ids", "!=", False), ("email", "=", False)], limit=6
    )
    for number, partner in enumerate(partners, 1):
        partner.email = f"customer{number}@example.com"


def _make(env, clerk, records, template, **values):
    """Write the same letter to the customers of a list."""
    choice = (
        env["car.contact.letter.make"]
        .with_user(clerk)
        .with_context(active_model=records._name, active_ids=records.ids)
        .create(
            {
                "template_id": env.ref(
                    f"car_aftersales.car_contact_letter_template_{template}"
                ).id,
                **values,
            }
        )
    )
    return choice._make_letters()[0]


def _write_notices(env, clerk):
    """Remind of due services by post: two are posted, one lies ready."""
    vehicles = env["car.vehicle"].search(
        [("next_service_due_date", "!=", False), ("owner_id.street", "!=", False)],
        order="next_service_due_date",
        limit=3,
    )
    letters = _make(env, clerk, vehicles, "service")
    letters[:2].action_send()


def _write_invitations(env, clerk):
    """Invite to the free inspection week by e-mail; they wait to be sent."""
    vehicles = env["car.vehicle"].search(
        [
            ("owner_id.email", "!=", False),
            ("owner_id", "!=", env.company.partner_id.id),
        ],
        order="id desc",
        limit=4,
    )
    _make(env, clerk, vehicles, "campaign", channel="mail", about=EVENT)


def _answer_complaint(env, clerk):
    """Begin the reply to what a customer complained of."""
    point = env["car.contact.point"].search(
        [("kind", "=", "complaint"), ("call_id", "!=", False)], limit=1
    )
    if point:
        context = point.with_user(clerk).action_write_letter()["context"]
        env["car.contact.letter"].with_user(clerk).with_context(**context).create(
            {"about": "已安排周六上午 9 点由技术主管亲自复检，费用由本公司承担。"}
        )


def _decide(env, clerk):
    """A letter is to follow a call; another call needs none."""
    calls = (
        env["car.contact.call"]
        .with_user(clerk)
        .search([("outcome", "=", "reached"), ("user_id", "=", clerk.id)], limit=2)
    )
    calls[:1].action_letter_needed()
    calls[1:].action_letter_not_needed()


def _begin_registers(dealer, clerk):
    """Archive the registers of the month before last, begin those of this month."""
    registers = dealer.env["car.contact.register"].with_user(clerk)
    today = dealer.company._get_car_today()
    for kind in ("call", "letter"):
        registers.create(
            {
                "kind": kind,
                "date_from": today + relativedelta(day=1),
                "date_to": today + relativedelta(day=31),
            }
        )
    first = today + relativedelta(months=-2, day=1)
    registers.create(
        {
            "kind": "call",
            "date_from": first,
            "date_to": first + relativedelta(months=1) - timedelta(days=1),
        }
    )
