import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

BATCH = 10


class CarRepairArchive(models.Model):
    """Sending the outbox: in batches, each record once, with growing pauses."""

    _inherit = "car.repair.archive"

    # === BUSINESS METHODS === #

    @api.model
    def _get_send_domain(self):
        """Return what is to be sent now, for companies that have it switched on."""
        return (
            Domain("state", "in", ["queued", "sent", "failed"])
            & Domain("next_try_at", "<=", fields.Datetime.now())
            & Domain("company_id.car_archive_is_on", "=", True)
            & Domain("company_id.car_archive_url", "!=", False)
        )

    @api.model
    def _cron_send(self):
        """Send what is due, a batch at a time; what another worker holds is his."""
        domain = self._get_send_domain()
        records = self.search(domain, limit=BATCH, order="next_try_at, id")
        records = records.try_lock_for_update()
        records._send()
        self.env["ir.cron"]._commit_progress(
            len(records), remaining=self.search_count(domain)
        )

    def _send(self):
        """Send these records; no failure of one keeps the others from it.

        A server that cannot be reached is not tried again in the same batch.
        """
        for company, records in self.grouped("company_id").items():
            adapter = self.env["car.archive.adapter"]._get_for(company)
            session = {}
            for record in records:
                if session.get("is_down"):
                    record._put_off()
                    continue
                try:
                    with self.env.cr.savepoint():
                        result = adapter._deliver(record, session)
                except Exception as error:
                    # Whatever an adapter trips over is shown, and tried again.
                    _logger.warning(
                        "%s: not sent to the archive",
                        record.display_name,
                        exc_info=True,
                    )
                    result = {"state": "failed", "text": str(error) or repr(error)}
                record._take_answer(result)

    def _put_off(self):
        """Wait with the others for a server that is down; it counts as no try."""
        self.ensure_one()
        pause = self.company_id._get_archive_pauses()[0]
        self.next_try_at = fields.Datetime.now() + timedelta(minutes=pause)

    def _take_answer(self, result):
        """Write down what came of one try.

        :param result: dict of ``state`` (accepted, refused, failed or sent), ``text``,
            and ``answer``, the words of the server
        """
        self.ensure_one()
        now = fields.Datetime.now()
        state = result["state"]
        text = (result.get("text") or "")[:500]
        values = {
            "sent_at": now,
            "tries": self.tries + 1,
            "error_text": False if state == "accepted" else text,
        }
        if "answer" in result:
            values.update(answer=result["answer"], answered_at=now)
        if state in ("failed", "sent"):
            pauses = self.company_id._get_archive_pauses()
            if self.tries >= len(pauses):
                state = "given_up"
            else:
                pause = pauses[self.tries]
                values["next_try_at"] = now + timedelta(minutes=pause)
        self.write({**values, "state": state})
