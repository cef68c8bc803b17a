from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

BATCH = 100


class CarSatisfaction(models.Model):
    """Asking: so many hours after delivery, once, by the ways switched on.

    Who refused surveys is not asked, nobody is asked in quiet hours; a job that was
    down asks what it missed, but not for ever.
    """

    _inherit = "car.satisfaction"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_ask(self):
        """Ask the customers whose cars were delivered long enough ago."""
        companies = self.env["res.company"].search([("id", "!=", False)])
        companies = companies.filtered(
            lambda company: (
                (company.car_rating_mail or company.car_rating_sms)
                and not company._is_car_quiet()
            )
        )
        domain = Domain.OR([self._get_due_domain(company) for company in companies])
        orders_model = self.env["car.repair.order"]
        orders = orders_model.search(domain, limit=BATCH, order="delivered_at, id")
        ratings = self._get_for(orders.try_lock_for_update())
        for company, here in ratings.grouped("company_id").items():
            here._ask(company)
        self.env["ir.cron"]._commit_progress(
            len(ratings), remaining=orders_model.search_count(domain)
        )

    @api.model
    def _get_due_domain(self, company):
        """Return the visits of a company whose customers are to be asked now."""
        now = fields.Datetime.now()
        due = now - timedelta(hours=company.car_rating_hours)
        oldest = due - timedelta(days=company.car_rating_catch_up_days)
        # Answered from the paper, sent a message, or left in peace.
        settled = (
            Domain("state", "=", "answered")
            | Domain("is_sent", "=", True)
            | Domain("skip_reason", "!=", False)
        )
        return Domain(
            [
                ("company_id", "=", company.id),
                ("state", "=", "delivered"),
                ("delivered_at", ">", oldest),
                ("delivered_at", "<=", due),
                ("type_id.asks_rating", "=", True),
                ("car_satisfaction_ids", "not any", settled),
            ]
        )

    def _ask(self, company):
        """Send the question by the first way that reaches the customer."""
        own = self.filtered(lambda each: each.partner_id == company.partner_id)
        own._skip("own")
        rest = self - own
        refusing = rest.browse()
        for channel, is_on in (
            ("mail", company.car_rating_mail),
            ("sms", company.car_rating_sms),
        ):
            if not is_on or not rest:
                continue
            refused = rest.partner_id._get_car_refused("survey", channel)
            no = rest.filtered(lambda each, r=refused: each.partner_id in r)
            refusing |= no
            reached = getattr(rest - no, f"_send_{channel}")()
            reached.write(
                {
                    "state": "asked",
                    "asked_at": fields.Datetime.now(),
                    "asked_by": channel,
                    "is_sent": True,
                }
            )
            rest -= reached
        (rest & refusing)._skip("refused")
        (rest - refusing)._skip("unreachable")

    def _skip(self, reason):
        """Not asked, and why; who has the paper with the code may answer still."""
        self.write({"skip_reason": reason})
        self.filtered(lambda each: not each.asked_at).write({"state": "skipped"})

    def _send_mail(self):
        """Queue the mails; return whom they reach."""
        template = self.env.ref(
            "car_aftersales.mail_template_car_satisfaction_request",
            raise_if_not_found=False,
        )
        reached = self.filtered("partner_id.email") if template else self.browse()
        if reached:
            template.send_mail_batch(reached.ids)
        return reached

    def _send_sms(self):
        """Queue the messages; return whom they reach.

        Not through the chatter: the address in it is the customer's alone.
        """
        template = self.env.ref(
            "car_aftersales.sms_template_car_satisfaction_request",
            raise_if_not_found=False,
        )
        reached = self.filtered("partner_id.phone") if template else self.browse()
        if reached:
            bodies = template._render_field("body", reached.ids, compute_lang=True)
            self.env["sms.sms"].create(
                [
                    {
                        "number": rating.partner_id._phone_format(fname="phone")
                        or rating.phone,
                        "partner_id": rating.partner_id.id,
                        "body": bodies[rating.id],
                    }
                    for rating in reached
                ]
            )
        return reached

    def _show_on_paper(self):
        """The code is printed on the customer's paper: so he is asked."""
        # Safe: what is printed just now.
        self.sudo().filtered(lambda each: each.state == "waiting").write(
            {
                "state": "asked",
                "asked_at": fields.Datetime.now(),
                "asked_by": "paper",
            }
        )


class CarRepairType(models.Model):
    _inherit = "car.repair.type"

    asks_rating = fields.Boolean(
        "Customers Rate the Visit",
        compute="_compute_asks_rating",
        store=True,
        readonly=False,
        precompute=True,
        help="After delivery the customer is asked how he found the visit.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind")
    def _compute_asks_rating(self):
        for repair_type in self:
            repair_type.asks_rating = repair_type.kind not in ("internal", "pdi")


class CarRepairOrder(models.Model):
    _name = "car.repair.order"
    _inherit = ["rating.mixin", "car.repair.order"]

    # Read when it is shown: stored, each new order would ask for its ratings.
    rating_last_value = fields.Float(store=False)
    car_satisfaction_ids = fields.One2many(
        "car.satisfaction", "order_id", "Rating of the Visit"
    )
    car_rating_state = fields.Selection(
        related="car_satisfaction_ids.state", string="Rating State"
    )
    car_rating_score = fields.Integer(
        related="car_satisfaction_ids.score", string="Recommends Us"
    )

    _ask_rating = models.Index("(company_id, delivered_at) WHERE state = 'delivered'")

    # === ACTION METHODS === #

    def action_open_rating(self):
        """Open the rating of this visit."""
        self.ensure_one()
        return self.car_satisfaction_ids._get_records_action()

    def action_record_rating(self):
        """Write down how the customer rates the visit, asked by phone."""
        self.ensure_one()
        if self.state != "delivered":
            self._raise_for_each(self.env._("the car is not delivered"))
        return self.env["car.satisfaction"]._get_for(self).action_record()

    # === BUSINESS METHODS === #

    def _rating_get_operator(self):
        return self.advisor_id.partner_id

    def _rating_get_partner(self):
        return self.contact_id or self.partner_id

    def _get_rating_url(self):
        """Return the address of the rating for the pick-up papers, if they show it."""
        self.ensure_one()
        # Safe: settings, and the address on the customer's own paper.
        order = self.sudo()
        company = order.company_id
        if not company.car_rating_paper or not order.type_id.asks_rating:
            return False
        customer = order.contact_id or order.partner_id
        if customer == company.partner_id or customer._get_car_refused(
            "survey", "letter"
        ):
            return False
        rating = self.env["car.satisfaction"]._get_for(order)
        if not rating._is_open() or rating.state == "skipped":
            return False
        rating._show_on_paper()
        return rating._get_url()
