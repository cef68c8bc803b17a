from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .car_recall_campaign import WAITING


class CarRecallCampaign(models.Model):
    """One list of a maker for several companies of a group.

    A campaign belongs to a company, with its own payer and work package; the others
    take over its list. What one of them has done, the others do not do again.
    """

    _inherit = "car.recall.campaign"

    shared_from_id = fields.Many2one(
        "car.recall.campaign",
        "Taken Over From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The campaign of another company of the group whose list it took over.",
    )
    group_text = fields.Char(
        "Also In",
        compute="_compute_group_text",
        help="Other companies of the group that have taken over the list.",
    )
    can_share = fields.Boolean(compute="_compute_can_share")

    # === COMPUTE METHODS === #

    @api.depends("shared_from_id", "company_id")
    def _compute_group_text(self):
        """Name the other companies, for any number of campaigns in one query."""
        group = self._get_group()
        for campaign in self:
            others = group.filtered(
                lambda one, c=campaign: one != c._origin and one._root() == c._root()
            )
            campaign.group_text = ", ".join(others.company_id.mapped("name")) or False

    @api.depends_context("uid")
    def _compute_can_share(self):
        several = len(self.env.user.company_ids) > 1
        for campaign in self:
            campaign.can_share = several and campaign.state != "closed"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {
                    name: value
                    for name, value in vals.items()
                    if name != "shared_from_id"
                }
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = {name: vals[name] for name in vals if name != "shared_from_id"}
        return super().write(vals)

    # === ACTION METHODS === #

    def action_share(self):
        """Open the dialog that gives the list to other companies of the user."""
        self.ensure_one()
        self._require_keeper()
        share = self.env["car.recall.share"].create({"campaign_id": self.id})
        share._fill()
        return {
            "name": self.env._("Recall for Other Companies"),
            "type": "ir.actions.act_window",
            "res_model": "car.recall.share",
            "res_id": share.id,
            "view_mode": "form",
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _root(self):
        """Return the campaign whose list the others took over."""
        # Safe: which one it is; nothing of it is shown.
        return self.sudo().shared_from_id or self.sudo()._origin

    def _get_group(self):
        """Return the campaigns of the same list, those of other companies too."""
        roots = self.sudo().shared_from_id | self.sudo().filtered("id")._origin
        # Safe: read for their company and what is done; no customer is shown.
        return self.sudo().search(
            fields.Domain("id", "in", roots.ids)
            | fields.Domain("shared_from_id", "in", roots.ids)
        )

    def _after_open(self):
        result = super()._after_open()
        self._take_over_done()
        return result

    def _share_with(self, companies):
        """Let other companies have the campaign and its list; again adds new cars.

        Those that have none get a draft: they look at payer and work package before
        they let it run. A closed one stays as it is.

        :return: (campaigns of these companies, number of cars added)
        """
        self.ensure_one()
        self._require_keeper()
        if self.state == "closed":
            self._raise_missing(self.env._("it is closed"))
        companies -= self.company_id
        # Safe: for which companies the user works.
        if not companies or companies - self.env.user.sudo().company_ids:
            raise UserError(
                self.env._(
                    "%(campaign)s: choose other companies, of those you work for.",
                    campaign=self.display_name,
                )
            )
        self._take_turn()
        theirs = self.with_context(allowed_company_ids=companies.ids)
        found = theirs.search(
            fields.Domain("company_id", "in", companies.ids)
            & (
                fields.Domain("shared_from_id", "=", self._root().id)
                | fields.Domain("id", "=", self._root().id)
                | fields.Domain("number", "=", self.number)
            )
        )
        # Two makers may give the same number.
        maker = self.maker_id.partner_id
        found = found.filtered(
            lambda one: (
                one._root() == self._root()
                or not one.maker_id
                or one.maker_id.partner_id == maker
            )
        )
        missing = companies - found.company_id
        made = theirs.create([self._prepare_share_vals(one) for one in missing])
        # Safe: says where the list comes from, of what the keeper shares just now.
        alone = (made | found).sudo().filtered(lambda one: not one.shared_from_id)
        (alone._get_group() - self._root()).shared_from_id = self._root()
        live = (made | found).filtered(lambda one: one.state != "closed")
        count = self.sudo()._copy_list_to(live)  # Safe: as above.
        live._take_over_done()
        for campaign in live.sudo():  # Safe: tells what was just done.
            campaign._message_log(
                body=self.env._("List taken over from %s.", self.company_id.name)
            )
        return made | found, count

    def _prepare_share_vals(self, company):
        """Return values of the campaign in another company. Extend to add fields."""
        self.ensure_one()
        # Safe: the terms of a company in which the user works.
        maker = self.maker_id.sudo().search(
            [
                ("partner_id", "=", self.maker_id.partner_id.id),
                ("company_id", "=", company.id),
            ],
            limit=1,
        )
        payer = self.payer_partner_id
        if payer.company_id and payer.company_id != company:
            payer = payer.browse()
        package = self.package_id
        if package.company_id:
            package = package.browse()
        return {
            "company_id": company.id,
            "maker_id": maker.id,
            "payer_partner_id": payer.id,
            "package_id": package.id,
            "model_ids": [fields.Command.set(self.model_ids.ids)],
            **{
                name: self[name]
                for name in (
                    "number",
                    "name",
                    "kind",
                    "is_mandatory",
                    "may_leave",
                    "date_from",
                    "date_to",
                    "description",
                    "risk",
                    "payer_kind",
                    "year_from",
                    "year_to",
                    "built_from",
                    "built_to",
                    "vin_from",
                    "vin_to",
                )
            },
        }

    def _copy_list_to(self, campaigns):
        """List the cars in other campaigns too, tied to their own files, at once.

        A car that was sold elsewhere may be another company's; one that is scrapped,
        exported or was listed by mistake is nobody's.
        """
        if not campaigns:
            return 0
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO car_recall_vehicle
                       (campaign_id, company_id, kind, vin, vehicle_id, state,
                        linked_on, state_changed_at, state_changed_by_id,
                        create_uid, create_date, write_uid, write_date)
                SELECT DISTINCT ON (c.id, r.id)
                       c.id, c.company_id, c.kind, r.vin, car.id, 'open',
                       CASE WHEN car.id IS NOT NULL THEN %(today)s::date END,
                       %(now)s, %(user)s, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM car_recall_vehicle r
                  JOIN car_recall_campaign c ON c.id IN %(campaigns)s
             LEFT JOIN car_vehicle car
                    ON (car.vin = r.vin OR car.id = r.vehicle_id)
                   AND (car.company_id = c.company_id OR car.company_id IS NULL)
                 WHERE r.campaign_id = %(source)s
                   AND COALESCE(r.gone_reason, 'sold') = 'sold'
                   AND (r.vin IS NOT NULL OR car.id IS NOT NULL)
              ORDER BY c.id, r.id, car.company_id NULLS LAST, car.id
                ON CONFLICT DO NOTHING
             RETURNING id
                """,
                source=self.id,
                campaigns=tuple(campaigns.ids),
                today=self.env.company._get_car_today(),
                now=fields.Datetime.now(),
                user=self.env.uid,
            )
        )
        self.env["car.recall.vehicle"].invalidate_model()
        self.env["car.vehicle"].invalidate_model(["recall_ids"])
        campaigns.invalidate_recordset(["vehicle_ids"])
        return len(rows)

    def _take_over_done(self, rows=None):
        """Call done what another company of the group has done already.

        :param rows: only what these have done; everything of the group by default
        """
        if not self or len(self._get_group()) == 1:
            return
        self.env.flush_all()
        pairs = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (r.id) r.id, d.id
                  FROM car_recall_campaign c
                  JOIN car_recall_vehicle r ON r.campaign_id = c.id
                  JOIN car_recall_campaign other
                    ON COALESCE(other.shared_from_id, other.id)
                       = COALESCE(c.shared_from_id, c.id)
                   AND other.id != c.id
                  JOIN car_recall_vehicle d
                    ON d.campaign_id = other.id AND d.vin = r.vin
                   AND d.state = 'done' AND d.done_in_id IS NULL
                 WHERE c.id IN %(campaigns)s AND c.state = 'open'
                   AND r.state IN %(waiting)s AND %(which)s
              ORDER BY r.id, d.id
                """,
                campaigns=tuple(self.ids),
                waiting=(*WAITING, "refused"),
                which=(
                    SQL("TRUE") if rows is None else SQL("d.id IN %s", tuple(rows.ids))
                ),
            )
        )
        cars = self.env["car.recall.vehicle"].sudo()  # Safe: follows from the work.
        for row_id, done_id in pairs:
            cars.browse(row_id)._take_over(cars.browse(done_id))


