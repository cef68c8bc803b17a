"""Play one whole visit on the demonstration database and check what it did.

Runs inside `odoo shell`; `env` is there already. Every step is taken through the
public actions, as the user of its role. The figures expected are worked out here from
prices and costs, then compared with stock and books; a difference ends with status 1.
It can be played again and again: each time the car comes back.
"""

import os
import sys
import time
import unicodedata
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo import fields
from odoo.fields import Command

from odoo.addons.car_aftersales.demo.dealer import draw_signature

CHINESE = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").startswith("zh")
VAT = Decimal("0.13")
MAKER_SHARE = Decimal("0.70")
ROLES = [
    # login, English, Chinese
    ("advisor", "Service advisor", "业务接待"),
    ("supervisor", "Business supervisor", "业务主管"),
    ("technician", "Technician", "维修技师"),
    ("workshop", "Workshop supervisor", "车间主管"),
    ("inspector", "Quality inspector", "质量检验"),
    ("parts", "Parts clerk", "配件管理"),
    ("followup", "Follow-up clerk", "跟踪回访"),
    ("warranty", "Warranty clerk", "索赔专员"),
    ("cashier", "Cashier", "收银"),
    ("gate", "Gate", "门卫"),
    ("manager", "After-sales manager", "售后总监"),
]


def say(english, chinese):
    return chinese if CHINESE else english


def tell(who, what):
    """Print one entry of the ledger."""
    print(f"   {who:<10} {what}")


def pad(text, width):
    """Fill up to a width on the screen, on which Chinese signs take two places."""
    taken = sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)
    blanks = " " * (abs(width) - taken)
    return text + blanks if width > 0 else blanks + text


def number(value):
    return Decimal(str(value))


def cents(value):
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def demo(name):
    return env.ref(f"car_aftersales.{name}_demo")


def by(login, records):
    """Return records as a user of the demonstration sees them."""
    user = demo(f"user_{login}")
    return records.with_user(user).with_context(allowed_company_ids=user.company_id.ids)


# === WHAT IS KNOWN BEFORE === #

started = time.monotonic()
company = env.ref("base.main_company")
site = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
vehicle = demo("vehicle_01")
customer = vehicle.owner_id
maker = demo("partner_maker_volkswagen")
pads, fluid = demo("part_vw_front_pads"), demo("part_vw_brake_fluid")
alternator, wiper = demo("part_vw_alternator"), demo("part_bosch_wiper")
brake_labor, alternator_labor = demo("labor_front_pads"), demo("labor_alternator")
bookkeeper = env.ref("base.user_admin")

free = alternator.with_context(warehouse_id=site.id).free_qty
used = {
    pads: 1,
    fluid: 2,
    wiper: 1,
    # One more than there are, so that it has to be bought while the car waits.
    alternator: int(max(free, 0)) + 1,
}
bought = {part: 1 if part == alternator else count for part, count in used.items()}
price = {part: number(part.list_price) for part in used}
paid_price = {part: number(part.seller_ids[0].price) for part in used}
rate = number(company.car_hourly_rate)
hours = {
    labor: number(labor._get_labor_hours(vehicle.model_id))
    for labor in (brake_labor, alternator_labor)
}
cost = {}
for part in used:
    # The average cost of what lies there and what comes in.
    lies = number(part.with_company(company).qty_available)
    worth = lies * number(part.with_company(company).standard_price)
    cost[part] = (worth + bought[part] * paid_price[part]) / (lies + bought[part])

ACCOUNTS = {
    "stock": company.account_stock_valuation_id,
    "receivable": customer.with_company(company).property_account_receivable_id,
    "payable": maker.with_company(company).property_account_payable_id,
    "cash desk": demo("journal_cash_desk").default_account_id,
    "parts revenue": demo("account_parts_revenue"),
    "labor revenue": demo("account_labor_revenue"),
    "cost of parts sold": demo("account_parts_cost"),
    "goodwill": demo("account_goodwill"),
    "output VAT": demo("tax_sale").invoice_repartition_line_ids.account_id,
    "input VAT": demo("tax_purchase").invoice_repartition_line_ids.account_id,
}
NAMES = {
    "stock": "库存商品",
    "receivable": "应收账款",
    "payable": "应付账款",
    "cash desk": "收银台",
    "parts revenue": "配件收入",
    "labor revenue": "工时收入",
    "cost of parts sold": "配件成本",
    "goodwill": "善意维修费用",
    "output VAT": "销项税额",
    "input VAT": "进项税额",
}


