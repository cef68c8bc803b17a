def migrate(cr, version):
    """Make the columns at once: nothing of it was asked for before.

    Visits under way follow what their order type asks for.
    """
    for table, column, kind in (
        ("car_repair_job", "requires_self_check", "boolean"),
        ("car_repair_order", "quality_links", "varchar"),
        ("car_repair_order", "requires_quality_sheet", "boolean"),
        ("car_repair_order", "is_release_blocking", "boolean"),
    ):
        cr.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} {kind}")
