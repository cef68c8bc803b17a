from odoo import api, fields, models
from odoo.tools import SQL

# What is logged of which table, with the columns that tell when and by whom
LOGGED = {
    "car_repair_order": [
        ("state", "state_changed_at", "state_changed_by_id"),
        ("waiting_for", "waiting_since", "write_uid"),
    ],
    "car_repair_job": [
        ("state", "state_changed_at", "state_changed_by_id"),
        ("waiting_reason", "write_date", "write_uid"),
    ],
}


class CarStateLog(models.Model):
    """Every change of state, of who acts next and of waiting reason, with its moment.

    Lead, touch and waiting times are computed from it. The database writes it itself,
    in the statement that changes the row: it costs no query, and no way of writing an
    order or a job goes past it. Nobody else writes here.
    """

    _name = "car.state.log"
    _description = "Change of State"
    _order = "changed_at desc, id desc"
    _log_access = False

    order_id = fields.Many2one(
        "car.repair.order", required=True, index=True, readonly=True, ondelete="cascade"
    )
    job_id = fields.Many2one(
        "car.repair.job", index="btree_not_null", readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    aspect = fields.Selection(
        [
            ("state", "State"),
            ("waiting_for", "Who Acts Next"),
            ("waiting_reason", "Waiting Reason"),
        ],
        "What Changed",
        required=True,
        readonly=True,
    )
    old_value = fields.Char("Code Before", readonly=True)
    new_value = fields.Char("Code", readonly=True)
    old_text = fields.Char("Before", compute="_compute_texts")
    new_text = fields.Char("Now", compute="_compute_texts")
    changed_at = fields.Datetime("At", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True)

    _by_time = models.Index("(changed_at)")

    def init(self):
        """Let the database log what changes, in the statement that changes it."""
        for table, aspects in LOGGED.items():
            function = SQL.identifier(f"{table}_log_state")
            self.env.cr.execute(
                SQL(
                    """
                    CREATE OR REPLACE FUNCTION %s() RETURNS trigger AS $body$
                    BEGIN
                        %s
                        RETURN NULL;
                    END
                    $body$ LANGUAGE plpgsql
                    """,
                    function,
                    SQL(" ").join(
                        self._get_log_statement(table, *aspect) for aspect in aspects
                    ),
                )
            )
            self.env.cr.execute(
                SQL(
                    """
                    DROP TRIGGER IF EXISTS car_log_state ON %(table)s;
                    CREATE TRIGGER car_log_state
                    AFTER INSERT OR UPDATE OF %(columns)s ON %(table)s
                    FOR EACH ROW EXECUTE FUNCTION %(function)s()
                    """,
                    table=SQL.identifier(table),
                    columns=SQL(", ").join(
                        SQL.identifier(column) for column, _at, _by in aspects
                    ),
                    function=function,
                )
            )

    # === COMPUTE METHODS === #

    @api.depends("old_value", "new_value", "aspect")
    @api.depends_context("lang")
    def _compute_texts(self):
        labels = {
            (model, name): dict(
                self.env[model]._fields[name]._description_selection(self.env)
            )
            for model, name in (
                ("car.repair.order", "state"),
                ("car.repair.order", "waiting_for"),
                ("car.repair.job", "state"),
            )
        }
        for log in self:
            model = "car.repair.job" if log.job_id else "car.repair.order"
            names = labels.get((model, log.aspect), {})
            log.old_text = names.get(log.old_value, log.old_value)
            log.new_text = names.get(log.new_value, log.new_value)

    # === BUSINESS METHODS === #

    def _get_log_statement(self, table, column, moment, user):
        """Return what logs one column of a changed row.

        An empty value of a new row is not a change.
        """
        is_order = table == "car_repair_order"
        return SQL(
            """
            IF NEW.%(column)s IS DISTINCT FROM OLD.%(column)s THEN
                INSERT INTO car_state_log (
                    order_id, job_id, company_id, aspect,
                    old_value, new_value, changed_at, user_id
                ) VALUES (
                    %(order)s, %(job)s, NEW.company_id, %(aspect)s,
                    OLD.%(column)s, NEW.%(column)s,
                    COALESCE(NEW.%(moment)s, NEW.write_date, now() AT TIME ZONE 'UTC'),
                    COALESCE(NEW.%(user)s, NEW.write_uid)
                );
            END IF;
            """,
            column=SQL.identifier(column),
            aspect=column,
            moment=SQL.identifier(moment),
            user=SQL.identifier(user),
            order=SQL("NEW.id" if is_order else "NEW.order_id"),
            job=SQL("NULL" if is_order else "NEW.id"),
        )

    @api.model
    def _drop_triggers(self):
        """Let the database log no more; for the time the add-on is taken out."""
        for table in LOGGED:
            self.env.cr.execute(
                SQL(
                    "DROP FUNCTION IF EXISTS %s() CASCADE",
                    SQL.identifier(f"{table}_log_state"),
                )
            )
