from lxml import etree

from odoo.tests import tagged

from .common import PERSONAS, CarAftersalesCommon
from .module_check import ModuleSelfCheck


@tagged("post_install", "-at_install")
class TestModule(ModuleSelfCheck, CarAftersalesCommon):
    module = "car_aftersales"

    def _get_personas(self):
        personas = super()._get_personas()
        for persona in PERSONAS:
            personas |= getattr(self, f"user_{persona}")
        return personas

    def test_every_company_setting_is_on_the_settings_page(self):
        settings = self.env["res.config.settings"]
        shown = {
            node.get("name")
            for view in self._get_own_records("ir.ui.view")
            if view.model == "res.config.settings"
            for node in etree.fromstring(view.arch).iter("field")
        }
        self._collect(
            [
                name
                for name, field in self.env["res.company"]._fields.items()
                if name.startswith("car_")
                and field.store
                and field._module == self.module
                and (name not in settings._fields or name not in shown)
            ],
            "Settings nobody can reach:",
        )
