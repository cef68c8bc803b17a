from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..workshop.car_repair_order import CUSTOMER_DATA
from .car_repair_comeback import COUNTED


class CarWorkshopTeam(models.Model):
    """Where the cost of comebacks goes that a team has caused."""

    _inherit = "car.workshop.team"

    comeback_account_id = fields.Many2one(
        "account.account",
        "Cost Account of Comebacks",
        check_company=True,
        groups=CUSTOMER_DATA,
        help="Bears what comebacks cost that this team has caused. Empty: the account "
        "of internal work.",
    )
    comeback_analytic_id = fields.Many2one(
        "account.analytic.account",
        "Analytic Account of Comebacks",
        check_company=True,
        groups="analytic.group_analytic_accounting",
        help="The cost of comebacks is also shown on it.",
    )
    comeback_ids = fields.One2many("car.repair.comeback", "team_id", "Caused Comebacks")


class CarRepairPayer(models.Model):
    """What the house bears of a comeback goes to the team that caused it."""

    _inherit = "car.repair.payer"

    # === BUSINESS METHODS === #

    def _get_line_cost_account(self, line):
        """Return the team's account; what is booked already stays on its account."""
        if booked := self._get_booked_cost(line):
            return booked.account_id
        team = self._get_cost_team(line)
        return team.comeback_account_id or super()._get_line_cost_account(line)

    def _prepare_settlement_pair(self, line, amount, quantity, share):
        commands = super()._prepare_settlement_pair(line, amount, quantity, share)
        booked = self._get_booked_cost(line)
        analytic = self._get_cost_team(line).comeback_analytic_id
        distribution = {str(analytic.id): 100} if analytic else False
        if booked:
            distribution = booked.analytic_distribution
        if distribution:
            commands[0][2]["analytic_distribution"] = distribution
        return commands

    def _get_cost_team(self, line):
        """Return the team that bears what this payer bears of a line.

        Only what the house bears itself, and where nobody has named another account.
        """
        self.ensure_one()
        teams = self.env["car.workshop.team"].sudo()  # Safe: only its accounts.
        if self.kind != "internal" or self.cost_account_id:
            return teams
        return line.sudo().job_id.comeback_of_id.team_id or teams

    def _get_booked_cost(self, line):
        """Return the newest item that bears cost of the line now, if any does.

        A reversal goes to where the cost was booked, whatever was decided since.
        """
        self.ensure_one()
        items = self.sudo().line_invoice_ids.filtered(
            lambda item: (
                item.car_repair_line_id == line.sudo()
                and item.car_repair_role == "settled_cost"
                and item.parent_state != "cancel"
            )
        )
        currency = self.company_id.sudo().currency_id
        if currency.is_zero(sum(items.mapped("balance"))):
            return items.browse()
        return items.sorted("id")[-1:]


class CarRepairLine(models.Model):
    """A comeback is free of charge: nobody moves it to the customer by hand."""

    _inherit = "car.repair.line"

    # === BUSINESS METHODS === #

    def _get_shares_of(self, parts, payers):
        """Let the house bear what the warranty leaves over on a comeback."""
        shares = super()._get_shares_of(parts, payers)
        comeback = self._get_counted_comeback()
        if not comeback:
            return shares
        house = comeback._get_house_payers()[comeback]
        return [
            (house if payer.kind == "customer" else payer, percent)
            for payer, percent in shares
        ]

    def _get_counted_comeback(self):
        """Return the comeback for which the line is done, while it counts as ours."""
        self.ensure_one()
        return self.job_id.comeback_ids.filtered(lambda each: each.state in COUNTED)

    # === CONSTRAINT METHODS === #

    @api.constrains("payer_id", "share_ids", "job_id")
    def _check_comeback_payer(self):
        for line in self:
            comeback = line._get_counted_comeback()
            if (
                comeback
                and not line.credited_line_id
                and line._get_fraction("customer")
            ):
                raise ValidationError(
                    self.env._(
                        "%(order)s, %(line)s: the job is a comeback and free of charge "
                        "until it is shown that it is not our fault. What the customer "
                        "pays goes into another job.",
                        order=line.order_id.name,
                        line=line.name,
                    )
                )


class CarRepairLineShare(models.Model):
    _inherit = "car.repair.line.share"

    # === CONSTRAINT METHODS === #

    @api.constrains("payer_id", "line_id")
    def _check_comeback_payer(self):
        self.line_id._check_comeback_payer()
