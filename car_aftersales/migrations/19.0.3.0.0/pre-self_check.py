def migrate(cr, version):
    """Make the column at once: no type asked for a self-check before."""
    cr.execute(
        "ALTER TABLE car_repair_job ADD COLUMN IF NOT EXISTS "
        "requires_self_check boolean DEFAULT false"
    )
    cr.execute("ALTER TABLE car_repair_job ALTER requires_self_check DROP DEFAULT")
