"""Steps of a visit as the web client takes them, with their queries and seconds."""

import gc
import time
from collections import defaultdict
from contextlib import contextmanager

from odoo import api


class Requests:
    """Takes steps, each for its user, and adds up what they cost.

    Apart, every step is a request: a cursor and a cache of its own, and a commit, which
    writes the tracking messages too. Together, all steps share one transaction, as in a
    test or an import; each is flushed.
    """

    def __init__(self, registry, users, context=None, apart=True):
        self.registry = registry
        self.users = users
        self.context = context or {}
        self.apart = apart
        self.cursor = None
        self.seconds = 0.0
        self.queries = 0
        self.steps = defaultdict(int)

    @contextmanager
    def visit(self):
        """Measure a visit from here to the end of the block."""
        self.seconds, self.queries = 0.0, 0
        gc.collect()
        gc.disable()
        try:
            if self.apart:
                yield self
                return
            with self.registry.cursor() as self.cursor:
                yield self
                with self._measured(self.cursor, "commit"):
                    self.cursor.commit()
        finally:
            gc.enable()

    @contextmanager
    def step(self, name, user):
        """Yield the environment in which a user takes a step."""
        if not self.apart:
            with self._measured(self.cursor, name):
                env = self._get_env(self.cursor, user)
                yield env
                env.cr.flush()
            return
        with self.registry.cursor() as cursor, self._measured(cursor, name):
            yield self._get_env(cursor, user)
            cursor.commit()

    @contextmanager
    def look(self):
        """Yield a cursor that sees what was done, without counting."""
        if self.apart:
            with self.registry.cursor() as cursor:
                yield cursor
        else:
            yield self.cursor  # flushed after each step

    def _get_env(self, cursor, user):
        uid = self.users[user]
        return api.Environment(cursor, uid, {**self.context, "uid": uid})

    @contextmanager
    def _measured(self, cursor, name):
        queries, start = cursor.sql_log_count, time.perf_counter()
        yield
        self.seconds += time.perf_counter() - start
        done = cursor.sql_log_count - queries
        self.queries += done
        self.steps[name] += done
