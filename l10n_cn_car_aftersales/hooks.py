def _post_init_hook(env):
    """Let the law of China apply to the companies that are there."""
    companies = env["res.company"].search([("id", "!=", False)])
    companies.filtered(
        lambda company: company.account_fiscal_country_id.code == "CN"
    ).car_cn_law = True
    companies._create_car_sequences()
