"""Bring exported terms into <add-on>/i18n: i18n.py EXPORT.pot FOLDER ODOO_ADDONS

The .pot is replaced, zh_CN.po gets the new terms and loses the gone ones; what is
translated stays. Terms of fields that come from Odoo's own mixins (followers,
activities, portal...) take Odoo's own Chinese.
"""

import re
import sys
from pathlib import Path

import polib

LANGUAGE = "zh_CN"
MIXIN_MODULES = ("base", "mail", "portal", "rating", "resource", "product", "account")
FIELD = re.compile(r"model:ir\.model\.fields,(\w+):\w+\.field_\w+?__(\w+)")


def field_names(entry):
    """What of which fields the term is: {("field_description", "create_uid")}."""
    found = {FIELD.match(occurrence[0]) for occurrence in entry.occurrences}
    if None in found:
        return set()
    return {match.groups() for match in found}


def odoo_terms(folder):
    """Odoo's translations of field terms, by term, kind and field name."""
    terms = {}
    for module in MIXIN_MODULES:
        path = folder / module / "i18n" / f"{LANGUAGE}.po"
        if path.exists():
            for entry in polib.pofile(path):
                for key in field_names(entry) if entry.translated() else ():
                    terms.setdefault((entry.msgid, *key), entry.msgstr)
    return terms


def same_terms(old, new):
    """Do two catalogues differ in more than their dates?"""
    return [(e.msgid, e.msgstr, e.occurrences, e.comment) for e in old] == [
        (e.msgid, e.msgstr, e.occurrences, e.comment) for e in new
    ]


def save(catalogue, path):
    if not path.exists() or not same_terms(polib.pofile(path), catalogue):
        catalogue.save(path)
        print(f"   written: {path.parent.parent.name}/i18n/{path.name}")


def main(export, folder, addons):
    pot = polib.pofile(export)
    save(pot, folder / f"{folder.parent.name}.pot")
    path = folder / f"{LANGUAGE}.po"
    known = {}
    if path.exists():
        known = {
            (entry.msgctxt, entry.msgid): entry
            for entry in polib.pofile(path)
            if entry.msgstr and not entry.obsolete and not entry.fuzzy
        }
    gone = set(known) - {(entry.msgctxt, entry.msgid) for entry in pot}
    ours = None
    missing = []
    for entry in pot:
        if old := known.get((entry.msgctxt, entry.msgid)):
            entry.msgstr = old.msgstr
            continue
        if ours is None:
            ours = odoo_terms(addons)
        for key in field_names(entry):
            if found := ours.get((entry.msgid, *key)):
                entry.msgstr = found
                break
        else:
            missing.append(entry)
    pot.metadata.update({"Language": LANGUAGE, "Plural-Forms": "nplurals=1; plural=0;"})
    save(pot, path)
    for _context, msgid in sorted(gone, key=lambda key: key[1]):
        print(f"   gone: {msgid!r}")
    print(f"== {folder.parent.name}: {len(pot)} terms, {LANGUAGE} lacks {len(missing)}")
    for entry in missing:
        place = entry.occurrences[0][0] if entry.occurrences else ""
        print(f"   {entry.msgid!r}  ({place})")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]).resolve(), Path(sys.argv[3])))
