"""Cars being taken in and diagnosed at the demo dealer."""

from odoo.fields import Command

from .visit_builders import repair, service

ARTICLES = [("雨伞", 1, "car"), ("儿童座椅", 1, "car"), ("行车记录仪", 1, "box")]


def play_intake(dealer):
    """Play an intake that is under way, a complete one, and a diagnosis."""
    play_incomplete(dealer)
    play_complete(dealer)
    play_diagnosis(dealer)


def begin(dealer, order):
    by_advisor = dealer.by("advisor", order)
    by_advisor.action_intake()
    return by_advisor.intake_id


def play_incomplete(dealer):
    """Play a car whose articles, key and signatures are still missing."""
    order = dealer.receive(
        dealer.ref("vehicle_17"),
        [repair(dealer, "年检前检查", "general_service")],
        hour=10,
        type_id=dealer.type("inspection").id,
    )
    intake = begin(dealer, order)
    intake.line_ids[0].write({"result": "attention", "note": "左后门划痕约 8 厘米"})
    intake.damage_ids = [
        Command.create({"x": 58, "y": 86, "kind": "scratch", "note": "8 厘米"})
    ]
    intake.document_ids[0].action_all_good()


def play_complete(dealer):
    """Play a car that was received with all formalities."""
    order = dealer.receive(
        dealer.ref("vehicle_28"),
        [service(dealer, "vw_minor", "年检前保养")],
        hour=9,
        type_id=dealer.type("inspection").id,
    )
    intake = begin(dealer, order)
    intake.action_free_key_slot()
    intake.action_free_storage_box()
    intake.old_parts = "return"
    intake.damage_ids = [
        Command.create({"x": 27, "y": 50, "kind": "chip", "note": "石子崩点"}),
        Command.create({"x": 74, "y": 12, "kind": "dent", "note": "直径 3 厘米"}),
    ]
    intake.line_ids[0].write({"result": "attention", "note": "见损伤图"})
    intake.action_rest_ok()
    license_, insurance = intake.document_ids
    license_.action_all_good()
    expired = dealer.at(9, 12).date()
    insurance.write({"expiry_date": expired, "number": "PDAA2025110100"})
    insurance.action_all_good()
    intake.difference_ids = [
        Command.create(
            {
                "document_id": insurance.id,
                "name": "交强险已过期，已当面说明",
                "handling": "客户今日续保，续保前不做路试",
            }
        )
    ]
    intake.belonging_ids = [
        Command.create({"name": name, "quantity": quantity, "place": place})
        for name, quantity, place in ARTICLES
    ]
    for purpose in ("difference", "belongings", "intake"):
        dealer.by("advisor", dealer.env["car.inspection.signature"]).create(
            {
                "inspection_id": intake.id,
                "purpose": purpose,
                "signed_by": order.partner_id.name,
                "signature": dealer.signature,
            }
        )
    intake.action_finish()


def play_diagnosis(dealer):
    """Play a diagnosis to which the customer agreed, with two findings."""
    order = dealer.receive(
        dealer.ref("vehicle_32"),
        [repair(dealer, "刹车时方向盘抖动", "brakes")],
        hour=8,
    )
    dealer.authorize(order, channel="phone", kind="diagnosis")
    by_advisor = dealer.by("advisor", order)
    by_advisor.action_diagnose()
    diagnosis = order.inspection_ids
    diagnosis.technician_ids = dealer.ref("technician_li")
    work = dealer.by("technician", diagnosis)
    work.action_start()
    work.line_ids = [
        Command.create(
            {
                "name": name,
                "system_id": dealer.system("brakes").id,
                "result": result,
                "measured_value": measured,
                "unit": "mm",
                "note": note,
                "advice": advice,
            }
        )
        for name, result, measured, note, advice in (
            ("前制动盘", "defect", "0.12", "端面跳动超差", "更换前制动盘与制动片"),
            ("前制动片", "attention", "4", "接近磨损极限", "随制动盘一并更换"),
        )
    ]
    work.write(
        {
            "conclusion": "前制动盘变形，端面跳动 0.12 毫米，导致制动时方向盘抖动",
            "advice": "更换前制动盘与制动片，并检查轮毂轴承",
            "equipment": "百分表，诊断仪",
        }
    )
    work.action_rest_ok()
    work.action_finish()
    diagnosis = dealer.by("advisor", diagnosis)
    diagnosis.write(
        {"handover_channel": "paper", "handed_over_to": order.partner_id.name}
    )
