from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CarRecallCampaign(models.Model):
    """Finding the cars of a campaign by model, build range or VIN range.

    One statement, for any number of cars: the unique indexes of the list keep a second
    run, or a second person, from listing a car twice.
    """

    _inherit = "car.recall.campaign"

    model_ids = fields.Many2many(
        "car.vehicle.model",
        "car_recall_campaign_model_rel",
        "campaign_id",
        "model_id",
        "Models",
        help="Cars of these models are affected, within the ranges given.",
    )
    year_from = fields.Integer("Model Year From")
    year_to = fields.Integer("Model Year Until")
    built_from = fields.Date()
    built_to = fields.Date("Built Until")
    vin_from = fields.Char("First VIN")
    vin_to = fields.Char("Last VIN")

    # === CONSTRAINT METHODS === #

    @api.constrains("vin_from", "vin_to", "built_from", "built_to", "year_from")
    def _check_ranges(self):
        for campaign in self:
            for first, last in (
                (campaign.vin_from, campaign.vin_to),
                (campaign.built_from, campaign.built_to),
                (campaign.year_from, campaign.year_to),
            ):
                if first and last and last < first:
                    raise ValidationError(
                        self.env._(
                            "%(campaign)s: the end of a range lies before its "
                            "beginning.",
                            campaign=campaign.display_name,
                        )
                    )
            if campaign.vin_from and len(campaign.vin_from) != len(
                campaign.vin_to or campaign.vin_from
            ):
                raise ValidationError(
                    self.env._(
                        "%(campaign)s: the first and the last VIN are of the same "
                        "length.",
                        campaign=campaign.display_name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._tidy_vins(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._tidy_vins(vals))

    # === ACTION METHODS === #

    def action_find_vehicles(self):
        """Put the cars of the range on the list; those on it stay as they are."""
        self._require_keeper()
        for campaign in self:
            if not campaign._has_range():
                campaign._raise_missing(
                    self.env._("give models, model years, build dates or VINs first")
                )
        self._take_turn()
        # Safe: the list of a campaign whose keeper asks for it.
        count = self.sudo()._fill_by_range()
        for campaign in self:
            campaign._message_log(
                body=self.env._("Cars found by range: %(count)s", count=count)
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("%(count)s cars were added.", count=count),
                "type": "success" if count else "warning",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === BUSINESS METHODS === #

    @api.model
    def _tidy_vins(self, vals):
        tidy = self.env["car.vehicle"]._tidy_identity
        return {
            **vals,
            **{
                name: tidy({"vin": vals[name]})["vin"]
                for name in ("vin_from", "vin_to")
                if name in vals
            },
        }

    def _has_range(self):
        """Tell whether something narrows the cars down."""
        self.ensure_one()
        return bool(
            self.model_ids
            or self.year_from
            or self.year_to
            or self.built_from
            or self.built_to
            or self.vin_from
            or self.vin_to
        )

    def _fill_by_range(self, vehicles=None):
        """List the cars that lie in the ranges of the campaigns; return how many.

        :param vehicles: only these; all cars of the companies by default. For new cars
            all running campaigns are asked in the same statement.
        """
        self.env.flush_all()
        which = SQL("c.id IN %s", tuple(self.ids)) if self else SQL("c.state = 'open'")
        cars = SQL("TRUE")
        if vehicles is not None:
            cars = SQL("v.id IN %s", tuple(vehicles.ids))
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO car_recall_vehicle
                       (campaign_id, company_id, kind, vin, vehicle_id, state,
                        linked_on, state_changed_at, state_changed_by_id,
                        create_uid, create_date, write_uid, write_date)
                SELECT c.id, c.company_id, c.kind, v.vin, v.id, 'open', %(today)s,
                       %(now)s, %(user)s, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM car_recall_campaign c
                  JOIN car_vehicle v
                    ON (v.company_id = c.company_id OR v.company_id IS NULL)
                 WHERE %(which)s AND %(cars)s AND v.active
                   AND (EXISTS (SELECT FROM car_recall_campaign_model_rel m
                                 WHERE m.campaign_id = c.id
                                   AND m.model_id = v.model_id)
                        OR NOT EXISTS (SELECT FROM car_recall_campaign_model_rel m
                                        WHERE m.campaign_id = c.id)
                           AND (c.year_from > 0 OR c.year_to > 0
                                OR c.built_from IS NOT NULL OR c.built_to IS NOT NULL
                                OR c.vin_from IS NOT NULL OR c.vin_to IS NOT NULL))
                   AND (COALESCE(c.year_from, 0) = 0 OR v.model_year >= c.year_from)
                   AND (COALESCE(c.year_to, 0) = 0
                        OR v.model_year BETWEEN 1 AND c.year_to)
                   AND (c.built_from IS NULL OR v.built_on >= c.built_from)
                   AND (c.built_to IS NULL OR v.built_on <= c.built_to)
                   AND (c.vin_from IS NULL OR v.vin COLLATE "C" >= c.vin_from
                        AND LENGTH(v.vin) = LENGTH(c.vin_from))
                   AND (c.vin_to IS NULL OR v.vin COLLATE "C" <= c.vin_to
                        AND LENGTH(v.vin) = LENGTH(c.vin_to))
              ORDER BY c.id, v.id
                ON CONFLICT DO NOTHING
             RETURNING id
                """,
                today=self.env.company._get_car_today(),
                now=fields.Datetime.now(),
                user=self.env.uid,
                which=which,
                cars=cars,
            )
        )
        if rows:
            self.env["car.recall.vehicle"].invalidate_model()
            self.env["car.vehicle"].invalidate_model(["recall_ids"])
            self.env["car.recall.campaign"].invalidate_model(["vehicle_ids"])
        return len(rows)
