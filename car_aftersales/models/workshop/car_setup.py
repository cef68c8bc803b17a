from odoo import api, fields, models

# Who has to be there before a car can come in and leave again.
DESKS = (
    "advisor",
    "supervisor",
    "technician",
    "workshop_supervisor",
    "inspector",
    "parts_clerk",
    "cashier",
    "gate",
)


class CarSetup(models.TransientModel):
    """What a dealer sets up before the first car comes, and what is there already."""

    _name = "car.setup"
    _description = "First Steps"

    steps_html = fields.Html(
        "Steps", compute="_compute_steps_html", sanitize=False, readonly=True
    )

    # === COMPUTE METHODS === #

    def _compute_steps_html(self):
        steps = self._get_steps()
        for setup in self:
            setup.steps_html = self.env["ir.qweb"]._render(
                "car_aftersales.car_setup_steps", {"steps": steps}
            )

    # === BUSINESS METHODS === #

    @api.model
    def _get_steps(self):
        """Return the steps in the order in which they are taken.

        Extend to add one: title, what for, whether it is done, the action that does it.
        """
        company = self.env.company
        empty = self._get_empty_desks()
        return [
            self._make_step(
                self.env._("Books"),
                self.env._("Bills need a chart of accounts and a sales journal."),
                self._has("account.journal", [("type", "=", "sale")]),
                "account.action_account_journal_form",
            ),
            self._make_step(
                self.env._("Users and desks"),
                self._spell_empty_desks(empty),
                not empty,
                "base.action_res_users",
            ),
            self._make_step(
                self.env._("Rates and accounts"),
                self.env._(
                    "The hourly rate, what an hour costs, and the accounts for "
                    "internal and goodwill work."
                ),
                company.car_hourly_cost
                and company.car_internal_account_id
                and company.car_goodwill_account_id,
                "car_aftersales.res_config_settings_action",
            ),
            self._make_step(
                self.env._("Teams and technicians"),
                self.env._("Who does the work; their hours make the capacity."),
                self._has("car.workshop.team") and self._has("car.technician"),
                "car_aftersales.car_technician_action",
            ),
            self._make_step(
                self.env._("Labor and fees"),
                self.env._("The operations that are sold, with hours and prices."),
                self._has("product.product", [("car_item_kind", "=", "labor")], False),
                "car_aftersales.product_template_action_labor",
            ),
            self._make_step(
                self.env._("Parts"),
                self.env._(
                    "Mark your products as parts: brand, maker's number, grade. Stock "
                    "and prices stay as they are."
                ),
                self._has("product.product", [("car_item_kind", "=", "part")], False),
                "car_aftersales.product_template_action_part",
            ),
            self._make_step(
                self.env._("Vehicles"),
                self.env._(
                    "Load your list of cars; brands, models and owners are found or "
                    "made. The import screen has a sample file."
                ),
                self._has("car.vehicle", company=False),
                "car_aftersales.car_vehicle_action",
            ),
            self._make_step(
                self.env._("Packages and maintenance plans"),
                self.env._("What belongs together, and when it is due."),
                self._has("car.repair.package", company=False)
                and self._has("car.maintenance.plan", company=False),
                "car_aftersales.car_maintenance_plan_action",
            ),
            self._make_step(
                self.env._("The first car"),
                self.env._("Receive it: search its plate, or make it on the spot."),
                self._has("car.repair.order"),
                "car_aftersales.car_reception_action_desk",
            ),
        ]

    @api.model
    def _make_step(self, title, text, is_done, action):
        return {
            "title": title,
            "text": text,
            "is_done": bool(is_done),
            "url": f"/odoo/action-{action}",
        }

    @api.model
    def _has(self, model, domain=(), company=True):
        """Tell whether there is a record of the company."""
        domain = list(domain)
        if company:
            domain.append(("company_id", "in", [self.env.company.id, False]))
        # Safe: tells the manager only whether there is anything.
        return bool(self.env[model].sudo().search_count(domain, limit=1))

    @api.model
    def _get_empty_desks(self):
        """Return the groups of desks at which nobody sits in this company."""
        groups = self.env["res.groups"].browse(
            self.env.ref(f"car_aftersales.car_aftersales_group_{desk}").id
            for desk in DESKS
        )
        # Safe: tells the manager only which desks are empty.
        people = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", groups.ids),
                    ("company_ids", "in", self.env.company.ids),
                ]
            )
        )
        return groups.sudo() - people.all_group_ids

    @api.model
    def _spell_empty_desks(self, empty):
        if empty:
            return self.env._(
                "Give your users their desks. Nobody sits at: %(desks)s.",
                desks=", ".join(empty.mapped("name")),
            )
        return self.env._(
            "Every desk has somebody. Who works at several desks gets several."
        )
