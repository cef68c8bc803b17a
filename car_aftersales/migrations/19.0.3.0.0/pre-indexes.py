def migrate(cr, version):
    """Let the plate of callers be found by any part of it: the index changes its kind.

    It is made anew with the table.
    """
    for table in ("car_appointment", "car_enquiry"):
        cr.execute(f"DROP INDEX IF EXISTS {table}__plate_key_index")
