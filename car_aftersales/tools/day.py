"""Days as people write them in a list, without Odoo."""

import re
from datetime import date

YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")


def read_day(text):
    """Return the day that a text names with its year first, or None.

    A moment of the day behind it, as spreadsheets write it, is left out.
    """
    text = re.sub(r"[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?$", "", (text or "").strip())
    if not (found := YEAR_FIRST.fullmatch(text) or COMPACT.fullmatch(text)):
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
