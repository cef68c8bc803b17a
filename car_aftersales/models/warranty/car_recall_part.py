from odoo import api, fields, models
from odoo.tools import SQL

from .car_recall_campaign import WAITING


class CarRecallPart(models.Model):
    """How many of a part a campaign needs for the cars on file that wait for it."""

    _name = "car.recall.part"
    _description = "Part Needed for a Recall"
    _auto = False
    _order = "campaign_id, product_id"
    _rec_name = "product_id"

    campaign_id = fields.Many2one(
        "car.recall.campaign", "Recall Campaign", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    car_count = fields.Integer("Cars Waiting", readonly=True)
    quantity = fields.Float("Needed", readonly=True, digits="Product Unit")
    free_quantity = fields.Float(
        "Free in Stock",
        compute="_compute_stock",
        compute_sudo=True,
        digits="Product Unit",
    )
    incoming_quantity = fields.Float(
        "Incoming", compute="_compute_stock", compute_sudo=True, digits="Product Unit"
    )
    missing_quantity = fields.Float(
        "Missing", compute="_compute_stock", compute_sudo=True, digits="Product Unit"
    )

    # === COMPUTE METHODS === #

    # Safe: quantities only, for who may see what a campaign needs.
    def _compute_stock(self):
        for company, parts in self.grouped("company_id").items():
            sites = self.env["stock.warehouse"].search(
                [("company_id", "=", company.id)]
            )
            products = parts.product_id.with_company(company).with_context(
                warehouse_id=sites.ids
            )
            stock = {
                product.id: (product.free_qty, product.incoming_qty)
                for product in products
            }
            for part in parts:
                free, incoming = stock[part.product_id.id]
                part.free_quantity = free
                part.incoming_quantity = incoming
                part.missing_quantity = max(0.0, part.quantity - free - incoming)

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return self._get_query()

    @api.model
    def _get_query(self):
        """Return the select: cars are counted by model first, then meet the package.

        The package says which of its lines go into which model and energy.
        """
        return SQL(
            """
            SELECT (cars.campaign_id::bigint << 31) + line.product_id AS id,
                   cars.campaign_id, cars.company_id, line.product_id,
                   SUM(cars.number)::integer AS car_count,
                   SUM(cars.number * line.quantity) AS quantity
              FROM (SELECT listed.campaign_id, campaign.company_id, campaign.package_id,
                           vehicle.model_id, vehicle.energy, COUNT(*) AS number
                      FROM car_recall_vehicle listed
                      JOIN car_recall_campaign campaign
                        ON campaign.id = listed.campaign_id
                      JOIN car_vehicle vehicle ON vehicle.id = listed.vehicle_id
                     WHERE listed.state IN %(waiting)s
                       AND campaign.package_id IS NOT NULL
                  GROUP BY 1, 2, 3, 4, 5) cars
              JOIN car_repair_package_line line ON line.package_id = cars.package_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE template.type = 'consu'
               AND (line.energy IS NULL OR line.energy = cars.energy)
               AND (NOT EXISTS (SELECT FROM %(models)s fits
                                 WHERE fits.%(line)s = line.id)
                    OR EXISTS (SELECT FROM %(models)s fits
                                WHERE fits.%(line)s = line.id
                                  AND fits.%(model)s = cars.model_id))
          GROUP BY cars.campaign_id, cars.company_id, line.product_id
            """,
            waiting=WAITING,
            **self._get_models_table(),
        )

    @api.model
    def _get_models_table(self):
        field = self.env["car.repair.package.line"]._fields["model_ids"]
        return {
            "models": SQL.identifier(field.relation),
            "line": SQL.identifier(field.column1),
            "model": SQL.identifier(field.column2),
        }
