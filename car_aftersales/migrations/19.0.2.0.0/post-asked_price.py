def migrate(cr, version):
    """Take the price of earlier invoice lines as the one their order asked for."""
    cr.execute(
        "UPDATE account_move_line "
        "SET car_repair_price = price_unit * (1 - COALESCE(discount, 0) / 100) "
        "WHERE car_repair_line_id IS NOT NULL AND display_type = 'product'"
    )
