#!/usr/bin/env bash
# Pictures of the demonstration: scripts/screenshots.mjs gets BASE_URL, CHROMIUM
# and NODE_PATH, and a server that answers.
set -euo pipefail
. "$(dirname "$0")/common.sh"
[ -f "$ROOT/scripts/screenshots.mjs" ] || die "There is no scripts/screenshots.mjs."
command -v npm >/dev/null || die "Node.js is not on this machine." \
    "Debian: apt-get install nodejs npm"
SERVE=0 "$ROOT/scripts/demo.sh"
load_settings
if [ ! -d "$STATE/node/node_modules/playwright-core" ]; then
    say "installing playwright-core"
    npm install --prefix "$STATE/node" --no-audit --no-fund playwright-core \
        >"$STATE/log/npm.log" 2>&1 </dev/null ||
        die "npm could not install playwright-core; its log is .odoo/log/npm.log"
fi
port=${PORT:-8169}
port_taken "$port" && die "Port $port is taken." "Choose another: PORT="
db=car_aftersales_demo
"$PYTHON" -m odoo -c "$CONF" -d "$db" --db-filter="^$db\$" --http-port="$port" \
    --logfile="$STATE/log/screenshots.log" </dev/null 2>/dev/null &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true' EXIT
until port_taken "$port"; do
    kill -0 $server 2>/dev/null || die "The server did not start; see .odoo/log/screenshots.log"
    sleep 0.2
done
cd "$ROOT"
ln -sfn .odoo/node/node_modules node_modules
BASE_URL=http://localhost:$port CHROMIUM=$(command -v chromium || command -v google-chrome) \
    node scripts/screenshots.mjs
