from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    car_vin_is_strict = fields.Boolean(
        "Refuse Wrong VINs",
        default=True,
        help="A vehicle identification number has 17 characters without I, O and Q. "
        "Switch this off in a market with other numbers.",
    )
    car_consent_tolerance = fields.Monetary(
        "Consent Tolerance",
        default=0.0,
        help="How much the customer's amount of a line may exceed what he agreed to, "
        "taxes included, before he has to be asked again.",
    )
    car_requires_promised_time = fields.Boolean(
        "Ask for the Promised Time",
        default=True,
        help="No customer's consent to work is recorded before he was told when his "
        "car will be ready.",
    )
    car_advisor_discount_limit = fields.Float(
        "Discount Limit of Advisors (%)", default=10.0
    )
    car_supervisor_discount_limit = fields.Float(
        "Discount Limit of Supervisors (%)", default=30.0
    )
    car_goodwill_limit = fields.Monetary(
        "Goodwill Limit of Supervisors",
        default=5000.0,
        help="The most a business supervisor may authorize for internal and goodwill "
        "work on one order. Above it the manager decides.",
    )
    car_internal_labor = fields.Selection(
        [("rate", "Parts at cost, labor at the internal rate"), ("none", "Parts only")],
        "Settlement of Internal Work",
        default="rate",
        required=True,
    )
    car_internal_hourly_rate = fields.Monetary("Internal Hourly Rate", default=0.0)

    # workshop
    car_estimate_days = fields.Integer(
        "Estimates Hold (Days)",
        default=7,
        help="Days from its making until the end of which an estimate holds. Zero: for "
        "ever.",
    )
    car_ask_again_days = fields.Integer(
        "Ask Again After (Days)",
        default=30,
        help="Proposed as the day to ask again what a customer has declined. Zero: no "
        "day is proposed.",
    )
    car_fee_credit = fields.Selection(
        [("no", "No"), ("yes", "Yes"), ("days", "Within some days")],
        "Take Fees off the Repair",
        default="no",
        required=True,
        help="The fee for a diagnosis or an estimate is taken off when the repair "
        "follows: on the same order, or on the one that continues it.",
    )
    car_fee_credit_days = fields.Integer(
        "Days to Take Fees Off",
        default=30,
        help="The repair follows so many days after the fee was billed, at the latest.",
    )
    car_symptom_risk_percent = fields.Float(
        "Risk of Work by Symptom (%)",
        default=20.0,
        help="Proposed for jobs that are priced by their symptom.",
    )
    car_hourly_rate = fields.Monetary(
        "Hourly Labor Rate",
        default=0.0,
        help="Sales price of an hour of labor. Zero: the price of the operation.",
    )
    car_hourly_cost = fields.Monetary(
        "Hourly Labor Cost",
        default=0.0,
        groups="car_aftersales.car_aftersales_group_manager,"
        "car_aftersales.car_aftersales_group_workshop_supervisor,base.group_system",
        help="What an hour of work costs where no technician is known, or none of his "
        "own is given.",
    )
    car_pin_tries = fields.Integer(
        "Wrong PINs Before Locking",
        default=5,
        help="After so many wrong tries a technician cannot sign in for a while.",
    )
    car_pin_lock_minutes = fields.Integer("PIN Locked For (Minutes)", default=15)

    # billing
    car_internal_account_id = fields.Many2one(
        "account.account",
        "Cost Account of Internal Work",
        check_company=True,
        help="Bears internal work where its payer names no other account.",
    )
    car_goodwill_account_id = fields.Many2one(
        "account.account",
        "Cost Account of Goodwill",
        check_company=True,
        help="Bears goodwill where its payer names no other account.",
    )
    car_post_invoices = fields.Boolean(
        "Post Repair Invoices at Once",
        default=True,
        help="Switch this off when accounting looks at every repair invoice before it "
        "gets its number.",
    )

    _car_pin_tries_positive = models.Constraint(
        "CHECK (car_pin_tries > 0 AND car_pin_lock_minutes > 0)",
        "At least one PIN may be tried, and a lock lasts at least a minute.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_car_sequences()
        return companies

    # === BUSINESS METHODS === #

    def _get_car_sequences(self):
        """Map each code of our numbers to the values of its sequence.

        To be extended by whoever brings another numbered document.
        """
        return {
            "car.repair.order": {
                "name": "Repair Order",
                "prefix": "RO/%(year)s/",
                "padding": 5,
            },
            "car.exit.pass": {
                "name": "Exit Pass",
                "prefix": "EP/%(year)s/",
                "padding": 5,
            },
        }

    def _create_car_sequences(self):
        """Give every company its own run of numbers; those it has are kept."""
        # Sequences are settings; whoever may create a company may have its numbers.
        sequences = self.env["ir.sequence"].sudo()
        wanted = self._get_car_sequences()
        existing = {
            (company.id, code)
            for company, code in sequences._read_group(
                [("code", "in", list(wanted)), ("company_id", "in", self.ids)],
                ["company_id", "code"],
            )
        }
        sequences.create(
            [
                {**values, "code": code, "company_id": company.id}
                for company in self
                for code, values in wanted.items()
                if (company.id, code) not in existing
            ]
        )

    def _get_first_sites(self):
        """Map each company to its first warehouse; one without any is left out."""
        first = self.env["stock.warehouse"]._read_group(
            [("company_id", "in", self.ids)], ["company_id"], ["id:recordset"]
        )
        return {company: sites.sorted("sequence")[:1] for company, sites in first}
