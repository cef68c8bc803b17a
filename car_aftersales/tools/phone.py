"""Phone numbers: one spelling for comparison, without Odoo and without its library."""

import re


def normalize_phone(phone, country_code=None):
    """Return the digits within the country, without prefixes, or an empty text.

    :param country_code: the calling code of the country at home, such as 86.
    """
    text = re.sub(r"[^\d+]", "", phone or "")
    digits = re.sub(r"\D", "", text)
    for prefix in ("+", "00"):
        home = f"{prefix}{country_code}"
        if country_code and text.startswith(home):
            digits = re.sub(r"\D", "", text[len(home) :])
    return digits.lstrip("0")


def spell_phone(national, country_code=None):
    """Return the ways in which a normalized phone may be stored without spaces."""
    spellings = [national, f"0{national}", f"+{national}", f"00{national}"]
    if country_code:
        spellings += [f"+{country_code}{national}", f"00{country_code}{national}"]
    return spellings
