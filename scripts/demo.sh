#!/usr/bin/env bash
# A database with demonstration data, one visit played through it, and a server.
#   PORT=8069   where to serve        SERVE=0   end after the visit
#   HOST=127.0.0.1   the address to listen on
set -euo pipefail
. "$(dirname "$0")/common.sh"
port=${PORT:-8069}
host=${HOST:-127.0.0.1}
db=car_aftersales_demo
[[ $port =~ ^[0-9]+$ ]] || die "PORT=$port is not a number."
if [ "${SERVE-}" != 0 ] && port_taken "$port"; then
    die "Port $port is taken." "Choose another: make demo PORT=$((port + 1))"
fi
"$ROOT/scripts/setup.sh"
"$ROOT/scripts/template.sh"
load_settings
mkdir -p "$STATE/log"

# Changes with every file of the add-ons that a database may have a copy of.
content() {
    local name
    cd "$ROOT"
    for name in $(addons | tr , ' '); do
        find "$name" -type f ! -path '*/tests/*' ! -name '*.pyc' -print0
    done | LC_ALL=C sort -z | xargs -0r sha256sum | sha256sum | cut -c1-16
}
exec 9>"$STATE/demo.lock"
flock -n 9 || die "Another \`make demo\` runs in this clone."
content=$(content)
if ! db_exists "$db"; then
    say "making the database $db with demonstration data"
    db_drop "${db}_new"
    db_copy "$(template_name)" "${db}_new"
    install_addons_with_demo "${db}_new" "$STATE/log/demo_install.log"
    make_bundles "${db}_new" "$STATE/log/demo_install.log" || true
    rm -rf "$DATA/filestore/$db"
    mv "$DATA/filestore/${db}_new" "$DATA/filestore/$db"
    psql -d postgres -qXc "ALTER DATABASE ${db}_new RENAME TO $db"
    echo "$content" >"$STATE/demo.content"
elif [ "$(cat "$STATE/demo.content" 2>/dev/null)" != "$content" ]; then
    say "the add-on changed: upgrading the database $db"
    odoo_clean "$STATE/log/demo_upgrade.log" "The upgrade (\`make clean-demo\` starts anew)" \
        -c "$CONF" -d "$db" -u "$(addons)" --stop-after-init --no-http
    echo "$content" >"$STATE/demo.content"
else
    say "the database $db is there already (make clean-demo forgets it)"
fi

if [ -f "$ROOT/scripts/visit.py" ]; then
    say "one visit from booking to payment"
    status=0
    odoo shell -c "$CONF" -d "$db" --no-http --logfile="$STATE/log/visit.log" \
        <"$ROOT/scripts/visit.py" 2>"$STATE/log/visit.err" 9>&- || status=$?
    if [ $status != 0 ]; then
        grep -vE '^( |Traceback)' "$STATE/log/visit.err" | tail -n 5 >&2 || true
        die "The visit did not come out as its ledger says ($status)." \
            "More in $STATE/log/visit.err and $STATE/log/visit.log"
    fi
fi
[ "${SERVE-}" != 0 ] || exit 0

port_taken "$port" && die "Port $port is taken." "Choose another: make demo PORT=$((port + 1))"
logins=$(DEMO_URL="http://localhost:$port" odoo shell -c "$CONF" -d "$db" --no-http \
    --logfile="$STATE/log/logins.log" <"$ROOT/scripts/logins.py" 2>/dev/null 9>&-) || logins=
: >"$STATE/log/demo.log"
"$PYTHON" -m odoo -c "$CONF" -d "$db" --db-filter="^$db\$" --http-interface="$host" \
    --http-port="$port" --max-cron-threads=1 --logfile="$STATE/log/demo.log" \
    </dev/null 2>>"$STATE/log/demo.log" 9>&- &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; exit 0' INT TERM
for ((i = 0; i < 600; i++)); do
    kill -0 $server 2>/dev/null || {
        grep -E 'ERROR|CRITICAL|Error|in use' "$STATE/log/demo.log" | tail -n 3 >&2 || true
        die "The server did not start on port $port; its log is $STATE/log/demo.log" \
            "Another port: make demo PORT=$((port + 1))"
    }
    port_taken "$port" && break
    sleep 0.2
done
cat <<EOF

$logins

Serving on http://localhost:$port  (Ctrl-C ends; log: .odoo/log/demo.log)
EOF
wait $server
