# shellcheck shell=bash
# Shared by the scripts: where things are, how they speak, how Odoo is run.
# Sourced, never run. A caller sets `set -euo pipefail` before.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STATE=$ROOT/.odoo
CACHE=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/car_aftersales
DATA=$STATE/data
CONF=$STATE/odoo.conf
# Changes when a database prepared by an older set of scripts must not be used.
SETUP_VERSION=2
# The apps below the add-on. A template database with them is prepared once.
DEPENDENCIES=account_payment,calendar,portal_rating,purchase_stock,resource,sms,stock_account
LANGUAGE=zh_CN
# What the caller of make named, before our own settings overwrite it.
OWN_PGHOST=${OWN_PGHOST-${PGHOST-}}

say() { printf '== %s\n' "$*"; }
die() {
    printf '\nSTOPPED: %s\n' "$1" >&2
    shift
    [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
    exit 1
}

# Folder of the private cluster: where an unprivileged user gets to, even when
# the clone lies in a folder closed to others.
cluster_folder() {
    printf '/var/tmp/car_aftersales-%s-%s\n' "$(id -u)" \
        "$(printf %s "$ROOT" | sha256sum | cut -c1-10)"
}
CLUSTER=$(cluster_folder)
case $OWN_PGHOST in "$CLUSTER"*) OWN_PGHOST= ;; esac

# The server programs of PostgreSQL, newest first; empty when absent.
postgres_bin() {
    local found
    found=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -rV | head -n 1)
    if [ -x "$found" ]; then
        dirname "$found"
    elif found=$(command -v postgres); then
        dirname "$(readlink -f "$found")"
    fi
}

# Run a server program as the user the cluster belongs to. Our locks (7 to 9) are
# closed, or a server started here would hold them for ever.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        (cd / && exec setsid -w runuser -u postgres -- "$@" 7>&- 8>&- 9>&-)
    else
        (cd / && exec setsid -w "$@" 7>&- 8>&- 9>&-)
    fi
}

cluster_runs() {
    [ -f "$CLUSTER/data/postmaster.pid" ] &&
        "$(postgres_bin)/pg_isready" -q -h "$CLUSTER/socket" -p 5432
}

# Start the private cluster if it does not run. Never restarts one that does.
cluster_start() {
    [ -z "$OWN_PGHOST" ] || return 0
    cluster_runs && return 0
    local bin
    bin=$(postgres_bin)
    [ -n "$bin" ] || die "PostgreSQL's server programs are not on this machine." \
        "As root, \`make setup\` installs them; or name a server of yours with PGHOST=."
    [ -s "$CLUSTER/data/PG_VERSION" ] || die "There is no database cluster yet." \
        "Run \`make setup\` first."
    (
        flock -w 120 9
        cluster_runs && exit 0
        as_postgres "$bin/pg_ctl" -D "$CLUSTER/data" -l "$CLUSTER/log" -w -t 60 \
            start >/dev/null 2>&1 </dev/null
    ) 9>"$STATE/cluster.lock" || {
        tail -n 5 "$CLUSTER/log" >&2 || true
        die "The private PostgreSQL did not start; its log is $CLUSTER/log"
    }
}

# The settings that setup.sh wrote: ODOO_HOME, PYTHON, PG...
load_settings() {
    [ -f "$STATE/env" ] || die "Nothing is set up yet." "Run \`make setup\` first."
    # shellcheck source=/dev/null
    . "$STATE/env"
    cluster_start
}

odoo() { "$PYTHON" -m odoo "$@"; }

# Does a database of this name exist?
db_exists() {
    [ "$(psql -d postgres -XAtc "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]
}

# Forget a database and its files.
db_drop() {
    dropdb --if-exists --force "$1" 2>/dev/null || dropdb --if-exists "$1"
    rm -rf "${DATA:?}/filestore/$1"
}

# Copy a database and its files: db_copy FROM TO
db_copy() {
    createdb -T "$1" "$2"
    rm -rf "${DATA:?}/filestore/$2"
    if [ -d "$DATA/filestore/$1" ]; then
        cp -a "$DATA/filestore/$1" "$DATA/filestore/$2"
    fi
}

