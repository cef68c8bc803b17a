from odoo import models


class AccountChartTemplate(models.AbstractModel):
    """A company that keeps its books by a chart of China follows its repair law."""

    _inherit = "account.chart.template"

    # === BUSINESS METHODS === #

    def _post_load_data(self, template_code, company, template_data):
        result = super()._post_load_data(template_code, company, template_data)
        if template_code.startswith("cn"):
            (company or self.env.company).car_cn_law = True
        return result