class CarRecallVehicle(models.Model):
    """What a company of the group has done counts for the others."""

    _inherit = "car.recall.vehicle"

    done_in_id = fields.Many2one(
        "car.recall.vehicle",
        "Done By the List Of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The same car on the list of another company of the group.",
    )

    # === BUSINESS METHODS === #

    def _take_over(self, done):
        """Call the car done as the other company says; planned work is told only."""
        self.ensure_one()
        who = self.env._("%s of our group", done.company_id.name)
        if self.state == "booked":
            self._message_log(
                body=self.env._("Done meanwhile by %(who)s: look at the job.", who=who)
            )
            return
        self.write(
            {
                "state": "done",
                "done_in_id": done.id,
                "done_source": "elsewhere",
                "done_on": done.done_on,
                "done_km": done.done_km,
                "done_by": who,
            }
        )

    def _after_finish(self):
        result = super()._after_finish()
        own = self.filtered(lambda row: not row.done_in_id)
        if own:
            (own.campaign_id._get_group() - own.campaign_id)._take_over_done(own)
        return result

    def _after_reopen(self):
        """What is wanted again here was not done for the others either."""
        result = super()._after_reopen()
        # Safe: follows from the step just taken.
        self.sudo()._forget("done_in_id")
        told = self.sudo().search([("done_in_id", "in", self.ids)])
        told.filtered(lambda row: row.state == "done").write({"state": "open"})
        return result
