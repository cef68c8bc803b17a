from odoo.tools import SQL

# Records of other apps that documents go on to name when we are gone.
KEPT_MODELS = (
    "account.account",
    "account.journal",
    "account.tax",
    "account.tax.group",
    "product.category",
    "product.pricelist",
    "product.product",
    "product.supplierinfo",
    "product.template",
    "res.partner",
    "res.users",
    "resource.resource",
)


def _post_init_hook(env):
    """Give every existing warehouse its operation type, every company its numbers."""
    env["res.company"].with_context(active_test=False).search(
        [("id", "!=", False)]
    )._create_car_sequences()
    env["stock.warehouse"].with_context(
        active_test=False
    )._create_missing_workshop_types()


def _uninstall_hook(env):
    """Cancel open workshop transfers and archive their operation types.

    Done transfers and invoices stay: they are the history of stock and books.
    Installing again finds the archived operation types and uses them.
    """
    env["stock.warehouse"].with_context(active_test=False)._retire_workshop_types()
    _keep_used_records(env)
    env["car.state.log"]._drop_triggers()
    _drop_links(env)


def _keep_used_records(env):
    """Let products and people stay that invoices and transfers name.

    Our fee products are archived; installing again brings new ones.
    """
    names = env["ir.model.data"].search(
        [("module", "=", "car_aftersales"), ("model", "in", KEPT_MODELS)]
    )
    products = env["product.product"].browse(
        names.filtered(lambda name: name.model == "product.product").mapped("res_id")
    )
    products.exists().action_archive()
    names.unlink()


def _drop_links(env):
    """Drop the foreign keys on our tables, which are about to go with their rows.

    Odoo deletes master data first; orders that still name it would stop that.
    """
    tables = {
        model._table
        for model in env.values()
        if model._auto and model._original_module == "car_aftersales"
    }
    env.flush_all()
    keys = env.execute_query(
        SQL(
            """
            SELECT source.relname, link.conname
              FROM pg_constraint link
              JOIN pg_class source ON source.oid = link.conrelid
              JOIN pg_class target ON target.oid = link.confrelid
             WHERE link.contype = 'f' AND target.relname IN %s
            """,
            tuple(tables),
        )
    )
    for table, key in keys:
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(key),
            )
        )
