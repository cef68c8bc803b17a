from .care_common import CarCareCommon

NIGHT = "2026-03-02 13:00:00"  # nine in the evening in Shanghai


class CarLetterCommon(CarCareCommon):
    """A customer who can be written to, and the texts the dealer begins with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"email": "wang@example.com", "lang": "en_US"})
        cls.company.partner_id.lang = "en_US"
        cls.service_template = cls._template("service")
        cls.campaign_template = cls._template("campaign")
        cls.reply_template = cls._template("reply")
        cls.letters = cls.env["car.contact.letter"].with_user(cls.clerk)

    # === BUILDERS === #

    @classmethod
    def _template(cls, name):
        return cls.env.ref(f"car_aftersales.car_contact_letter_template_{name}")

    def _write_letter(self, user=None, **values):
        """Let the clerk write the notice of a due service."""
        return self.letters.with_user(user or self.clerk).create(
            {
                "partner_id": self.customer.id,
                "vehicle_id": self.vehicle.id,
                "template_id": self.service_template.id,
                **values,
            }
        )

    def _refuse(self, partner=None, **values):
        """Let a customer refuse to be contacted."""
        return (
            (partner or self.customer)
            .with_user(self.clerk)
            ._record_car_answer(False, "call", **values)
        )

    def _get_mails(self, letter):
        return self.env["mail.mail"].search(
            [("model", "=", letter._name), ("res_id", "=", letter.id)]
        )

    def _send_queued(self):
        """Let the job send what waited."""
        self._run_job("car_contact_letter_cron_send")

    def _log_call(self, user=None, **values):
        """Write down a call that was held."""
        call = (
            self.env["car.contact.call"]
            .with_user(user or self.clerk)
            .create(
                {
                    "partner_id": self.customer.id,
                    "vehicle_id": self.vehicle.id,
                    "summary": "Told about the free inspection week",
                    **values,
                }
            )
        )
        call.action_reached()
        return call
