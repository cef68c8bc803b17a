import hashlib
import json
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .car_repair_archive import REPLACEABLE

_logger = logging.getLogger(__name__)

BATCH = 100
LABOR_KINDS = ("labor", "outside")
UNSETTLED = ("to_bill", "partly", "to_credit")


class CarRepairOrder(models.Model):
    """What an order tells the electronic repair archive, and when."""

    _inherit = "car.repair.order"

    car_archive_ids = fields.One2many(
        "car.repair.archive", "order_id", "Electronic Archive", readonly=True
    )
    car_archive_version = fields.Integer(
        "Version in the Archive", readonly=True, copy=False, aggregator=None
    )
    is_archive_due = fields.Boolean(
        "To Be Told to the Archive",
        readonly=True,
        copy=False,
        help="The car was given back, or its settlement changed since.",
    )

    _archive_due = models.Index("(id) WHERE is_archive_due")

    # === ACTION METHODS === #

    def action_open_archive(self):
        """Open what was sent of the order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_cn_car_aftersales.car_repair_archive_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_queue_archive(self):
        """Queue delivered orders by hand, older ones too."""
        if not self._has_group("supervisor"):
            raise AccessError(
                self.env._(
                    "The electronic repair archive is kept by the business supervisor."
                )
            )
        for order in self:
            if order.state != "delivered":
                raise UserError(
                    self.env._(
                        "%(order)s: only settlements of delivered cars are archived.",
                        order=order.display_name,
                    )
                )
            if not order.company_id.car_archive_is_on:
                raise UserError(
                    self.env._(
                        "%(company)s has not switched the electronic repair archive "
                        "on.",
                        company=order.company_id.display_name,
                    )
                )
        # Safe: the outbox is filled from orders that the supervisor reads.
        self.sudo()._queue_archive()
        return True

    # === BUSINESS METHODS === #

    def _get_protected_fields(self):
        return super()._get_protected_fields() | {
            "car_archive_ids",
            "car_archive_version",
            "is_archive_due",
        }

    def _after_deliver(self):
        result = super()._after_deliver()
        self._mark_for_archive()
        return result

    def _mark_for_archive(self):
        """Let the job look at these orders; nothing more is done at the desk."""
        orders = self.filtered("company_id.car_archive_is_on")
        if orders:
            # Safe: a mark for the job; it is no part of the closed visit.
            models.Model.write(orders.sudo(), {"is_archive_due": True})
            cron = "l10n_cn_car_aftersales.car_repair_archive_cron_queue"
            self.env.ref(cron).sudo()._trigger()

    @api.model
    def _cron_queue_archive(self):
        """Queue the settlements of the cars given back, batch by batch.

        An order that cannot be read is left out and logged; it stops no other.
        """
        domain = Domain("is_archive_due", "=", True) & Domain("state", "=", "delivered")
        orders = self.search(domain, limit=BATCH, order="id").try_lock_for_update()
        orders._queue_archive()
        self.env["ir.cron"]._commit_progress(
            len(orders), remaining=self.search_count(domain)
        )

    def _queue_archive(self):
        """Freeze what each order says, unless the last version says the same."""
        under_way = self.filtered("company_id.car_archive_is_on")
        latest = {
            record.order_id.id: record
            for record in self.env["car.repair.archive"].search(
                [("order_id", "in", under_way.ids)], order="version"
            )
        }
        vals_list, replaced = [], self.env["car.repair.archive"]
        for order in under_way:
            if not order._is_archive_due_now():
                continue  # the customer's bill marks it again
            try:
                with self.env.cr.savepoint():
                    vals = order._prepare_archive_vals()
            except Exception:
                _logger.exception("%s: not written to the archive", order.name)
                order._message_log(
                    body=self.env._(
                        "It could not be written to the electronic archive."
                    )
                )
                continue
            last = latest.get(order.id)
            if last and last.fingerprint == vals["fingerprint"]:
                continue
            if last:
                vals["version"] = last.version + 1
                number = last.settlement_number
                vals["settlement_number"] = number
                vals["payload"]["basicInfo"]["costlistcode"] = number
                replaced |= last.filtered(lambda record: record.state in REPLACEABLE)
            vals_list.append(vals)
        for vals in vals_list:
            order = self.browse(vals["order_id"])
            models.Model.write(order, {"car_archive_version": vals.get("version", 1)})
        replaced.write({"state": "replaced"})
        made = self.env["car.repair.archive"].create(vals_list)
        models.Model.write(self, {"is_archive_due": False})
        if made:
            cron = "l10n_cn_car_aftersales.car_repair_archive_cron_send"
            self.env.ref(cron)._trigger()
        return made

    def _is_archive_due_now(self):
        """Tell whether everything that the customer pays himself is billed."""
        self.ensure_one()
        payers = self.payer_ids.filtered(lambda payer: payer.kind == "customer")
        return not any(
            payer.billing_state in UNSETTLED for payer in payers
        ) and not any(move.state == "draft" for move in payers._get_invoices())

    def _get_settlement_number(self):
        """Return the number of the valid settlement list, else of the visit."""
        self.ensure_one()
        return self.cn_settlement_number or self.name

    def _prepare_archive_vals(self):
        self.ensure_one()
        payload = self._prepare_archive_payload()
        # A credit note or a further bill of the customer is a new settlement, even
        # where quantities stay.
        documents = sorted(
            move.name
            for payer in self.payer_ids.filtered(lambda each: each.kind == "customer")
            for move in payer._get_invoices()
            if move.state == "posted"
        )
        text = json.dumps([payload, documents], sort_keys=True)
        return {
            "company_id": self.company_id.id,
            "order_id": self.id,
            "settlement_number": self._get_settlement_number(),
            "payload": payload,
            "fingerprint": hashlib.sha256(text.encode()).hexdigest(),
        }

    def _prepare_archive_payload(self):
        """Return what the standard asks, without token; days are those of the site.

        JT/T 1132: basic information, parts, repair items.
        """
        self.ensure_one()
        clock = self.with_context(tz=self.company_id._get_car_time_zone())
        vehicle = self.vehicle_id

        def local_day(moment):
            if not moment:
                return ""
            return fields.Datetime.context_timestamp(clock, moment).date().isoformat()

        return {
            "basicInfo": {
                "vehicleplatenumber": vehicle.license_plate or "",
                "companyname": self.company_id.car_archive_name or self.company_id.name,
                "vin": vehicle.vin or "",
                "repairdate": local_day(self.received_at),
                "repairmileage": self.odometer_km,
                "settledate": self._get_settlement_day(local_day),
                "faultdescription": "; ".join(
                    job.name for job in self._get_paper_jobs("record")
                ),
                "costlistcode": self._get_settlement_number(),
            },
            "vehiclepartslist": [
                {
                    "partsname": line.name,
                    "partsquantity": line._get_billable_quantity()
                    or (line.quantity if line.supply == "customer" else 0.0),
                    "partscode": line.maker_code or line.product_id.default_code or "",
                }
                for line in self._get_archive_lines("part")
            ],
            "repairprojectlist": [
                {"repairproject": line.name, "workinghours": line.sold_hours}
                for line in self._get_archive_lines(*LABOR_KINDS)
            ],
        }

    def _get_settlement_day(self, local_day):
        """Return the day of the customer's last bill, else that of the delivery."""
        moves = self.payer_ids.filtered(lambda each: each.kind == "customer")
        days = [
            move.invoice_date
            for move in moves._get_invoices()
            if move.state == "posted" and move.invoice_date
        ]
        return max(days).isoformat() if days else local_day(self.delivered_at)

    def _get_archive_lines(self, *kinds):
        """Return the lines that were done: agreed to and issued, or the customer's."""
        return self.line_ids.filtered(
            lambda line: (
                line.kind in kinds
                and line.job_id.state in ("done", "passed")
                and line.authorization_state not in ("pending", "declined")
                and (line._get_billable_quantity() > 0 or line.supply == "customer")
            )
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    # === BUSINESS METHODS === #

    def _post(self, soft=True):
        """A credit note or a further bill changes what the archive was told."""
        posted = super()._post(soft=soft)
        moves = posted.filtered("company_id.car_archive_is_on")
        if moves:
            # Safe: only a mark on the orders of these bills.
            orders = moves.sudo().car_repair_order_ids
            orders.filtered(
                lambda order: order.state == "delivered"
            )._mark_for_archive()
        return posted
