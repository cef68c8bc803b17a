"""The demo dealer: his name, books, tax, cash desk, rates and the users' language."""

from odoo.fields import Command

NAME = "明达汽车销售服务有限公司"
SITE = "朝阳店"
UNNAMED = ("My Company", "YourCompany")
ACCOUNTS = {
    # name: (code, type, English, Chinese)
    "parts_revenue": ("400110", "income", "Parts Revenue", "配件收入"),
    "labor_revenue": ("400120", "income", "Labor Revenue", "工时收入"),
    "parts_cost": ("500110", "expense_direct_cost", "Cost of Parts Sold", "配件成本"),
    "outside_cost": (
        "500120",
        "expense_direct_cost",
        "Cost of Outside Work",
        "外协成本",
    ),
    "goodwill": ("669910", "expense", "Goodwill", "善意维修费用"),
    "internal": ("669920", "expense", "Internal Work", "内部维修费用"),
}


def translate(record, name, chinese):
    """Give a record its Chinese name, where Chinese is installed."""
    if "zh_CN" in dict(record.env["res.lang"].get_installed()):
        record.update_field_translations(name, {"zh_CN": chinese})


def load(env, model, name, values):
    """Create or find a record of the demo data by its name."""
    return env[model]._load_records(
        [{"xml_id": f"car_aftersales.{name}_demo", "values": values, "noupdate": True}]
    )


def prepare_company(env):
    """Set up the main company; one that is at work already keeps what it has."""
    company = env.ref("base.main_company").with_context(install_mode=True)
    env = company.env
    is_fresh = not env["account.move"].search(
        [("company_id", "=", company.id)], limit=1
    )
    if is_fresh:
        name_company(company)
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, True)
    if is_fresh:
        use_yuan(company)
    if is_fresh:
        company.resource_calendar_id.tz = "Asia/Shanghai"
    company.write(
        {
            "car_hourly_rate": 200.0,
            "car_hourly_cost": 75.0,
            "car_internal_hourly_rate": 90.0,
        }
    )
    accounts = load_accounts(company)
    company.car_goodwill_account_id = accounts["goodwill"]
    company.car_internal_account_id = accounts["internal"]
    load_taxes(company)
    load_categories(env, accounts)
    load_cash_desk(company)
    load_pricelists(company)
    prepare_users(company)
    # What installing does last, demo data needs now.
    company._create_car_sequences()
    env["stock.warehouse"]._create_missing_workshop_types()


def name_company(company):
    values = {
        "street": "朝阳区东四环北路 18 号",
        "city": "北京",
        "zip": "100016",
        "country_id": company.env.ref("base.cn").id,
        "phone": "+86 10 5550 0100",
        "email": "service@example.com",
        "vat": "91110105MA0DEMO001",
    }
    if company.name in UNNAMED:
        values["name"] = NAME
    company.write(values)
    company.env["stock.warehouse"].search(
        [("company_id", "=", company.id), ("name", "in", UNNAMED)]
    ).name = SITE
    country = company.env.ref("base.cn")
    country.vat_label = country.vat_label or "Social Credit Code"
    translate(country, "vat_label", "统一社会信用代码")


def use_yuan(company):
    """Keep the books in the money of the country."""
    yuan = company.env.ref("base.CNY")
    former = company.currency_id
    former_country = company.account_fiscal_country_id
    yuan.active = True
    if former == yuan:
        return
    company.currency_id = yuan
    company.account_fiscal_country_id = company.country_id
    # The chart calls its own country domestic; ours is another one.
    company.env["account.fiscal.position"].search(
        [("company_id", "=", company.id), ("country_id", "=", former_country.id)]
    ).country_id = company.country_id
    pricelists = company.env["product.pricelist"].search(
        [("currency_id", "=", former.id)]
    )
    pricelists.currency_id = yuan
    if not company.env["res.company"].search(
        [("currency_id", "=", former.id)], limit=1
    ):
        former.active = False


def load_accounts(company):
    accounts = {}
    for name, (code, kind, english, chinese) in ACCOUNTS.items():
        accounts[name] = load(
            company.env,
            "account.account",
            f"account_{name}",
            {
                "code": code,
                "name": english,
                "account_type": kind,
                "company_ids": [Command.set(company.ids)],
            },
        )
        translate(accounts[name], "name", chinese)
    return accounts


