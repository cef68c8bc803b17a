#!/usr/bin/env bash
# Write the .pot of each add-on anew, merge it into its zh_CN.po, and tell what
# is not translated. Ends with 1 if something is not.
set -euo pipefail
. "$(dirname "$0")/common.sh"
"$ROOT/scripts/setup.sh"
"$ROOT/scripts/template.sh"
load_settings
db=car_aftersales_i18n_$$
trap 'db_drop "$db"; rm -rf "$STATE/i18n_$$"' EXIT
mkdir -p "$STATE/i18n_$$"
say "installing $(addons) on a copy of the template"
db_copy "$(template_name)" "$db"
install_addons "$db"
status=0
for name in $(addons | tr , ' '); do
    odoo i18n export -c "$CONF" -d "$db" -l pot -o "$STATE/i18n_$$/$name.pot" -- "$name" \
        >"$STATE/i18n_$$/log" 2>&1 </dev/null || true
    [ -s "$STATE/i18n_$$/$name.pot" ] || {
        tail -n 3 "$STATE/i18n_$$/log" >&2
        die "The terms of $name could not be exported."
    }
    mkdir -p "$ROOT/$name/i18n"
    "$PYTHON" "$ROOT/scripts/i18n.py" "$STATE/i18n_$$/$name.pot" "$ROOT/$name/i18n" \
        "$ODOO_HOME/odoo/addons" || status=1
done
exit $status
