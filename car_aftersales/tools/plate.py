"""License plates: one spelling for search and comparison, without Odoo."""

import re
import unicodedata

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# GA 36: province, issuing letter, then five signs or, for new energy, six.
CHINESE_PLATE = re.compile(
    rf"[{PROVINCES}][A-HJ-Z]"
    r"([A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]"
    r"|(?P<small>[A-HJK][A-HJ-NP-Z0-9][0-9]{4})|(?P<large>[0-9]{5}[A-HJK]))"
)
COLOR_BY_LAST_SIGN = {
    "学": "yellow",
    "挂": "yellow",
    "警": "white",
    "港": "black",
    "澳": "black",
}


def normalize_plate(plate):
    """Return the plate in capitals without spaces, dashes or dots, or an empty text."""
    text = unicodedata.normalize("NFKC", plate or "").upper()
    return re.sub(r"[\W_]+", "", text)


def is_chinese_plate(plate):
    """Tell whether the plate has the form of GA 36."""
    return bool(CHINESE_PLATE.fullmatch(normalize_plate(plate)))


def tidy_plate(plate):
    """Return the plate as it is shown: Chinese plates compact, others in capitals."""
    if is_chinese_plate(plate):
        return normalize_plate(plate)
    return " ".join(unicodedata.normalize("NFKC", plate or "").upper().split())


def guess_plate_color(plate):
    """Return the usual color of a Chinese plate, or None for other plates."""
    key = normalize_plate(plate)
    match = CHINESE_PLATE.fullmatch(key)
    if not match:
        return None
    if match["small"]:
        return "green"
    if match["large"]:
        return "yellow_green"
    return COLOR_BY_LAST_SIGN.get(key[-1], "blue")
