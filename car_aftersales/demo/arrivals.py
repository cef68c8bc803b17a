"""People at the desk of the demo dealer today: arrived, served, in the lounge, gone."""

from datetime import timedelta

from odoo import fields

ARRIVALS = [
    # minutes ago, state, who, values
    (
        6,
        "arrived",
        {"vehicle": "04"},
        {"purpose": "repair", "complaint": "空调不制冷\n例行保养"},
    ),
    (
        11,
        "arrived",
        {
            "contact_name": "许先生",
            "phone": "139 1055 2210",
            "license_plate": "京N51Q20",
        },
        {"purpose": "estimate", "complaint": "四条轮胎报价"},
    ),
    (
        35,
        "served",
        {"vehicle": "21"},
        {"purpose": "diagnosis", "complaint": "高速行驶方向盘抖动", "bay": True},
    ),
    (
        55,
        "lounge",
        {"vehicle": "30"},
        {"purpose": "estimate", "complaint": "右后门剐蹭，报价"},
    ),
    (
        95,
        "gone",
        {"contact_name": "周女士", "phone": "136 0110 7725"},
        {"purpose": "enquiry", "gone_reason": "等候时间过长，改日再来"},
    ),
    (
        120,
        "done",
        {"vehicle": "07"},
        {"purpose": "enquiry", "outcome_note": "轮胎气压报警，现场补气复位"},
    ),
]


def play_arrivals(dealer):
    """Let people come in; each is taken as far as he has got."""
    desk = dealer.by("advisor", dealer.env["car.reception"])
    now = fields.Datetime.now()
    for minutes, state, who, values in ARRIVALS:
        vals = dict(values)
        if vals.pop("bay", False):
            vals["bay_id"] = dealer.ref("bay_reception").id
        if "vehicle" in who:
            vals["vehicle_id"] = dealer.ref(f"vehicle_{who['vehicle']}").id
        else:
            vals.update(who)
        reception = desk.create(
            {**vals, "arrived_at": now - timedelta(minutes=minutes)}
        )
        if state in ("served", "lounge", "done"):
            reception.action_confirm_data()
            reception.action_serve()
            if reception.purpose != "enquiry":
                reception.action_proceed()
        if state == "lounge":
            reception.action_wait()
        elif state == "done":
            reception.action_finish()
        elif state == "gone":
            reception.action_leave()
