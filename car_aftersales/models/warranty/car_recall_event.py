from odoo import api, fields, models
from odoo.tools import SQL

NAMES = SQL("concat_ws(' ', NULLIF(campaign.number, '/'), campaign.name)")
CAMPAIGNS = SQL("JOIN car_recall_campaign campaign ON campaign.id = source.campaign_id")


class CarVehicleEvent(models.Model):
    """Recalls in the life of a car: named by one, done, refused."""

    _inherit = "car.vehicle.event"

    kind = fields.Selection(
        selection_add=[
            ("recall", "Recall"),
            ("recall_done", "Recall Done"),
            ("recall_refused", "Recall Refused"),
        ]
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_event_queries(self):
        begun = SQL("GREATEST(campaign.opened_on, source.linked_on)")
        return [
            *super()._get_event_queries(),
            self._select_recalls(
                6,
                "recall",
                moment=SQL("%s::timestamp", begun),
                condition=SQL("campaign.state != 'draft' AND %s IS NOT NULL", begun),
            ),
            self._select_recalls(
                7,
                "recall_done",
                moment=SQL("source.done_on::timestamp"),
                odometer_km=SQL("NULLIF(source.done_km, 0)"),
                condition=SQL("source.state = 'done' AND source.done_on IS NOT NULL"),
            ),
            self._select_recalls(
                8,
                "recall_refused",
                moment=SQL("source.refused_at"),
                condition=SQL(
                    "source.state = 'refused' AND source.refused_at IS NOT NULL"
                ),
            ),
        ]

    @api.model
    def _select_recalls(self, number, kind, moment, condition, **parts):
        condition = SQL("source.vehicle_id IS NOT NULL AND %s", condition)
        return self._select_events(
            number,
            kind,
            "car.recall.vehicle",
            moment=moment,
            detail=NAMES,
            join=CAMPAIGNS,
            condition=condition,
            **parts,
        )
