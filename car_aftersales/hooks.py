def _post_init_hook(env):
    """Give every existing warehouse its operation type, every company its numbers."""
    env["res.company"].with_context(active_test=False).search(
        []
    )._create_car_sequences()
    env["stock.warehouse"].with_context(
        active_test=False
    )._create_missing_workshop_types()


def _uninstall_hook(env):
    """Cancel open workshop transfers and archive their operation types.

    Done transfers stay: they are the history of the stock. Installing again finds the
    archived operation types and uses them.
    """
    env["stock.warehouse"].with_context(active_test=False)._retire_workshop_types()