def read_books():
    """Return what the accounts stand at, and how many of the parts lie there."""
    env.flush_all()
    env.invalidate_all()
    balances = dict(
        env["account.move.line"]._read_group(
            [
                ("account_id", "in", [account.id for account in ACCOUNTS.values()]),
                ("parent_state", "=", "posted"),
                ("company_id", "=", company.id),
            ],
            ["account_id"],
            ["balance:sum"],
        )
    )
    books = {
        name: cents(number(balances.get(account, 0.0)))
        for name, account in ACCOUNTS.items()
    }
    shelf = {part: number(part.with_company(company).qty_available) for part in used}
    return books, shelf


books_before, shelf_before = read_books()

# === THE VISIT === #

print()
print(say("THE VISIT", "一次进厂"))

# The shelf is filled up: order, receipt, bill.
restocking = by("parts", env["purchase.order"]).create(
    [
        {
            "partner_id": vendor.id,
            "picking_type_id": site.in_type_id.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": part.id,
                        "product_qty": bought[part],
                        "price_unit": float(paid_price[part]),
                    }
                )
                for part in (pads, fluid, wiper)
                if part.seller_ids[0].partner_id == vendor
            ],
        }
        for vendor in (pads | fluid | wiper).seller_ids.partner_id
    ]
)
restocking.button_confirm()
restocking.picking_ids.button_validate()
tell(
    "parts",
    say("buys for the shelf: ", "补充库存：") + ", ".join(restocking.mapped("name")),
)

odometer = vehicle.odometer_km + 350
order = by("advisor", env["car.repair.order"]).create(
    {"vehicle_id": vehicle.id, "odometer_km": odometer, "fuel_level": "2"}
)
payers = by("advisor", env["car.repair.payer"]).create(
    [
        {
            "order_id": order.id,
            "kind": "warranty",
            "partner_id": maker.id,
            "reference": f"CLAIM {order.name}",
        },
        {"order_id": order.id, "kind": "goodwill"},
    ]
)
by_maker, by_house = payers
by_customer = order._get_customer_payer()
brakes, charging = by("advisor", env["car.repair.job"]).create(
    [
        {
            "order_id": order.id,
            "name": "制动时前轮有尖叫声，雨刮刮不干净",
            "system_id": env.ref("car_aftersales.car_vehicle_system_brakes").id,
            "estimate_method": "item",
            "item_reason": "market",
            "line_ids": [
                Command.create({"product_id": brake_labor.id}),
                Command.create({"product_id": pads.id, "quantity": used[pads]}),
                Command.create({"product_id": fluid.id, "quantity": used[fluid]}),
                Command.create(
                    {
                        "product_id": wiper.id,
                        "quantity": used[wiper],
                        "payer_id": by_house.id,
                    }
                ),
            ],
        },
        {
            "order_id": order.id,
            "name": "行驶中充电指示灯亮",
            "system_id": env.ref("car_aftersales.car_vehicle_system_electrical").id,
            "estimate_method": "item",
            "item_reason": "market",
            "line_ids": [
                Command.create(
                    {"product_id": alternator_labor.id, "payer_id": by_maker.id}
                ),
                Command.create(
                    {
                        "product_id": alternator.id,
                        "quantity": used[alternator],
                        "payer_id": by_maker.id,
                        "share_ids": [
                            Command.create(
                                {
                                    "payer_id": by_maker.id,
                                    "percent": float(MAKER_SHARE * 100),
                                }
                            ),
                            Command.create(
                                {
                                    "payer_id": by_customer.id,
                                    "percent": float(100 - MAKER_SHARE * 100),
                                }
                            ),
                        ],
                    }
                ),
            ],
        },
    ]
)
# He is told that work by item cannot always assure the quality.
(brakes | charging).action_give_item_notice()
order.action_estimate()
tell(
    "advisor",
    f"{order.name}  {vehicle.license_plate}  {customer.name}  {odometer:,} km  "
    + say("estimate", "估价")
    + f" {order.amount_total:,.2f}",
)

