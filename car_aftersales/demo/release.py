"""Finished cars judged link by link, and given back, at the demo dealer."""

from odoo.fields import Command

from .visit_builders import SERVICED, repair, service

ARTICLES = [("雨伞", 1, "car"), ("行车记录仪", 1, "box"), ("儿童座椅", 1, "car")]


def play_release(dealer):
    """Play a car in the quality check, one to be collected, and one given back."""
    play_links(dealer)
    play_pickup(dealer, "15", "ty_minor")
    play_delivered(dealer)


def receive(dealer, vehicle, job, type_code, hour):
    """Receive a car with key, papers and articles, and agree on the work."""
    order = dealer.receive(
        dealer.ref(f"vehicle_{vehicle}"),
        [job],
        hour=hour,
        type_id=dealer.type(type_code).id,
    )
    by_advisor = dealer.by("advisor", order)
    by_advisor.action_intake()
    intake = by_advisor.intake_id
    intake.action_free_key_slot()
    intake.action_free_storage_box()
    intake.write({"odometer_km": order.odometer_km, "fuel_level": "3"})
    intake.old_parts = "return"
    intake.damage_ids = [
        Command.create({"x": 30, "y": 88, "kind": "scratch", "note": "约 5 厘米"})
    ]
    license_type = dealer.env.ref("car_aftersales.car_document_type_license")
    if license_type not in intake.document_ids.type_id:
        intake.document_ids = [Command.create({"type_id": license_type.id})]
    for document in intake.document_ids.filtered("has_expiry"):
        document.expiry_date = dealer.at(-200, 12).date()
    intake.document_ids.action_all_good()
    intake.belonging_ids = [
        Command.create({"name": name, "quantity": quantity, "place": place})
        for name, quantity, place in ARTICLES
    ]
    intake.action_rest_ok()
    for purpose in ("belongings", "intake"):
        sign(dealer, intake, purpose)
    intake.action_finish()
    dealer.estimate(order)
    dealer.authorize(order)
    return order


def sign(dealer, inspection, purpose):
    """Let the customer sign."""
    dealer.by("advisor", dealer.env["car.inspection.signature"]).create(
        {
            "inspection_id": inspection.id,
            "purpose": purpose,
            "signed_by": inspection.order_id.partner_id.name,
            "signature": dealer.signature,
        }
    )


def work(dealer, order, technician="wang"):
    dealer.dispatch(order, "mechanical", technician)
    dealer.issue(order)
    dealer.start(order)
    jobs = dealer.by("technician", order.job_ids)
    jobs.write({"is_self_checked": True})
    dealer.finish(order, [SERVICED])


def play_links(dealer):
    """Sent back once, then accepted for the team leader; the inspector's turn."""
    job = repair(
        dealer,
        "二级维护作业",
        "general_service",
        ("labor_inspection_40",),
        ("labor_alignment",),
    )
    order = receive(dealer, "27", job, "level2", 8)
    work(dealer, order)
    head = dealer.by("workshop", order.job_ids)
    head.action_send_back("左后轮毂螺栓未按力矩复紧")
    dealer.by("technician", order.job_ids).action_self_check()
    head.action_accept()
    dealer.by("advisor", order).action_request_quality_check()


def play_pickup(dealer, vehicle, package):
    """Ready and told; in the comparison an article and some fuel are missing."""
    job = service(dealer, package, "例行保养")
    order = receive(dealer, vehicle, job, "maintenance", 9)
    work(dealer, order)
    dealer.check(order)
    by_advisor = dealer.by("advisor", order)
    by_advisor._tell_ready("phone", order.partner_id.name, "下午五点来取车")
    by_advisor.pickup_advice = "新机油磨合期内请勿急加速；建议下次保养时更换空调滤芯"
    by_advisor.action_release_check()
    release = by_advisor.release_id
    release.action_rest_ok()
    release.document_ids.presence = "there"
    release.belonging_ids[:2].presence = "there"
    release.release_fuel_level = "2"
    return order


def play_delivered(dealer):
    """Given back with all formalities; the customer was not satisfied."""
    order = play_pickup(dealer, "29", "byd_dmi")
    by_advisor = dealer.by("advisor", order)
    release = by_advisor.release_id
    release.belonging_ids.presence = "there"
    release.fuel_explanation = "路试 12 公里，已向客户说明"
    release.release_odometer_km = order.odometer_km + 12
    release.action_finish()
    by_advisor.action_pickup_papers()
    by_advisor.action_explain()
    dealer.bill(order)
    dealer.pay(order)
    sign(dealer, release, "acceptance")
    remarks = dealer.env["car.customer.remark"]
    remarks = remarks.with_context(mail_activity_quick_update=True)
    dealer.by("advisor", remarks).create(
        {
            "order_id": order.id,
            "mood": "negative",
            "text": "等了一个小时才有人接待，希望预约能准时",
        }
    )
    by_advisor.action_give_key_back()
    by_advisor.intake_id.document_ids.action_give_back()
    by_advisor.intake_id.belonging_ids.action_give_back()
    dealer.leave(order)
