from odoo import api, fields, models
from odoo.fields import Domain


class CarThreeGuaranteeRule(models.Model):
    """What of a version the house has to fill in itself."""

    _inherit = "car.three.guarantee.rule"

    open_article_count = fields.Integer(
        "Clauses Without an Article", compute="_compute_open_article_count"
    )

    # === COMPUTE METHODS === #

    @api.depends("clause_ids.article")
    def _compute_open_article_count(self):
        for rule in self:
            bare = rule.clause_ids.filtered(lambda clause: not clause.article)
            rule.open_article_count = len(bare)


class ResConfigSettings(models.TransientModel):
    """What of the three guarantees is delivered empty, and where it is filled in."""

    _inherit = "res.config.settings"

    car_cn_open_wear_count = fields.Integer(
        "Wear Parts Without a Term", compute="_compute_car_cn_open"
    )
    car_cn_open_article_count = fields.Integer(
        "Clauses Without an Article", compute="_compute_car_cn_open"
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_car_cn_open(self):
        wear = self.env["car.three.guarantee.wear.part"]
        self.car_cn_open_wear_count = wear.search_count(wear._get_open_domain())
        self.car_cn_open_article_count = self.env[
            "car.three.guarantee.clause"
        ].search_count(
            Domain("article", "=", False) & Domain("rule_id.active", "=", True)
        )

    # === ACTION METHODS === #

    def action_open_car_cn_wear_parts(self):
        """Open the wear parts, those without a term first."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_cn_car_aftersales.car_three_guarantee_wear_part_action"
        )
        return {**action, "context": {"search_default_no_term": 1}}

    def action_open_car_cn_versions(self):
        """Open the versions of the three guarantees."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_cn_car_aftersales.car_three_guarantee_rule_action"
        )
