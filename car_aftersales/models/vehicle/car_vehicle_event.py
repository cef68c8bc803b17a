from odoo import api, fields, models
from odoo.tools import SQL

from .car_vehicle import CUSTOMER_DATA


class CarVehicleEvent(models.Model):
    """The life of a vehicle in one list: readings, owners, plates, services, visits.

    It only shows what other records say. Entries about owners are hidden from those
    who may not see customers.
    """

    _name = "car.vehicle.event"
    _description = "Vehicle Event"
    _auto = False
    _order = "moment desc, id desc"
    _rec_name = "detail"

    vehicle_id = fields.Many2one("car.vehicle", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    moment = fields.Datetime("When", readonly=True)
    kind = fields.Selection(
        [
            ("reading", "Odometer Reading"),
            ("owner", "Owner"),
            ("plate", "License Plate"),
            ("service", "Service"),
        ],
        readonly=True,
    )
    detail = fields.Char("Details", readonly=True)
    odometer_km = fields.Integer("Odometer (km)", readonly=True, aggregator=None)
    partner_id = fields.Many2one(
        "res.partner", "Owner", readonly=True, groups=CUSTOMER_DATA
    )
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)

    # === ACTION METHODS === #

    def action_open(self):
        """Open the record behind the event."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(self._get_event_queries())

    @api.model
    def _get_event_queries(self):
        """Return one select per source of events; an upper layer adds its own.

        Build them with ``_select_events``; each source has a number of its own below
        16, which keeps the ids apart.
        """
        return [
            self._select_events(
                1,
                "reading",
                "car.odometer.reading",
                moment=SQL("source.read_at"),
                detail=SQL(
                    "CASE WHEN source.is_struck THEN '✗ ' || source.struck_reason "
                    "ELSE COALESCE(source.source_name, source.lower_note) END"
                ),
                odometer_km=SQL("source.odometer_km"),
            ),
            self._select_events(
                2,
                "owner",
                "car.vehicle.ownership",
                moment=SQL("source.date_from::timestamp"),
                detail=SQL("partner.complete_name"),
                partner_id=SQL("source.partner_id"),
                join=SQL("JOIN res_partner partner ON partner.id = source.partner_id"),
            ),
            self._select_events(
                3,
                "plate",
                "car.vehicle.plate",
                moment=SQL("source.date_from::timestamp"),
                detail=SQL("source.license_plate"),
            ),
            self._select_events(
                4,
                "service",
                "car.maintenance.record",
                moment=SQL("source.date::timestamp"),
                detail=SQL("COALESCE(source.workshop_name, source.source_name)"),
                odometer_km=SQL("source.odometer_km"),
                condition=SQL("source.active"),
            ),
        ]

    @api.model
    def _select_events(self, number, kind, model, moment, detail, **parts):
        """Return the select of one source; ``source`` is the alias of its table.

        :param number: tells the sources apart in the ids; below 16.
        :param parts: SQL of ``odometer_km``, ``partner_id``, ``join``, ``condition``.
        """
        nothing = SQL("NULL::integer")
        return SQL(
            """
            SELECT source.id::bigint * 16 + %(number)s AS id,
                   source.vehicle_id AS vehicle_id,
                   source.company_id AS company_id,
                   %(moment)s AS moment,
                   %(kind)s AS kind,
                   (%(detail)s)::varchar AS detail,
                   %(odometer_km)s AS odometer_km,
                   %(partner_id)s AS partner_id,
                   %(model)s AS res_model,
                   source.id AS res_id
              FROM %(table)s source %(join)s
             WHERE %(condition)s
            """,
            number=number,
            moment=moment,
            kind=kind,
            detail=detail,
            odometer_km=parts.get("odometer_km", nothing),
            partner_id=parts.get("partner_id", nothing),
            model=model,
            table=SQL.identifier(self.env[model]._table),
            join=parts.get("join", SQL()),
            condition=parts.get("condition", SQL("TRUE")),
        )
