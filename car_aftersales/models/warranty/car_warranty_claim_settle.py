import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import html_escape

_logger = logging.getLogger(__name__)

BATCH = 200
POSITION = "car_aftersales.claim_settled_up_to"
FAILED = "car_aftersales.mail_activity_claim_settle"


class CarWarrantyClaim(models.Model):
    """Every night: small differences are written off, and what is paid is settled."""

    _inherit = "car.warranty.claim"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_settle(self):
        """Write small differences off and settle what is paid, batch by batch."""
        done, left = self._settle_batch()
        self.env["ir.cron"]._commit_progress(done, remaining=left)

    @api.model
    def _settle_batch(self, batch=BATCH):
        """Look at the next answered claims, where the last batch has ended.

        Most of them wait for money and stay as they are, so that it is written down
        how far one has come; after the last one it begins anew.

        :return: how many were looked at, and how many are left
        """
        parameters = self.env["ir.config_parameter"].sudo()  # Safe: a position.
        after = int(parameters.get_param(POSITION) or 0)
        answered = [("state", "in", ("approved", "partly", "rejected"))]
        claims = self.search([*answered, ("id", ">", after)], limit=batch, order="id")
        left = 0
        if len(claims) == batch:
            left = self.search_count([*answered, ("id", ">", claims[-1].id)])
        if after or left:
            parameters.set_param(POSITION, claims[-1].id if left else False)
        # What somebody works on this moment is looked at the next night.
        claims.try_lock_for_update()._settle_paid()
        return len(claims), left

    def _settle_paid(self):
        """Settle what is paid; a claim that cannot be does not hold up the others."""
        if self._try_settle() or not self:
            return
        for claim in self:
            clerk = claim.user_id or claim.maker_id.clerk_id
            claim.with_context(lang=clerk.lang)._try_settle(tells=True)

    def _try_settle(self, tells=False):
        """Settle these claims, or leave all of them as they are.

        :param tells: the clerk is told what is in the way
        :return: whether it went well
        """
        try:
            with self.env.cr.savepoint():
                self.invoice_ids._settle_claim_tolerance()
                self._settle_when_done()
        except OperationalError:
            raise  # of two at once: Odoo repeats it
        except Exception as error:
            if tells:
                _logger.info("%s is not settled", self.name, exc_info=True)
                self._tell_unsettled(error)
            return False
        return True

    def _tell_unsettled(self, error):
        """Plan an activity for the clerk: what keeps the claim from being settled."""
        self.ensure_one()
        if isinstance(error, UserError):
            reason = str(error)
        else:
            reason = self.env._("The administrator finds the error in the log.")
        clerk = self.user_id or self.maker_id.clerk_id
        note = html_escape(reason)
        # Safe: a reminder for who keeps the claim.
        told = self.sudo().activity_search([FAILED])
        if told:
            told.note = note
            return
        self.sudo().activity_schedule(
            FAILED,
            date_deadline=self.company_id._get_car_today(),
            user_id=clerk.id,
            note=note,
        )