# The add-ons of this repository, comma separated.
addons() {
    local manifest list=
    for manifest in "$ROOT"/*/__manifest__.py; do
        [ -f "$manifest" ] && list=$list,$(basename "$(dirname "$manifest")")
    done
    printf '%s\n' "${list#,}"
}

template_name() {
    printf 'car_aftersales_template_%s\n' "$(
        printf '%s ' "$ROOT" "$ODOO_VERSION" "$DEPENDENCIES" "$LANGUAGE" \
            "$SETUP_VERSION" | sha256sum | cut -c1-8
    )"
}

# Print what is worth a look in a log of Odoo, with its continuation lines; fails
# if there is any. Deprecations of Odoo's own code against newer libraries are
# not ours. check_log LOG
check_log() {
    awk -v root="$ROOT/" -v state="$STATE/" '
        /^[0-9]+-[0-9]+-[0-9]+ [0-9:,]+ [0-9]+ [A-Z]+ / {
            shown = ($4 == "WARNING" || $4 == "ERROR" || $4 == "CRITICAL")
            if (shown && $6 == "py.warnings:" && (index($7, root) != 1 || index($7, state) == 1))
                shown = 0
            if (shown) found = 1
        }
        shown
        END { exit found }
    ' "$1"
}

# Run Odoo with its log in a file and no window for surprises: it must end well
# and log no warning. odoo_clean LOG WHAT arguments...
odoo_clean() {
    local log=$1 what=$2
    shift 2
    odoo "$@" >"$log" 2>&1 </dev/null || {
        check_log "$log" >&2 || true
        tail -n 3 "$log" >&2
        die "$what failed; the log is $log"
    }
    check_log "$log" >&2 || die "$what logged the warnings above; the log is $log"
}

# Fails unless all add-ons of the repository are in this state: in_state DB STATE
in_state() {
    local wrong
    wrong=$(psql -d "$1" -XAtc "SELECT name || ': ' || state FROM ir_module_module
        WHERE name = ANY(string_to_array('$(addons)', ',')) AND state != '$2'")
    [ -z "$wrong" ] || die "Not $2: $wrong"
}

# Install the add-ons into a copy of the template: install_addons DB [LOG]
install_addons() {
    local list log=${2:-$STATE/log/$1.log}
    list=$(addons)
    mkdir -p "$(dirname "$log")"
    [ -n "$list" ] || die "There is no add-on in the repository."
    odoo_clean "$log" "The installation of $list" -c "$CONF" -d "$1" -i "$list" \
        --stop-after-init --no-http
    in_state "$1" installed
}

# Install what the add-ons need and the template lacks, without demonstration data:
# Odoo's own expects a demo user of other databases. install_outside DB LOG
install_outside() {
    local missing
    missing=$("$PYTHON" - "$ROOT" <<'PY'
import ast, pathlib, sys

own = {
    path.parent.name: ast.literal_eval(path.read_text(encoding="utf-8"))
    for path in pathlib.Path(sys.argv[1]).glob("*/__manifest__.py")
}
needed = {name for manifest in own.values() for name in manifest["depends"]}
print(",".join(sorted(needed - set(own))))
PY
    )
    missing=$(psql -d "$1" -XAtc "SELECT string_agg(name, ',') FROM ir_module_module
        WHERE name = ANY(string_to_array('$missing', ',')) AND state = 'uninstalled'")
    [ -z "$missing" ] ||
        odoo_clean "$2" "The installation of $missing" -c "$CONF" -d "$1" -i "$missing" \
            --stop-after-init --no-http
}

# The same with the add-ons' demonstration data, and theirs only: Odoo loads it
# when everything below has some, which the template claims for this moment.
install_addons_with_demo() {
    local list log=${2:-$STATE/log/$1.log}
    list=$(addons)
    mkdir -p "$(dirname "$log")"
    [ -n "$list" ] || die "There is no add-on in the repository."
    install_outside "$1" "$log"
    psql -d "$1" -qXc "UPDATE ir_module_module SET demo = true WHERE state = 'installed'"
    odoo_clean "$log" "The installation of $list with demonstration data" -c "$CONF" \
        -d "$1" -i "$list" --with-demo --stop-after-init --no-http
    psql -d "$1" -qXc "UPDATE ir_module_module SET demo = false
        WHERE NOT name = ANY(string_to_array('$list', ','))"
    in_state "$1" installed
}

# Make the web client's bundles now instead of in the first browser.
make_bundles() {
    echo "env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()" |
        odoo shell -c "$CONF" -d "$1" --no-http >>"$2" 2>&1
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
