from odoo.tests import tagged

from odoo.addons.car_aftersales.tests.common import PERSONAS, CarAftersalesCommon
from odoo.addons.car_aftersales.tests.module_check import ModuleSelfCheck


@tagged("post_install", "-at_install")
class TestModuleCn(ModuleSelfCheck, CarAftersalesCommon):
    module = "l10n_cn_car_aftersales"

    def _get_personas(self):
        personas = super()._get_personas()
        for persona in PERSONAS:
            personas |= getattr(self, f"user_{persona}")
        return personas
