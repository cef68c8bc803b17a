#!/usr/bin/env bash
# Prepare, once, the template database: the apps below the add-on, Chinese, no
# demo data, the web client's bundles ready.
set -euo pipefail
. "$(dirname "$0")/common.sh"
load_settings
name=$(template_name)
work=${name}_new
exec 7>"$STATE/template.lock"
flock 7
db_exists "$name" && [ -d "$DATA/filestore/$name" ] && exit 0
say "preparing the template database $name, once (about 4 minutes)"
log=$STATE/template.log
: >"$log"
db_drop "$work"
old=$(cat "$STATE/template" 2>/dev/null || true)
[ -z "$old" ] || db_drop "$old"
db_drop "$name"
createdb "$work"
# As Odoo does in the databases it makes itself: searches by plate and name use it.
psql -d "$work" -qXc 'CREATE EXTENSION IF NOT EXISTS pg_trgm' ||
    die "PostgreSQL lacks the extension pg_trgm (package postgresql-contrib)"
stop() {
    grep -E ' (WARNING|ERROR|CRITICAL) |Error' "$log" | tail -n 10 >&2 || true
    die "The template database could not be made; the log is .odoo/template.log"
}
say "  installing $DEPENDENCIES"
odoo -c "$CONF" -d "$work" -i "$DEPENDENCIES" --load-language "$LANGUAGE" \
    --stop-after-init --no-http >>"$log" 2>&1 </dev/null || stop
say "  making the web client's bundles"
odoo shell -c "$CONF" -d "$work" --no-http >>"$log" 2>&1 <<'PY' || stop
# Debian leaves this file of Odoo out; without it every page logs an error.
env['ir.asset'].create({
    'name': 'Absent from the Debian package',
    'bundle': 'web.assets_backend',
    'directive': 'remove',
    'path': 'mail/static/lib/selfie_segmentation/selfie_segmentation.js',
})
env['ir.qweb']._pregenerate_assets_bundles()
env.cr.commit()
print('BUNDLES READY')
PY
grep -q '^BUNDLES READY' "$log" || stop
psql -d postgres -qXc "ALTER DATABASE \"$work\" RENAME TO \"$name\""
rm -rf "$DATA/filestore/$name"
mv "$DATA/filestore/$work" "$DATA/filestore/$name"
echo "$name" >"$STATE/template"
say "template ready"
