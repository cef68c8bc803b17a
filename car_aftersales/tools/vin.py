"""Vehicle identification numbers after ISO 3779, without Odoo."""

import re
import unicodedata

LENGTH = 17
FORBIDDEN = "IOQ"
# Transliteration and weights of 49 CFR 565 and GB 16735.
VALUES = {str(digit): digit for digit in range(10)} | dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)))
)
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
CHECK_POSITION = 8  # the ninth character


def normalize_vin(vin):
    """Return the number in capitals without spaces, dashes or dots."""
    text = unicodedata.normalize("NFKC", vin or "").upper()
    return re.sub(r"[\W_]+", "", text)


def find_vin_error(vin):
    """Return what makes a normalized number impossible, or None.

    :return: ``length``, ``letters`` (I, O, Q or a sign that is neither a letter nor a
        digit) or ``same`` (one sign repeated, which passes every check digit).
    """
    if len(vin) != LENGTH:
        return "length"
    if any(sign not in VALUES for sign in vin):
        return "letters"
    if len(set(vin)) == 1:
        return "same"
    return None


def compute_check_digit(vin):
    """Return the check digit that belongs to a well-formed number."""
    total = sum(VALUES[sign] * weight for sign, weight in zip(vin, WEIGHTS))
    return "0123456789X"[total % 11]


def has_check_digit(vin):
    """Tell whether the ninth character is the check digit.

    It is compulsory in China and North America only; a genuine European number may
    fail, and one wrong number in eleven passes.
    """
    return find_vin_error(vin) is None and (
        vin[CHECK_POSITION] == compute_check_digit(vin)
    )
