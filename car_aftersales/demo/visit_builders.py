"""Jobs and lines of the demo visits, and how an agreed one is worked on."""

SERVICED = ("按保养手册到期", "更换机油机滤，完成检查，各项正常")


def line(dealer, name, quantity=1.0, **values):
    return {"product_id": dealer.ref(name).id, "quantity": quantity, **values}


def service(dealer, name, complaint, **values):
    """Return a job that takes its lines from a package."""
    package = dealer.ref(f"package_{name}")
    return (
        {
            "name": complaint,
            "package_id": package.id,
            "system_id": package.system_id.id,
            **values,
        },
        [],
    )


def repair(dealer, complaint, system, *lines, **values):
    """Return a job with its lines: (product, quantity)."""
    return (
        {"name": complaint, "system_id": dealer.system(system).id, **values},
        [line(dealer, *entry) for entry in lines],
    )


def add_payer(dealer, order, kind, partner=None, **values):
    """Let somebody beside the customer pay."""
    return dealer.by("advisor", dealer.env["car.repair.payer"]).create(
        {
            "order_id": order.id,
            "kind": kind,
            "partner_id": partner and dealer.ref(f"partner_{partner}").id,
            **values,
        }
    )


def work(dealer, order, team, technicians, findings):
    """Play an agreed order up to the finished car."""
    dealer.dispatch(order, team, *technicians)
    dealer.issue(order)
    dealer.start(order)
    dealer.finish(order, findings)
    dealer.check(order)
