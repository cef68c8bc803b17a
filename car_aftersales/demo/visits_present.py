"""Visits of the demo dealer whose cars are on site, and those not repaired."""

from odoo.fields import Command

from .visit_builders import SERVICED, line, repair, service, work


def play_present(dealer):
    """Play the cars that are here today, one for each place in the workshop."""
    # At reception, at the desk
    dealer.receive(
        dealer.ref("vehicle_14"),
        [repair(dealer, "冷车启动抖动，发动机灯亮", "engine")],
        hour=10,
    )
    dealer.receive(
        dealer.ref("vehicle_16"), [service(dealer, "ev_care", "到店保养")], hour=11
    )
    for number, job in (
        (
            "22",
            repair(
                dealer,
                "过减速带前部异响",
                "suspension",
                ("labor_control_arm",),
                ("part_vw_control_arm",),
                ("labor_alignment",),
            ),
        ),
        ("23", service(dealer, "ty_hybrid", "混动系统养护咨询")),
    ):
        order = dealer.receive(dealer.ref(f"vehicle_{number}"), [job], hour=9)
        dealer.estimate(order)
    # Agreed: parts ready, parts missing
    agreed = dealer.receive(
        dealer.ref("vehicle_19"), [service(dealer, "vw_major", "六万公里大保养")]
    )
    dealer.estimate(agreed)
    dealer.authorize(agreed)
    dealer.dispatch(agreed, "mechanical", "wang")
    play_missing_part(dealer)
    play_in_workshop(dealer)
    play_ready(dealer)


def play_missing_part(dealer):
    """A part is on order: the job waits for it."""
    order = dealer.receive(
        dealer.ref("vehicle_09"),
        [
            repair(
                dealer,
                "方向盘沉，转向助力灯亮",
                "steering",
                ("labor_steering_rack",),
                ("part_vw_steering_rack",),
                ("labor_alignment",),
            )
        ],
        days_ago=2,
        promised_hour=18,
    )
    dealer.estimate(order)
    dealer.authorize(order)
    dealer.dispatch(order, "mechanical", "zhang")
    dealer.by("advisor", order).action_buy()


def play_in_workshop(dealer):
    order = dealer.receive(
        dealer.ref("vehicle_25"), [service(dealer, "ty_major", "大保养")]
    )
    dealer.estimate(order)
    dealer.authorize(order)
    dealer.dispatch(order, "mechanical", "li")
    dealer.issue(order)
    dealer.start(order)
    play_found(dealer, order)
    # Additional work waits for the customer's answer.
    more = dealer.receive(
        dealer.ref("vehicle_24"), [service(dealer, "ev_check", "检查保养")]
    )
    dealer.estimate(more)
    dealer.authorize(more)
    dealer.dispatch(more, "energy", "liu")
    dealer.start(more)
    dealer.by("advisor", dealer.env["car.repair.line"]).create(
        [
            {"job_id": more.job_ids.id, **line(dealer, name)}
            for name in ("labor_rear_pads", "part_by_rear_pads")
        ]
    )
    # At the inspector's
    done = dealer.receive(
        dealer.ref("vehicle_31"), [service(dealer, "byd_dmi", "保养")], hour=8
    )
    dealer.estimate(done)
    dealer.authorize(done)
    dealer.dispatch(done, "energy", "yang")
    dealer.issue(done)
    dealer.start(done)
    dealer.finish(done, [SERVICED])
    dealer.by("advisor", done).action_request_quality_check()


def play_found(dealer, order):
    """The technician has found more; the advisor has not asked the customer yet."""
    job = dealer.at_terminal(dealer.ref("technician_li"), order.job_ids)
    job.env["car.additional.work"].create(
        {
            "job_id": job.id,
            "name": "后制动片磨损到极限，需更换",
            "cause": "测量剩余厚度 2 mm",
            "urgency": "safety",
            "extra_hours": 1.0,
            "labor_product_id": dealer.ref("labor_rear_pads").id,
        }
    )
    job.measurement_ids.create(
        {
            "job_id": job.id,
            "name": "后制动片厚度",
            "value": "2 mm",
            "limit_value": "3 mm",
            "is_ok": False,
        }
    )


def play_ready(dealer):
    """Play finished cars: to bill, to pay, to collect."""
    for number, package, complaint, until in (
        ("37", "vw_minor", "例行保养", "ready"),
        ("20", "ty_hybrid", "动力电池风扇有噪音", "billed"),
        ("05", "ty_minor", "例行保养", "passed"),
    ):
        order = dealer.receive(
            dealer.ref(f"vehicle_{number}"),
            [service(dealer, package, complaint)],
            hour=8,
        )
        dealer.estimate(order)
        dealer.authorize(order)
        work(dealer, order, "mechanical", ["wang"], [SERVICED])
        if until == "ready":
            dealer.by("advisor", order).action_request_wash()
        else:
            dealer.bill(order)
        if until == "passed":
            dealer.pay(order)
            dealer.by("cashier", order).action_issue_exit_pass()


def play_not_repaired(dealer):
    """Play visits that ended without repair."""
    # Refused after the diagnosis: the fee is paid, the car leaves on its pass.
    order = dealer.receive(
        dealer.ref("vehicle_18"),
        [
            repair(
                dealer,
                "动力电池续航下降明显",
                "traction_battery",
                ("labor_hv_battery",),
            )
        ],
        days_ago=3,
    )
    fee_product = dealer.env.ref("car_aftersales.product_diagnosis_fee")
    fee = dealer.by("advisor", dealer.env["car.repair.line"]).create(
        {"job_id": order.job_ids.id, "product_id": fee_product.id}
    )
    dealer.authorize(
        order,
        kind="diagnosis",
        line_ids=[Command.create({"line_id": fee.id, "is_approved": True})],
    )
    dealer.estimate(order)
    dealer.by("advisor", order).action_decline(
        "refused", "维修费用超出预期，客户考虑换车"
    )
    dealer.bill(order, 3)
    dealer.pay(order, 3)
    dealer.leave(order)
    dealer.date_back(order, 3)
    # Booked for later
    later = dealer.receive(
        dealer.ref("vehicle_33"),
        [
            repair(
                dealer,
                "轮胎磨损",
                "wheels_tires",
                ("part_tire_205", 4),
                ("labor_tire", 4),
            )
        ],
        hour=9,
    )
    dealer.estimate(later)
    dealer.by("advisor", later).action_decline("booked", "客户赶时间，约下周六再来")
    # Cancelled
    wrong = dealer.receive(
        dealer.ref("vehicle_15"), [repair(dealer, "登记错误", "other")], days_ago=1
    )
    dealer.by("advisor", wrong).action_cancel()
