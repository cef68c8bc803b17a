def migrate(cr, version):
    """Keep what was said on warranty so far; from now on the facts are kept."""
    cr.execute(
        """
        SELECT column_name FROM information_schema.columns
         WHERE table_name = 'car_repair_line'
           AND column_name IN ('coverage_text', 'coverage_note')
        """
    )
    if {name for (name,) in cr.fetchall()} == {"coverage_text"}:
        cr.execute(
            "ALTER TABLE car_repair_line RENAME COLUMN coverage_text TO coverage_note"
        )