consents = by("advisor", env["car.repair.authorization"]).create(
    {
        "order_id": order.id,
        "channel": "signature",
        "promised_at": fields.Datetime.now() + timedelta(hours=7),
        "signed_by": customer.name,
        "signature": draw_signature(),
    }
)
tell("advisor", say("the customer signs", "客户签字") + f" {consents.amount_told:,.2f}")
by("supervisor", env["car.repair.authorization"]).create(
    {"order_id": order.id, "channel": "supervisor"}
)
tell("supervisor", say("bears the wiper as goodwill", "同意善意承担雨刮片"))

# Nothing goes to the workshop before all formalities of the intake are done.
order.action_intake()
intake = order.intake_id
intake.write({"fuel_level": "2", "has_no_belongings": True})
intake.action_all_in_order()
by("advisor", env["car.inspection.signature"]).create(
    {
        "inspection_id": intake.id,
        "signs_all": True,
        "signed_by": customer.name,
        "signature": draw_signature(),
    }
)
intake.action_finish()
tell(
    "advisor",
    say("takes the car in, key", "接车手续办完，钥匙") + f" {order.key_slot_id.name}",
)

by("workshop", brakes | charging).write(
    {
        "team_id": demo("team_mechanical").id,
        "technician_ids": [Command.set(demo("technician_li").ids)],
    }
)

# The parts: one is short, and follows on a back-order.
transfer = by("parts", order.picking_ids)
transfer.button_validate()
tell("parts", say("issues", "发料") + f" {transfer.name}")
back_order = by("parts", order.picking_ids) - transfer
assert len(back_order) == 1, "the missing part is on no back-order"
order.action_buy()
request = by("parts", env["purchase.order"]).search(
    [("order_line.car_repair_line_id", "in", charging.line_ids.ids)]
)
request.button_confirm()
request.picking_ids.button_validate()
tell("parts", say("receives the alternator", "发电机到货") + f" {request.name}")
back_order.button_validate()
tell("parts", say("issues the back-order", "补发") + f" {back_order.name}")
bills = (restocking | request).with_user(bookkeeper)
bills.action_create_invoice()
bills.invoice_ids.write({"invoice_date": bills[:1].date_order.date()})
for bill in bills.invoice_ids:
    bill.ref = f"FP {order.name} {bill.partner_id.id}"
bills.invoice_ids.action_post()

# The work, and a look at it by somebody else. What the technician is at waits.
clocked = by("technician", env["car.work.session"])
waiting = clocked.search([("stopped_at", "=", False)]).job_id
for job in waiting:
    job.action_pause("other", say("another car first", "先做另一辆车"))
for job, cause, correction in (
    (brakes, "前制动片磨损到极限", "更换前制动片和制动液，更换雨刮片，路试正常"),
    (charging, "发电机调节器损坏", "更换发电机，充电电压 14.3 V"),
):
    job = by("technician", job)
    job.action_start()
    job.write({"cause": cause, "correction": correction})
    job.action_finish()
tell("technician", say("two jobs done", "两个项目完工"))
waiting[:1].action_resume()
order.action_request_quality_check()
by("inspector", order).action_pass_quality_check()
tell("inspector", say("passes the quality check", "检验合格"))

# The bill, by payer; the customer pays and leaves.
cashier_order = by("cashier", order)
cashier_order.action_create_invoices()
entries = env["account.move.line"].search(
    [("car_repair_payer_id", "in", order.payer_ids.ids)]
)
for payer in order.payer_ids:
    moves = entries.filtered(
        lambda line, p=payer: line.car_repair_payer_id == p
    ).move_id
    for move in moves:
        kind = (
            say("settlement entry", "结转凭证")
            if move.move_type == "entry"
            else say("invoice", "发票")
        )
        tell(
            "cashier",
            f"{kind} {move.name}  {payer.display_name}  {move.amount_total:,.2f}",
        )
