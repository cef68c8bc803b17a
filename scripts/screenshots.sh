#!/usr/bin/env bash
# Take the pictures of the README and of the module page with a database made for it:
# car_aftersales/static/description/{board,order,payers}{,_zh_CN}.png
#   PORT=   where to serve meanwhile (default: the first free one from 8169 on)
#   KEEP=1  leaves the database
set -euo pipefail
. "$(dirname "$0")/common.sh"
PLAYWRIGHT=1.58.0
"$ROOT/scripts/setup.sh"
"$ROOT/scripts/template.sh"
load_settings
mkdir -p "$STATE/log"
log=$STATE/log/screenshots.log

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        die "Node.js is not on this machine." "Debian: apt-get install nodejs npm"
    say "installing from Debian: nodejs npm"
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        nodejs npm >"$log" 2>&1 </dev/null ||
        die "apt could not install nodejs and npm; the log is $log"
fi
for browser in chromium chromium-browser google-chrome google-chrome-stable none; do
    command -v "$browser" >/dev/null && break
done
[ "$browser" != none ] || die "No browser." "Debian: apt-get install chromium"
if ! grep -qs "\"version\": \"$PLAYWRIGHT\"" "$STATE/node/node_modules/playwright-core/package.json"; then
    say "installing playwright-core $PLAYWRIGHT"
    mkdir -p "$STATE/node"
    npm install --prefix "$STATE/node" --no-audit --no-fund \
        "playwright-core@$PLAYWRIGHT" >"$STATE/log/npm.log" 2>&1 </dev/null ||
        die "npm could not install playwright-core; its log is .odoo/log/npm.log"
fi

port=${PORT:-8169}
while port_taken "$port"; do
    [ -z "${PORT-}" ] || die "Port $port is taken." "Choose another: PORT="
    port=$((port + 1))
done
db=car_aftersales_screenshots_$$
server=
end() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
    if [ -n "${KEEP-}" ]; then
        say "kept: database $db"
    else
        db_drop "$db"
    fi
}
trap end EXIT
trap 'exit 130' INT TERM

say "making a database with demonstration data"
db_copy "$(template_name)" "$db"
install_addons_with_demo "$db" "$log"
for script in visit screenshots; do
    odoo shell -c "$CONF" -d "$db" --no-http --logfile="$log" \
        <"$ROOT/scripts/$script.py" >"$STATE/log/$script.out" 2>&1 || {
        tail -n 3 "$STATE/log/$script.out" >&2
        die "scripts/$script.py failed; what it said is in .odoo/log/$script.out"
    }
done
read -r _ in_workshop billed < <(grep '^ORDERS ' "$STATE/log/screenshots.out")

"$PYTHON" -m odoo -c "$CONF" -d "$db" --db-filter="^$db\$" --http-port="$port" \
    --logfile="$log" </dev/null >/dev/null 2>&1 &
server=$!
until port_taken "$port"; do
    kill -0 "$server" 2>/dev/null || die "The server did not start; the log is $log"
    sleep 0.2
done
say "taking pictures"
BASE_URL=http://localhost:$port DATABASE=$db CHROMIUM=$(command -v "$browser") \
    NODE_PATH=$STATE/node/node_modules \
    node "$ROOT/scripts/screenshots.mjs" "$in_workshop" "$billed"

# A screen has few colors: a palette halves the files.
"$PYTHON" - "$ROOT"/car_aftersales/static/description/{board,order,payers}{,_zh_CN}.png <<'PY'
import sys

from PIL import Image

for name in sys.argv[1:]:
    with Image.open(name) as image:
        small = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(name, optimize=True)
PY
say "the pictures are in car_aftersales/static/description/"
