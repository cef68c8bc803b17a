"""Papers, three guarantees and electronic archive of the demo dealer in China."""

from datetime import timedelta

from odoo.addons.car_aftersales.demo.visit_builders import add_payer, repair

ARCHIVE_REFUSAL = "车辆识别代号与车牌号码不一致"


def play_china(dealer):
    """Let the law of China apply, and play what it asks of the visits there are."""
    company = dealer.company
    company.write(
        {
            "car_cn_law": True,
            "car_cn_license_number": "京交维备110105000168",
            "car_cn_license_class": "1",
            "car_cn_nev_days": 365,
            "car_cn_nev_km": 30000,
            "car_archive_is_on": True,
            "car_archive_name": company.name,
        }
    )
    company._create_car_sequences()
    visits = dealer.env["car.repair.order"].search([("state", "=", "delivered")])
    dealer.by("cashier", visits)._settle_papers()
    play_certificates(dealer)
    play_ledger(dealer, visits)
    play_mobility(dealer)
    play_archive(dealer, visits)


def play_certificates(dealer):
    """Issue two certificates of completion, one of them anew."""
    orders = dealer.env["car.repair.order"].search([("state", "=", "ready")], limit=3)
    for order in dealer.by("inspector", orders):
        order._issue_certificate(
            order._get_odometer_out(), dealer.at(0, 12).date(), order.name
        )
    wrong = dealer.by("inspector", orders[-1:]).cn_certificate_id
    wrong.action_void("出厂里程填写有误")
    again = dealer.by("inspector", orders[-1:])
    again._issue_certificate(
        again._get_odometer_out() + 12, dealer.at(0, 12).date(), again.name
    )


def play_ledger(dealer, visits):
    """Write the repairs under warranty down, and those of other workshops."""
    visits.sudo()._write_three_guarantees()
    vehicle = dealer.ref("vehicle_01")
    bought = vehicle.purchase_date
    dealer.by("advisor", vehicle).write(
        {
            "sale_invoice_date": bought,
            "sale_delivery_date": bought + timedelta(days=3),
            "sale_price": 119800.0,
            "seller_id": dealer.company.partner_id.id,
            "certificate_number": "SB2026-001286",
        }
    )
    entries = dealer.by("warranty", dealer.env["car.three.guarantee.entry"])
    elsewhere = {
        "vehicle_id": vehicle.id,
        "workshop_name": "南京宁悦汽车服务有限公司",
    }
    pump = dealer.ref("part_vw_water_pump").id
    for ago, run_km, days in ((95, 3100, 9), (60, 4900, 7), (40, 6200, 9)):
        visit = {**elsewhere, "date": dealer.at(ago, 9).date(), "odometer_km": run_km}
        time, _part = entries.create(
            [
                {**visit, "kind": "days", "days": days},
                {**visit, "kind": "part", "product_id": pump},
            ]
        )
    time._correct("其中4天为客户自行推迟取车，不计入修理时间", True, 5)


def play_mobility(dealer):
    """A repair under warranty that waits for its part since eight days."""
    vehicle = dealer.ref("vehicle_06")
    job, lines = repair(
        dealer,
        "行驶中方向盘助力时有时无",
        "steering",
        ("labor_steering_rack",),
    )
    order = dealer.receive(vehicle, [(job, lines)], days_ago=8)
    payer = add_payer(dealer, order, "warranty", "maker_byd")
    dealer.by("advisor", order.job_ids).payer_id = payer
    dealer.by("advisor", order.line_ids).payer_id = payer
    dealer.estimate(order)
    dealer.authorize(order)
    failure = "l10n_cn_car_aftersales.car_three_guarantee_failure_steering"
    dealer.by("warranty", order.job_ids).three_guarantee_failure_id = dealer.env.ref(
        failure
    )
    order.sudo()._watch_three_guarantees(dealer.company)


def play_archive(dealer, visits):
    """Queue the settlements; some were accepted, one was refused, one went by file."""
    records = visits.sudo()._queue_archive().sorted("id")
    answers = [
        {"state": "accepted", "text": "", "answer": '{"code": "1", "status": "ok"}'},
        {
            "state": "refused",
            "text": ARCHIVE_REFUSAL,
            "answer": '{"code": "0", "status": "%s"}' % ARCHIVE_REFUSAL,
        },
        {"state": "accepted", "text": "", "answer": '{"code": "1", "status": "ok"}'},
    ]
    for record, answer in zip(records, answers, strict=False):
        record._take_answer(answer)
    dealer.by("supervisor", records[3:4]).action_by_file()
