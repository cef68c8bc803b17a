from odoo import fields, models


class CarRepairOrder(models.Model):
    """What is missing at pick-up, and giving back one by one what came with the car."""

    _inherit = "car.repair.order"

    # === ACTION METHODS === #

    def action_missing(self, key):
        """Do what an entry of the list of missing things asks for."""
        self.ensure_one()
        steps = {
            "told": self.action_tell_ready,
            "papers": self.action_pickup_papers,
            "explained": self.action_explain,
            "sign_acceptance": self.action_sign_acceptance,
            "remark": self.action_remark,
            "return_key": self.action_give_key_back,
            "key_holder": self.action_put_key_back,
        }
        if key in steps:
            return steps[key]()
        if key == "release_finish":
            return self.release_id.action_finish()
        if key.startswith("release_"):
            return self.action_release_check()
        for prefix, things in (
            ("return_belonging_", self.intake_id.belonging_ids),
            ("return_document_", self.intake_id.document_ids),
        ):
            if key.startswith(prefix):
                number = key.removeprefix(prefix)
                return things.filtered(
                    lambda each, n=number: str(each.id) == n
                ).action_give_back()
        return super().action_missing(key)

    # === BUSINESS METHODS === #

    def _get_release_missing(self):
        """Return what is missing before the car is given back. Extend for more parts.

        :return: list of dicts: ``key``, ``text`` and ``page``, as at intake.
        """
        self.ensure_one()
        return [
            *self._get_missing_comparison(),
            *self._get_missing_notice(),
            *self._get_missing_acceptance(),
            *self._get_missing_returns(),
        ]

    def _get_missing_comparison(self):
        if not self.type_id.requires_release_check:
            return []
        release = self.release_id
        if not release:
            text = self.env._("Comparison with the intake to begin")
            return [self._missing("release_start", text)]
        if missing := release._get_comparison_missing():
            return missing
        if release.state != "done":
            text = self.env._("Close the comparison with the intake")
            return [self._missing("release_finish", text)]
        return []

    def _get_missing_notice(self):
        order_type = self.type_id
        missing = []
        if order_type.requires_ready_notice and not self.ready_told_at:
            text = self.env._("Tell the customer that his car is ready")
            missing.append(self._missing("told", text))
        if order_type.requires_pickup_papers and not self.papers_prepared_at:
            text = self.env._("Pick-up papers to print")
            missing.append(self._missing("papers", text))
        if order_type.requires_explanation and not self.explained_at:
            text = self.env._("Work, parts and charges explained to the customer")
            missing.append(self._missing("explained", text))
        return missing

    def _get_missing_acceptance(self):
        order_type = self.type_id
        missing = []
        if order_type.requires_acceptance_signature:
            release = self.release_id
            if not release or not release._get_signature("acceptance"):
                text = self.env._("Customer's signature: finished car accepted")
                missing.append(self._missing("sign_acceptance", text))
        if order_type.requires_feedback and not self.remark_ids:
            text = self.env._("What the customer says about the visit")
            missing.append(self._missing("remark", text))
        return missing

    def _get_missing_returns(self):
        """Return what came with the car and was not given back yet."""
        if not self.type_id.requires_return_check:
            return []
        missing = []
        if self._has_key() and self.key_holder:
            text = self.env._(
                "Key: with %(name)s; it is not back in its slot", name=self.key_holder
            )
            missing.append(self._missing("key_holder", text))
        elif self._has_key():
            text = self.env._(
                "Key in slot %(slot)s: give it back", slot=self.key_slot_id.name
            )
            missing.append(self._missing("return_key", text))
        for document in self._get_documents_kept():
            text = self.env._("%(thing)s: give it back", thing=document.display_name)
            missing.append(self._missing(f"return_document_{document.id}", text))
        for article in self._get_articles_kept():
            text = self.env._(
                "%(thing)s × %(quantity)s: give back",
                thing=article.name,
                quantity=article.quantity,
            )
            missing.append(self._missing(f"return_belonging_{article.id}", text))
        return missing

    def _get_documents_kept(self):
        kept = self.intake_id.document_ids.filtered(
            lambda each: each.reception == "received" and not each.returned_at
        )
        return kept - self._get_lost(self.release_id.document_ids)

    def _get_articles_kept(self):
        kept = self.intake_id.belonging_ids.filtered(lambda each: not each.returned_at)
        return kept - self._get_lost(self.release_id.belonging_ids)

    def _get_lost(self, compared):
        """Return what cannot be given back, as was explained to the customer."""
        return compared.filtered(
            lambda part: part.presence == "missing" and part.explanation
        ).origin_id

    def _give_back(self, thing, what):
        """Record that one thing went back to the customer.

        :raise UserError: where it is not the order's, or was not taken in.
        """
        self.ensure_one()
        self._require_group("advisor")
        self._refuse(
            lambda order: order.state in ("delivered", "cancelled"),
            self.env._("it is closed; nothing is kept for it"),
        )
        kept = (
            self._get_documents_kept()
            if what == "documents"
            else self._get_articles_kept()
        )
        if thing not in kept:
            self._raise_for_each(
                self.env._("%(thing)s is not kept here", thing=thing.display_name)
            )
        self._log_custody(
            what,
            "give_back",
            place_name=what == "belongings" and self.storage_box_id.display_name,
            giver_name=self.env.user.name,
            receiver_name=(self.sender_id or self.partner_id).name,
            note=thing.display_name,
        )
        # Safe: the moment of the step just taken.
        thing.sudo().returned_at = fields.Datetime.now()
        if what == "belongings" and self._has_box() and not self._get_articles_kept():
            self.sudo().box_returned_at = fields.Datetime.now()