invoice = entries.filtered(lambda line: line.car_repair_payer_id == by_customer).move_id
payment = (
    by("cashier", env["account.payment.register"])
    .with_context(active_model="account.move", active_ids=invoice.ids)
    .create({"journal_id": demo("journal_cash_desk").id})
    ._create_payments()
)
tell("cashier", say("payment", "收款") + f" {payment.name}  {payment.amount:,.2f}")
exit_pass = cashier_order.action_issue_exit_pass()
tell("cashier", say("exit pass", "出厂通知单") + f" {exit_pass.name}")
order.action_deliver()
by("gate", exit_pass).action_leave()
tell("gate", say("the car leaves", "车辆出厂"))
taken = time.monotonic() - started

# === WHAT SHOULD HAVE COME OF IT === #

alternators = used[alternator] * price[alternator]
from_maker = hours[alternator_labor] * rate + cents(alternators * MAKER_SHARE)
from_customer = (
    hours[brake_labor] * rate
    + used[pads] * price[pads]
    + used[fluid] * price[fluid]
    + alternators
    - cents(alternators * MAKER_SHARE)
)
sold = [pads, fluid, alternator]
purchases = sum(bought[part] * paid_price[part] for part in used)
cost_sold = sum(cents(used[part] * cost[part]) for part in sold)
goodwill = cents(used[wiper] * cost[wiper])
customer_owes = cents(from_customer + cents(from_customer * VAT))
maker_owes = cents(from_maker + cents(from_maker * VAT))
expected = {
    "stock": purchases - cost_sold - goodwill,
    "receivable": maker_owes,
    "payable": -cents(purchases + cents(purchases * VAT)),
    "cash desk": customer_owes,
    "parts revenue": -sum(used[part] * price[part] for part in sold),
    "labor revenue": -sum(hours.values()) * rate,
    "cost of parts sold": cost_sold,
    "goodwill": goodwill,
    "output VAT": -cents(from_customer * VAT) - cents(from_maker * VAT),
    "input VAT": cents(purchases * VAT),
}

books_after, shelf_after = read_books()
problems = []


def compare(name, is_value, should):
    if is_value != should:
        problems.append(f"{name}: {is_value} != {should}")


print()
print(say("BOOKS", "账目"))
print(
    "   "
    + say("parts bought", "购入配件")
    + f" {cents(purchases):,}, "
    + say("sold at cost", "售出成本")
    + f" {cost_sold:,}, "
    + say("goodwill", "善意维修")
    + f" {goodwill:,}"
)
titles = (say("before", "前"), say("change", "变动"), say("expected", "应为"))
print("   " + pad(say("account", "科目"), 20) + "".join(pad(t, -14) for t in titles))
for name in ACCOUNTS:
    change = books_after[name] - books_before[name]
    label = say(name, NAMES[name])
    print(
        f"   {pad(label, 20)}{books_before[name]:>14,}{change:>14,}"
        f"{cents(expected[name]):>14,}"
    )
    compare(label, change, cents(expected[name]))
compare(say("all of it together", "合计"), sum(map(cents, expected.values())), 0)
for part in used:
    compare(
        part.name,
        shelf_after[part] - shelf_before[part],
        number(bought[part] - used[part]),
    )
compare(
    say("the customer's invoice", "客户发票"),
    number(invoice.amount_total),
    customer_owes,
)
compare(say("the payment", "收款"), number(payment.amount), customer_owes)
compare("delivered", order.state, "delivered")
compare(say("the exit pass", "出厂通知单"), exit_pass.sudo().state, "used")

print()
if problems:
    for problem in problems:
        print(f"   {say('DIFFERENT', '不符')}: {problem}")
    env.cr.rollback()
    sys.stdout.flush()
    sys.stderr.write("; ".join(problems) + "\n")
    sys.exit(1)
env.cr.commit()
print(
    say(f"   All as expected, in {taken:.1f} s.", f"   全部相符，用时 {taken:.1f} 秒。")
)

print()
print(say("LOGINS (password = login)", "登录名（密码相同）"))
for login, english, chinese in ROLES:
    role = pad(say(english, chinese), 22)
    print(f"   {login:<12}{role}{demo('user_' + login).name}")
