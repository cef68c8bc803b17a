"""What strangers in the lounge may read of a plate and of a name."""

import unicodedata


def mask_plate(plate):
    """Return a plate by which its owner knows it and nobody else: 京A·**345."""
    text = "".join(sign for sign in plate or "" if sign.isalnum())
    if len(text) < 5:
        return f"**{text[-3:]}" if len(text) > 2 else text and "**"
    if len(text) < 7:
        return f"**{text[-3:]}"
    return f"{text[:2]}·{'*' * (len(text) - 5)}{text[-3:]}"


def get_first_name(name):
    """Return how somebody is called up: the family name of 王小明, the John of others.

    Of a name in Chinese, Japanese or Korean script only the first sign is told.
    """
    words = (name or "").split()
    if not words:
        return ""
    first = words[0]
    if unicodedata.name(first[0], "").startswith(("CJK", "HIRAGANA", "KATA", "HANGUL")):
        return f"{first[0]}**"
    return first
