"""A dealer's master data for the bench: made once in a database, by the system."""

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

STOCK = "stock.group_stock_user"
INVOICING = "account.group_account_invoice"
OURS = "car_aftersales.car_aftersales_group_"
# The desks that take part; each user has the groups of his desk and no more.
USERS = {
    "storekeeper": [STOCK],
    "accountant": [INVOICING],
    "repairer": [STOCK, "sales_team.group_sale_salesman"],
    "advisor": [f"{OURS}advisor"],
    "parts_clerk": [f"{OURS}parts_clerk"],
    "technician": [f"{OURS}technician"],
    "inspector": [f"{OURS}inspector"],
    "cashier": [f"{OURS}cashier"],
    "manager": [f"{OURS}manager"],
}
PARTS = [("Oil filter", 30.0, 50.0), ("Oil 5W30", 40.0, 70.0), ("Gasket", 2.0, 5.0)]
CUSTOMERS = 10


def make_shop(registry):
    """Make users, products, stock, customers and vehicles once.

    :return: dict of name to id or list of ids.
    """
    with registry.cursor() as cursor:
        env = api.Environment(cursor, SUPERUSER_ID, {})
        # No text messages either, which Odoo sends for every delivery if it may.
        env.company.stock_text_confirmation = False
        # The formalities of the intake have nothing beside them in the other ways.
        env["car.repair.type"].search([]).is_intake_blocking = False
        users = _make_users(env)
        parts, labor = _make_products(env)
        customers, vehicles = _make_customers(env)
        warehouse = env["stock.warehouse"].search([], limit=1)
        shop = {
            "users": users,
            "parts": parts.ids,
            "labor": labor.id,
            "customers": customers.ids,
            "vehicles": vehicles.ids,
            "warehouse": warehouse.id,
            "company": env.company.id,
        }
        cursor.commit()
    return shop


def _make_users(env):
    ids = {}
    for name, groups in USERS.items():
        login = f"bench_{name}"
        user = env["res.users"].search([("login", "=", login)])
        known = [group for xml_id in groups if (group := env.ref(xml_id, False))]
        if not user:
            user = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    {
                        "name": name.replace("_", " ").title(),
                        "login": login,
                        "tz": "Asia/Shanghai",
                        # No mail is sent: what is addressed to users stays inside.
                        "notification_type": "inbox",
                        "group_ids": [
                            Command.set(env.ref("base.group_user").ids),
                            *[Command.link(group.id) for group in known],
                        ],
                    }
                )
            )
        ids[name] = user.id
    return ids


def _make_products(env):
    """Return three storable parts and a labor operation with ample stock.

    Average cost, periodic valuation: the latter is what Odoo installs.
    """
    products = env["product.product"]
    parts = products.search([("default_code", "=like", "BENCH-P%")], order="id")
    labor = products.search([("default_code", "=", "BENCH-L")])
    if parts and labor:
        return parts, labor
    category = env["product.category"].create(
        {
            "name": "Bench parts",
            "property_cost_method": "average",
            "property_valuation": "periodic",
        }
    )
    parts = products.create(
        [
            {
                "name": name,
                "default_code": f"BENCH-P{number}",
                "type": "consu",
                "is_storable": True,
                "categ_id": category.id,
                "standard_price": cost,
                "list_price": price,
                "car_item_kind": "part",
            }
            for number, (name, cost, price) in enumerate(PARTS)
        ]
    )
    labor = products.create(
        {
            "name": "Change oil and filter",
            "default_code": "BENCH-L",
            "type": "service",
            "list_price": 300.0,
            "car_item_kind": "labor",
            "car_labor_hours": 1.5,
        }
    )
    warehouse = env["stock.warehouse"].search([], limit=1)
    env["stock.quant"].with_context(inventory_mode=True).create(
        [
            {
                "product_id": part.id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": 1000000.0,
            }
            for part in parts
        ]
    ).action_apply_inventory()
    return parts, labor


def _make_customers(env):
    vehicles = env["car.vehicle"].search(
        [("license_plate", "=like", "京B1000%")], order="id"
    )
    if len(vehicles) == CUSTOMERS:
        return vehicles.owner_id, vehicles
    brand = env["car.vehicle.brand"].create({"name": "Bench"})
    model = env["car.vehicle.model"].create(
        {"name": "One", "brand_id": brand.id, "energy": "petrol"}
    )
    customers = env["res.partner"].create(
        [
            {"name": f"Customer {number}", "phone": f"+86 139 0000 000{number}"}
            for number in range(CUSTOMERS)
        ]
    )
    vehicles = env["car.vehicle"].create(
        [
            {
                "license_plate": f"京B1000{number}",
                "vin": f"LSVAM4187C200000{number}",
                "model_id": model.id,
                "owner_id": customer.id,
            }
            for number, customer in enumerate(customers)
        ]
    )
    return customers, vehicles
