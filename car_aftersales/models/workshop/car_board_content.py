import math

import pytz
from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.masking import get_first_name, mask_plate
from .car_repair_order_risk import UNFINISHED, WORKING_STATES

# The stages of the board with the states they gather
STAGES = {
    "reception": ("reception", "estimate"),
    "authorized": ("authorized",),
    "in_workshop": ("in_workshop",),
    "quality_check": ("quality_check",),
    "ready": ("ready", "declined"),
}


class CarBoard(models.Model):
    """What a board shows: a handful of queries, however many cars there are."""

    _inherit = "car.board"

    # === BUSINESS METHODS === #

    @api.readonly
    def get_content(self):
        """Return what the screen shows to the user, by his own rights."""
        self.ensure_one()
        self.check_access("read")
        return self._get_content(self._get_own_domain())

    def _get_public_content(self):
        """Return what the screen shows to anybody who stands before it."""
        self.ensure_one()
        # Safe: the cars of one site, and of them what the screen shows.
        board = self.sudo().with_context(
            allowed_company_ids=self.company_id.ids,
            lang=self.sudo().lang or self.env.lang,
        )
        return board._get_content(Domain.TRUE)

    def _get_own_domain(self):
        """Return which orders the user may see; technicians those of their jobs."""
        orders = self.env["car.repair.order"]
        if orders.has_access("read"):
            return Domain("id", "in", orders._search(self._get_site_domain()))
        jobs = self.env["car.repair.job"]
        jobs.check_access("read")
        own = jobs._search([("warehouse_id", "=", self.warehouse_id.id)])
        return Domain("id", "in", own.subselect("order_id"))

    def _get_site_domain(self):
        return Domain("warehouse_id", "=", self.warehouse_id.id) & Domain(
            "waiting_for", "!=", False
        )

    def _get_content(self, domain):
        """Return title, columns and cards; only what is listed here leaves the server.

        :param domain: which of the site's orders are shown
        """
        board = self.with_context(lang=self.sudo().lang or self.env.lang)
        # Safe: what is shown of each is chosen below; which, by the domain.
        orders = board.env["car.repair.order"].sudo()
        rows = orders._get_board_rows(self._get_site_domain() & domain)
        risks = orders._find_risks(
            {
                row["id"]: (row["state"], row["promised_at"], row["calendar_id"])
                for row in rows
            },
            orders.env["car.repair.job"].search_fetch(
                [
                    ("order_id", "in", [row["id"] for row in rows]),
                    ("state", "in", UNFINISHED),
                ],
                ["order_id", "state", "alternative_to_id", "clocked_hours"],
                order="id",
            ),
        )
        cards = [board._prepare_card(row, risks[row["id"]][0]) for row in rows]
        late = sum(card["is_late"] for card in cards)
        at_risk = sum(card["is_at_risk"] for card in cards)
        return {
            "title": board.name,
            "kind": board.kind,
            "layout": board.layout,
            "time": board._spell_time(fields.Datetime.now()),
            "day": format_skeleton(
                "MMMEd", board._get_local(fields.Datetime.now()), locale=board.env.lang
            ),
            "channel": board._get_channel(),
            "columns": board._get_columns(cards),
            "texts": {
                "offline": board.env._("No connection"),
                "risk": board.env._("At Risk"),
                "cars": board.env._("Cars: %(count)s", count=len(cards)),
                "late": late and board.env._("Late: %(count)s", count=late),
                "at_risk": at_risk and board.env._("At risk: %(count)s", count=at_risk),
                "empty": board.env._("No car"),
                "promised": board.env._("Promised"),
            },
        }

    def _prepare_card(self, row, is_at_risk):
        """Return what is shown of a car; in the lounge less than in the workshop."""
        now = fields.Datetime.now()
        promised = row["promised_at"]
        is_due = row["state"] in WORKING_STATES
        is_late = bool(is_due and promised and promised < now)
        names = self._get_selection_texts("car.repair.order", "waiting_for")
        card = {
            "id": row["id"],
            "stage": next(
                stage for stage, states in STAGES.items() if row["state"] in states
            ),
            "state": self._get_selection_texts("car.repair.order", "state")[
                row["state"]
            ],
            "bay": row["bay_id"] or 0,
            "model": row["model"] or "",
            "promised": self._spell_time(promised) if promised and is_due else "",
            "is_late": is_late,
            "is_at_risk": is_at_risk,
            "is_ready": row["state"] == "ready",
            "late": self._spell_delay(now - promised) if is_late else "",
        }
        if self.kind == "lounge":
            return card | {
                "plate": mask_plate(row["plate"] or (row["vin"] or "")[-3:]),
                "name": get_first_name(row["customer"]),
                "is_called": row["waiting_for"] in ("customer", "collection"),
                "waiting": self._get_call(row["waiting_for"]),
                "reason": "",
                # Whom the house lets wait is told to the customer by his advisor.
                "is_at_risk": False,
            }
        return card | {
            "plate": row["plate"] or (row["vin"] or row["number"])[-8:],
            "name": row["team"] or "",
            "is_called": False,
            "waiting": names[row["waiting_for"]],
            "reason": row["reason"] or "",
        }

    def _get_call(self, waiting_for):
        """Return what a customer in the lounge is asked to do."""
        return {
            "customer": self.env._("Please see your advisor"),
            "cashier": self.env._("Please go to the cash desk"),
            "collection": self.env._("Your car is waiting for you"),
        }.get(waiting_for, "")

    def _get_columns(self, cards):
        """Return the columns of the board with their cards, the most urgent first."""
        if self.layout == "bay":
            # Safe: names of places.
            bays = (
                self.env["car.workshop.bay"]
                .sudo()
                .search_fetch(
                    [("warehouse_id", "=", self.warehouse_id.id)], ["name", "kind"]
                )
            )
            taken = {card["bay"] for card in cards}
            columns = [
                (bay.id, bay.name)
                for bay in bays
                if bay.kind == "repair" or bay.id in taken
            ]
            columns.append((0, self.env._("No Bay")))
            key = "bay"
        else:
            names = self._get_selection_texts("car.repair.order", "state")
            columns = [(stage, names[stage]) for stage in STAGES]
            key = "stage"
        groups = {column: [] for column, _title in columns}
        for card in cards:
            groups.get(card[key], groups.get(0, [])).append(card)
        return [
            {"key": column, "title": title, "cards": groups[column]}
            for column, title in columns
        ]

    def _get_selection_texts(self, model, name):
        return dict(self.env[model]._fields[name]._description_selection(self.env))

    def _get_local(self, moment):
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self.tz))

    def _spell_time(self, moment):
        """Return a time as the clock on the wall shows it; the day, if not today."""
        local = self._get_local(moment)
        today = self._get_local(fields.Datetime.now()).date()
        if local.date() == today:
            return local.strftime("%H:%M")
        day = f"{local.month}/{local.day}"
        # Of a day that has passed nobody needs the hour.
        return day if local.date() < today else f"{day} {local.strftime('%H:%M')}"

    def _spell_delay(self, delay):
        """Return how late a car is, in the largest unit that says enough."""
        minutes = math.floor(delay.total_seconds() / 60)
        if minutes < 60:
            return self.env._("%(count)s min late", count=minutes)
        if minutes < 48 * 60:
            return self.env._("%(count)s h late", count=minutes // 60)
        return self.env._("%(count)s days late", count=minutes // 1440)


class CarRepairOrder(models.Model):
    _inherit = "car.repair.order"

    @api.model
    def _get_board_rows(self, domain):
        """Return what boards show of the orders, in one query.

        The first is promised first; what nobody promised comes last.
        """
        query = self._search(domain)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT o.id, o.name AS number, o.state, o.waiting_for, o.promised_at,
                       vehicle.license_plate AS plate, vehicle.vin,
                       model.name AS model, customer.name AS customer,
                       work.team, work.reason, place.bay_id,
                       COALESCE(
                           clock.calendar_id, house.calendar_id,
                           company.resource_calendar_id
                       ) AS calendar_id
                  FROM car_repair_order o
                  JOIN car_vehicle vehicle ON vehicle.id = o.vehicle_id
                  JOIN res_company company ON company.id = o.company_id
                  JOIN res_partner customer ON customer.id = o.partner_id
             LEFT JOIN car_vehicle_model model ON model.id = vehicle.model_id
     LEFT JOIN LATERAL (
                       SELECT string_agg(DISTINCT team.name, ', ') AS team,
                              string_agg(DISTINCT job.waiting_reason, ', ')
                                  FILTER (WHERE job.state IN %(unfinished)s) AS reason
                         FROM car_repair_job job
                    LEFT JOIN car_workshop_team team ON team.id = job.team_id
                        WHERE job.order_id = o.id
                       ) work ON TRUE
     LEFT JOIN LATERAL (
                       SELECT slot.bay_id
                         FROM car_workshop_slot slot
                         JOIN car_repair_job job ON job.id = slot.job_id
                        WHERE job.order_id = o.id
                          AND slot.bay_id IS NOT NULL
                     ORDER BY slot.start > %(now)s,
                              abs(extract(epoch FROM slot.start - %(now)s))
                        LIMIT 1
                       ) place ON TRUE
     LEFT JOIN LATERAL (
                       SELECT team.resource_calendar_id AS calendar_id
                         FROM car_repair_job job
                         JOIN car_workshop_team team ON team.id = job.team_id
                        WHERE job.order_id = o.id AND job.state IN %(unfinished)s
                     ORDER BY job.sequence, job.id
                        LIMIT 1
                       ) clock ON TRUE
     LEFT JOIN LATERAL (
                       SELECT team.resource_calendar_id AS calendar_id
                         FROM car_workshop_team team
                        WHERE team.warehouse_id = o.warehouse_id AND team.active
                          AND team.resource_calendar_id IS NOT NULL
                     ORDER BY team.sequence, team.name
                        LIMIT 1
                       ) house ON TRUE
                 WHERE o.id IN %(orders)s
              ORDER BY o.promised_at NULLS LAST, o.id
                """,
                now=fields.Datetime.now(),
                orders=query.subselect(),
                unfinished=UNFINISHED,
            )
        )
        return self.env.cr.dictfetchall()
