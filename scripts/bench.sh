#!/usr/bin/env bash
# Run bench/bench.py inside `odoo shell` on a database of its own; it writes the
# file named by BENCH_JSON. KEEP=1 leaves the database car_aftersales_bench, and
# the next KEEP=1 run takes it as it is.
set -euo pipefail
. "$(dirname "$0")/common.sh"
[ -f "$ROOT/bench/bench.py" ] || die "There is no bench/bench.py."
"$ROOT/scripts/setup.sh"
"$ROOT/scripts/template.sh"
load_settings
db=car_aftersales_bench
mkdir -p "$STATE/log"
[ -n "${KEEP-}" ] || trap 'db_drop "$db"' EXIT
if [ -z "${KEEP-}" ] || ! db_exists "$db"; then
    say "installing $(addons) on a copy of the template"
    db_drop "$db"
    db_copy "$(template_name)" "$db"
    install_addons "$db" "$STATE/log/bench_install.log"
fi
export BENCH_JSON=${BENCH_JSON:-$STATE/bench.json}
odoo shell -c "$CONF" -d "$db" --no-http --logfile="$STATE/log/bench.log" \
    <"$ROOT/bench/bench.py" || die "The bench failed; Odoo's log is $STATE/log/bench.log"
say "numbers are in $BENCH_JSON"
