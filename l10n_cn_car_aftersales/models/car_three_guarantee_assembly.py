from odoo import fields, models


class CarThreeGuaranteeAssembly(models.Model):
    """A main assembly or system of the three guarantees: engine, steering, body...

    Products belong to it by their vehicle system or category, or are put there by hand.
    """

    _name = "car.three.guarantee.assembly"
    _description = "Assembly of the Three Guarantees"
    _order = "sequence, id"

    name = fields.Char("Assembly", required=True, translate=True)
    code = fields.Char(copy=False)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    system_ids = fields.Many2many(
        "car.vehicle.system",
        "car_three_guarantee_assembly_system_rel",
        "assembly_id",
        "system_id",
        "Vehicle Systems",
    )
    category_ids = fields.Many2many(
        "product.category",
        "car_three_guarantee_assembly_category_rel",
        "assembly_id",
        "category_id",
        "Product Categories",
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Another assembly has this code."
    )


class CarThreeGuaranteeFailure(models.Model):
    """A failure that endangers people: brakes fail, fuel leaks, a battery burns."""

    _name = "car.three.guarantee.failure"
    _description = "Serious Safety Failure"
    _order = "sequence, id"

    name = fields.Char("Failure", required=True, translate=True)
    code = fields.Char(copy=False)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL", "Another failure has this code."
    )


class ProductTemplate(models.Model):
    """What a part is to the three guarantees."""

    _inherit = "product.template"

    three_guarantee_role = fields.Selection(
        [
            ("assembly", "Main Assembly"),
            ("main_part", "Main Part"),
            ("wear", "Wear Part"),
        ],
        "Three Guarantees",
        index="btree_not_null",
        help="Whether its replacement counts: the assembly itself, or a main part of "
        "it as named by the maker.",
    )
    three_guarantee_assembly_id = fields.Many2one(
        "car.three.guarantee.assembly",
        "Assembly (Three Guarantees)",
        help="Empty: by vehicle system or category.",
    )
    three_guarantee_part_key = fields.Char(
        "Smallest Part",
        help="Parts with the same text are one smallest part, as a number and the one "
        "that replaced it. Empty: the part by itself.",
    )

    # === BUSINESS METHODS === #

    def _get_three_guarantee_assemblies(self):
        """Return the assembly of each product: named, by its system, or category.

        :return: dict of product template to assembly
        """
        every = self.env["car.three.guarantee.assembly"].search([("active", "=", True)])
        by_system = {
            system: assembly for assembly in every for system in assembly.system_ids
        }
        by_category = {
            category.id: assembly
            for assembly in every
            for category in assembly.category_ids
        }
        result = {}
        for product in self:
            assembly = product.three_guarantee_assembly_id or by_system.get(
                product.car_system_id, every.browse()
            )
            path = (product.categ_id.parent_path or "").split("/")
            for category in reversed([int(part) for part in path if part]):
                assembly = assembly or by_category.get(category, every.browse())
            result[product] = assembly
        return result
