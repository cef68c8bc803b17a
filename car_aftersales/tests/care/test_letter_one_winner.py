from psycopg2 import OperationalError

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..workshop.two_cursors_common import TwoCursorsCommon


@tagged("post_install", "-at_install")
class TestLetterOneWinner(TwoCursorsCommon):
    """Two workers send what waited at night: each letter goes out once."""

    def _delete_documents(self, env):
        for table, ids in self.rows:
            if table == "car_contact_letter":
                domain = [("model", "=", "car.contact.letter"), ("res_id", "in", ids)]
                env["mail.mail"].search(domain).unlink()

    def _queue(self, env, count):
        env.company.write({"car_quiet_from": 0.0, "car_quiet_to": 0.0})
        partner = self._keep(
            env["res.partner"].create({"name": "Two at once", "email": "t@example.com"})
        )
        letters = self._keep(
            env["car.contact.letter"].create(
                [
                    {
                        "partner_id": partner.id,
                        "channel": "mail",
                        "subject": f"Letter {number}",
                        "body": "<p>Text</p>",
                    }
                    for number in range(count)
                ]
            )
        )
        letters.write({"state": "queued"})
        return letters

    @mute_logger("odoo.sql_db")
    def test_two_workers_send_each_letter_once(self):
        with self._transaction() as env:
            quiet = (env.company.car_quiet_from, env.company.car_quiet_to)
            letters = self._queue(env, 3)
        with self._transaction() as first, self._transaction() as second:
            for env in (first, second):
                env.cr.execute("SELECT count(*) FROM car_contact_letter")
            first["car.contact.letter"]._send_batch()
            first.flush_all()
            # The other one finds them locked and sends nothing.
            second["car.contact.letter"]._send_batch()
            second.flush_all()
            first.cr.commit()
            # On its old snapshot it fails, and the server repeats it.
            with self.assertRaises(OperationalError):
                second.invalidate_all()
                second["car.contact.letter"]._send_batch()
            second.cr.rollback()
            second["car.contact.letter"]._send_batch()
        with self._transaction() as env:
            mails = env["mail.mail"].search(
                [("model", "=", letters._name), ("res_id", "in", letters.ids)]
            )
            self.assertEqual(sorted(mails.mapped("res_id")), sorted(letters.ids))
            states = env["car.contact.letter"].browse(letters.ids).mapped("state")
            self.assertEqual(set(states), {"sent"})
            env.company.write({"car_quiet_from": quiet[0], "car_quiet_to": quiet[1]})