def load_taxes(company):
    """Bring the 13 % of the trade, booked like the tax of the chart of accounts."""
    env = company.env
    country = company.account_fiscal_country_id
    group = load(
        env,
        "account.tax.group",
        "tax_group_vat",
        {"name": "VAT 13%", "company_id": company.id, "country_id": country.id},
    )
    translate(group, "name", "增值税 13%")
    for kind, field in (
        ("sale", "account_sale_tax_id"),
        ("purchase", "account_purchase_tax_id"),
    ):
        former = company[field]
        lines = [
            Command.create(
                {
                    "document_type": document,
                    "repartition_type": part,
                    "account_id": account.id,
                }
            )
            for document in ("invoice", "refund")
            for part, account in (
                ("base", env["account.account"]),
                ("tax", former.invoice_repartition_line_ids.account_id[:1]),
            )
        ]
        tax = load(
            env,
            "account.tax",
            f"tax_{kind}",
            {
                "name": "VAT 13%",
                "amount": 13.0,
                "type_tax_use": kind,
                "company_id": company.id,
                "country_id": country.id,
                "tax_group_id": group.id,
                "repartition_line_ids": lines,
            },
        )
        translate(tax, "name", "增值税 13%")
        company[field] = tax
    fees = env["product.product"].browse(
        env.ref(f"car_aftersales.product_{name}_fee").id
        for name in ("diagnosis", "estimate")
    )
    fees.taxes_id = [Command.set(company.account_sale_tax_id.ids)]


def load_categories(env, accounts):
    """Parts at average cost, valued all the time, so that each bill books its cost."""
    revenue, cost = (
        "property_account_income_categ_id",
        "property_account_expense_categ_id",
    )
    env.ref("car_aftersales.product_category_parts_demo").write(
        {
            "property_cost_method": "average",
            "property_valuation": "real_time",
            revenue: accounts["parts_revenue"].id,
            cost: accounts["parts_cost"].id,
        }
    )
    for name in ("labor", "outside"):
        env.ref(f"car_aftersales.product_category_{name}_demo").write(
            {
                revenue: accounts["labor_revenue"].id,
                cost: accounts["outside_cost"].id,
            }
        )


def load_cash_desk(company):
    """Let money received at the desk be booked at once, without a bank statement."""
    journal = load(
        company.env,
        "account.journal",
        "journal_cash_desk",
        {
            "name": "Cash Desk",
            "code": "DESK",
            "type": "cash",
            "company_id": company.id,
            "sequence": 1,
        },
    )
    translate(journal, "name", "收银台")
    for line in (
        journal.inbound_payment_method_line_ids
        | journal.outbound_payment_method_line_ids
    ):
        line.payment_account_id = journal.default_account_id


def load_pricelists(company):
    env = company.env
    env.ref("base.group_user").implied_ids = [
        Command.link(env.ref("product.group_product_pricelist").id)
    ]
    pricelist = load(
        env,
        "product.pricelist",
        "pricelist_fleet",
        {
            "name": "Fleet Customers",
            "currency_id": company.currency_id.id,
            "company_id": company.id,
            "sequence": 99,
            "item_ids": [
                Command.create(
                    {
                        "applied_on": "2_product_category",
                        "categ_id": env.ref(
                            "car_aftersales.product_category_parts_demo"
                        ).id,
                        "compute_price": "percentage",
                        "percent_price": 5.0,
                    }
                )
            ],
        },
    )
    translate(pricelist, "name", "大客户价")
    for name in ("taxi", "logistics"):
        fleet = env.ref(f"car_aftersales.partner_company_{name}_demo")
        fleet.with_company(company).property_product_pricelist = pricelist


def prepare_users(company):
    """Let everybody work in Chinese where it is installed."""
    env = company.env
    languages = dict(env["res.lang"].get_installed())
    language = "zh_CN" if "zh_CN" in languages else "en_US"
    names = env["ir.model.data"].search(
        [
            ("module", "=", "car_aftersales"),
            ("model", "in", ("res.users", "res.partner")),
            ("name", "=like", "%\\_demo"),
        ]
    )
    by_model = names.grouped("model")
    users = env["res.users"].browse(by_model["res.users"].mapped("res_id"))
    partners = env["res.partner"].browse(by_model["res.partner"].mapped("res_id"))
    partners.write({"lang": language})
    users.write({"lang": language})
