#!/usr/bin/env bash
# Tests on a fresh copy of the template database:
#   scripts/test.sh             all of it, with coverage, upgrade and uninstall
#   scripts/test.sh WHAT        a path, a path::Class::test, or words for pytest -k
# JOBS=2 plays so many tests at once, each on a copy of the database: by default one
# per processor, and one when only a part is tested. KEEP=1 leaves the database.
# PYTEST_ADDOPTS= goes to pytest.
set -euo pipefail
. "$(dirname "$0")/common.sh"
started=$SECONDS
what=${1-}
list=$(addons)
[ -n "$list" ] || die "There is no add-on in the repository."
"$ROOT/scripts/setup.sh"
"$ROOT/scripts/template.sh"
load_settings
for browser in google-chrome chromium chromium-browser google-chrome-stable none; do
    command -v "$browser" >/dev/null && break
done
[ "$browser" != none ] || die "No browser: the tours would be skipped unseen." \
    "Debian: apt-get install chromium"
"$PYTHON" -c 'import pytest, pytest_cov, pytest_odoo, websocket, xdist' 2>/dev/null ||
    die "$PYTHON lacks the packages of requirements/test.txt."

db=car_aftersales_test_$$
logs=$STATE/log/test_$$
mkdir -p "$logs"
end() {
    if [ -n "${KEEP-}" ]; then
        say "kept: database $db"
    else
        db_drop "$db"
    fi
    db_drop "${db}_life"
    for worker in $(seq 0 $((jobs - 1))); do
        db_drop "$db-gw$worker"
    done
    rm -f "$STATE/coverage_$$"
}
jobs=${JOBS:-$([ -n "$what" ] && echo 1 || nproc)}
[[ $jobs =~ ^[1-9][0-9]?$ ]] || die "JOBS=$jobs is not a number of tests at once."
trap end EXIT
trap 'exit 130' INT TERM

say "installing $list on a copy of the template"
db_drop "$db"
db_copy "$(template_name)" "$db"
install_addons "$db" "$logs/install.log"
say "installed without a warning"

arguments=()
folders=()
for name in ${list//,/ }; do
    arguments+=("--cov=$name")
    [ -d "$ROOT/$name/tests" ] && folders+=("$name/tests")
done
if [ -n "$what" ]; then
    arguments=()
    if [ -e "$ROOT/${what%%::*}" ]; then
        arguments+=("$what")
    else
        arguments+=("${folders[@]}" -k "$what")
    fi
else
    db_copy "$db" "${db}_life"
    if grep -rqE 'start_tour|browser_js' "${folders[@]/#/$ROOT/}"; then
        say "making the web client's bundles"
        make_bundles "$db" "$logs/bundles.log" ||
            die "The bundles could not be made; the log is $logs/bundles.log"
    fi
    arguments+=(--cov-report=term-missing:skip-covered --durations=15 "${folders[@]}")
fi
if [ "$jobs" -gt 1 ]; then
    arguments+=(-n "$jobs")
fi

cd "$ROOT"
status=0
COVERAGE_FILE=$STATE/coverage_$$ "$PYTHON" -m pytest --odoo-config="$CONF" \
    --odoo-database="$db" --odoo-http --odoo-extra="screenshots=$logs" \
    -rsfE "${arguments[@]}" </dev/null || status=$?
[ $status != 5 ] || die "pytest found no test."
if [ $status != 0 ]; then
    die "pytest ended with $status; logs and the browser's last pictures: $logs"
fi
if [ -n "$what" ]; then
    rm -rf "$logs"
    exit 0
fi

say "upgrading $list on a copy"
odoo_clean "$logs/upgrade.log" "The upgrade of $list" -c "$CONF" -d "${db}_life" \
    -u "$list" --stop-after-init --no-http
in_state "${db}_life" installed
law=l10n_cn_car_aftersales
say "uninstalling $law alone: the rest works without it"
odoo_clean "$logs/alone.log" "The removal of $law" module uninstall -c "$CONF" \
    -d "${db}_life" "$law"
odoo_clean "$logs/without.log" "The upgrade without $law" -c "$CONF" -d "${db}_life" \
    -u car_aftersales --stop-after-init --no-http
odoo_clean "$logs/law.log" "The second installation of $law" -c "$CONF" \
    -d "${db}_life" -i "$law" --stop-after-init --no-http
in_state "${db}_life" installed
say "uninstalling $list"
odoo_clean "$logs/uninstall.log" "The removal of $list" module uninstall -c "$CONF" \
    -d "${db}_life" ${list//,/ }
in_state "${db}_life" uninstalled
say "installing $list again"
odoo_clean "$logs/again.log" "The second installation of $list" -c "$CONF" \
    -d "${db}_life" -i "$list" --stop-after-init --no-http
in_state "${db}_life" installed
rm -rf "$logs"
say "all well after $((SECONDS - started)) s"
