#!/usr/bin/env bash
# Get Odoo, its Python packages, PostgreSQL, a browser and the PDF printer, and
# leave them in .odoo/. What is there already is not fetched again.
#
#   ODOO_HOME=  folder with Odoo's source (it holds odoo/): use it, download none
#   PYTHON=     Python 3.11 to make the virtual environment with; together with
#               ODOO_HOME: the Python to use as it is, with Odoo's packages in it
#   PGHOST=     your PostgreSQL (with PGPORT, PGUSER, PGPASSWORD): no own cluster
#   DEBIAN_MIRROR=  mirror to read Debian's packages from (default: that of apt)
set -euo pipefail
. "$(dirname "$0")/common.sh"

mkdir -p "$STATE" "$CACHE" "$DATA"
exec 8>"$STATE/setup.lock"
flock -n 8 || { say "another set-up runs in this clone, waiting for it"; flock 8; }
ARCHITECTURE=$(dpkg --print-architecture 2>/dev/null || true)
CODENAME=$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME-}")

# --- programs ---------------------------------------------------------------

apt_install() {
    local out
    say "installing from Debian: $*"
    export DEBIAN_FRONTEND=noninteractive
    if [ -z "${APT_UPDATED-}" ]; then
        out=$(apt-get -o DPkg::Lock::Timeout=300 update 2>&1 </dev/null) || {
            printf '%s\n' "$out" | tail -n 5 >&2
            say "the package lists could not be refreshed, going on with the old ones"
        }
        APT_UPDATED=1
    fi
    out=$(apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
        -o Dpkg::Options::=--force-confold "$@" 2>&1 </dev/null) || {
        printf '%s\n' "$out" | tail -n 8 >&2
        die "apt could not install: $*" \
            "Is there a network, and is no other apt at work? Then run the same again."
    }
}

python_usable() {
    [ -n "$1" ] && "$1" -c '
import sys
import ensurepip, venv
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
    local name
    for name in /usr/bin/python3.11 python3.11 /usr/bin/python3 python3; do
        if python_usable "$(command -v "$name" || true)"; then
            command -v "$name"
            return
        fi
    done
}

install_programs() {
    local missing=()
    command -v msgfmt >/dev/null || missing+=(gettext)
    command -v wkhtmltopdf >/dev/null || missing+=(wkhtmltopdf)
    command -v chromium >/dev/null || command -v google-chrome >/dev/null ||
        missing+=(chromium)
    command -v setsid >/dev/null || missing+=(util-linux)
    [ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] ||
        missing+=(fonts-noto-cjk)
    [ -n "${PYTHON-}" ] || [ -n "$(find_python)" ] || {
        if [ "$CODENAME" = bookworm ] || apt-cache show python3.11 >/dev/null 2>&1; then
            missing+=(python3.11 python3.11-venv)
        else
            missing+=(python3 python3-venv)
        fi
    }
    [ -n "$OWN_PGHOST" ] || [ -n "$(postgres_bin)" ] || missing+=(postgresql)
    command -v psql >/dev/null || missing+=(postgresql-client)
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        die "Not on this machine: ${missing[*]} (names of Debian packages)." \
            "Run this as root on Debian, or install them by hand first." \
            "PGHOST= names a PostgreSQL of yours instead of the package."
    fi
    if [[ " ${missing[*]} " == *" postgresql "* ]]; then
        # Debian would make and start a cluster of its own on port 5432.
        apt_install postgresql-common
        local note=/etc/postgresql-common/createcluster.d/car_aftersales.conf
        mkdir -p "$(dirname "$note")"
        echo 'create_main_cluster = false' >"$note"
        trap 'rm -f /etc/postgresql-common/createcluster.d/car_aftersales.conf' EXIT
        apt_install "${missing[@]}"
        rm -f "$note"
    else
        apt_install "${missing[@]}"
    fi
}

# --- Odoo -------------------------------------------------------------------

# The Debian mirror this machine's apt reads from.
debian_mirror() {
    if [ -n "${DEBIAN_MIRROR-}" ]; then
        echo "$DEBIAN_MIRROR"
        return
    fi
    {
        apt-get indextargets --format '$(ORIGIN) $(SITE)' 2>/dev/null |
            sed -n 's/^Debian \(.*\)$/\1/p'
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} \
            2>/dev/null | grep -v '^ *#' | grep -oE '[a-z+]+:/[^ ]*/debian/?( |$)'
    } | grep -v -e security -e '^cdrom' | tr -d ' ' | sed 's,/$,,' | head -n 1 || true
}

# apt with a state of its own: the system never hears of sid.
private_apt() {
    local tool=$1
    shift
    APT_CONFIG=$CACHE/apt/apt.conf "$tool" "$@"
}

private_apt_prepare() {
    local mirror keyring suite out
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || die "No Debian mirror found in this machine's apt." \
        "Name one with DEBIAN_MIRROR=, or Odoo's source with ODOO_HOME=."
    keyring=$(ls /usr/share/keyrings/debian-archive-keyring.{gpg,pgp} 2>/dev/null |
        head -n 1 || true)
    [ -n "$keyring" ] || {
        [ "$(id -u)" = 0 ] && apt_install debian-archive-keyring
        keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    }
    mkdir -p "$CACHE/apt/lists/partial" "$CACHE/apt/cache/archives/partial"
    : >"$CACHE/apt/status"
    # The machine's own release is read for the fonts that sid has no more.
    for suite in sid ${CODENAME:-stable}; do
        echo "deb [signed-by=$keyring] $mirror $suite main"
    done | sort -u >"$CACHE/apt/sources.list"
    cat >"$CACHE/apt/apt.conf" <<EOF
Dir::Etc::sourcelist "$CACHE/apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::State "$CACHE/apt";
Dir::State::lists "$CACHE/apt/lists";
Dir::State::status "$CACHE/apt/status";
Dir::Cache "$CACHE/apt/cache";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "$(id -un)";
EOF
    say "reading Debian's package index into a private state"
    out=$(private_apt apt-get update 2>&1 </dev/null) &&
        private_apt apt-cache show odoo-19 >/dev/null 2>&1 || {
        printf '%s\n' "$out" | grep '^[EW]:' | tail -n 4 >&2 || true
        die "Debian's index could not be read, or sid has no odoo-19." \
            "Is there a network? Another mirror: DEBIAN_MIRROR=. Your own source: ODOO_HOME=."
    }
}

# Version of a package to take: the newest, but Font Awesome's of line 4.7,
# whose files Odoo links to and newer ones lack.
package_version() {
    local pattern=.
    [ "$1" = fonts-font-awesome ] && pattern='really4\.7'
    [ "$1" = fonts-inconsolata ] && pattern='^001\.'
    {
        private_apt apt-cache madison "$1" | awk '{print $3}' | grep -e "$pattern" ||
            private_apt apt-cache madison "$1" | awk '{print $3}'
    } | head -n 1
}

# Download and unpack Odoo with the packages its static files are links into.
fetch_odoo() {
    local tree name version broken
    private_apt_prepare
    version=$(package_version odoo-19)
    tree=$CACHE/odoo-$version
    if [ ! -f "$tree/complete" ]; then
        mkdir -p "$CACHE/packages"
        rm -rf "$tree.new"
        mkdir -p "$tree.new"
        for name in odoo-19 fonts-font-awesome fonts-inconsolata fonts-montserrat \
            fonts-ocr-b fonts-roboto-unhinted libjs-jquery libjs-jquery-form \
            libjs-underscore; do
            version=$(package_version "$name")
            local file="$CACHE/packages/${name}_${version//:/%3a}_all.deb"
            if [ ! -f "$file" ]; then
                say "downloading $name $version"
                (cd "$CACHE/packages" &&
                    private_apt apt-get download -q "$name=$version" >"$CACHE/apt/log" 2>&1 </dev/null) ||
                    {
                        grep '^[EW]:' "$CACHE/apt/log" | tail -n 3 >&2 || true
                        die "The download of $name failed. Is there a network?" \
                            "Run the same again: what came already is kept."
                    }
            fi
            [ "$name" = odoo-19 ] && say "unpacking Odoo (1.1 GB)"
            dpkg -x "$file" "$tree.new" || {
                rm -f "$file"
                die "$name could not be unpacked (disk full?); run the same again."
            }
        done
        broken=$(find "$tree.new/usr/lib" -xtype l | wc -l)
        [ "$broken" = 0 ] || say "note: $broken static files of Odoo are links to nothing:" \
            "$(find "$tree.new/usr/lib" -xtype l -printf '%f ')"
        touch "$tree.new/complete"
        rm -rf "$tree"
        mv "$tree.new" "$tree"
    fi
    ln -sfn "$tree" "$STATE/debian"
}

place_odoo() {
    if [ -n "${ODOO_HOME-}" ] && [ "$ODOO_HOME" != "$STATE/source" ]; then
        [ -f "$ODOO_HOME/odoo/release.py" ] || die "ODOO_HOME=$ODOO_HOME holds no odoo/ package."
        ln -sfn "$(cd "$ODOO_HOME" && pwd -P)" "$STATE/source"
    elif [ ! -f "$STATE/debian/complete" ] || [ "$(readlink "$STATE/source")" != debian/usr/lib/python3/dist-packages ]; then
        # What an earlier clone fetched is there without a network.
        local kept
        kept=$(printf '%s\n' "$CACHE"/odoo-19*/complete | sort -rV | head -n 1)
        if [ -f "$kept" ]; then
            ln -sfn "$(dirname "$kept")" "$STATE/debian"
        else
            fetch_odoo
        fi
        ln -sfn debian/usr/lib/python3/dist-packages "$STATE/source"
    fi
    ODOO_HOME=$STATE/source
    ODOO_VERSION=$(basename "$(readlink "$STATE/debian" 2>/dev/null || true)")
    case $(readlink "$STATE/source") in
        debian/*) ;;
        *) ODOO_VERSION=$(readlink -f "$STATE/source") ;;
    esac
    grep -q '^version_info = (19, 0' "$ODOO_HOME/odoo/release.py" ||
        die "The Odoo in $(readlink -f "$ODOO_HOME") is not 19.0."
}

# --- Python -----------------------------------------------------------------

place_python() {
    if [ -n "$FOREIGN_ODOO" ] && [ -n "${PYTHON-}" ]; then
        PYTHONPATH=$ODOO_HOME "$PYTHON" -c 'import odoo.cli' 2>/dev/null ||
            die "PYTHON=$PYTHON does not import the Odoo of ODOO_HOME." \
                "Install Odoo's requirements and requirements/test.txt into it, or leave" \
                "PYTHON away: then a virtual environment is made in .odoo/."
        "$PYTHON" -c 'import pytest, pytest_cov, websocket' 2>/dev/null ||
            say "note: \`make test\` needs requirements/test.txt in $PYTHON"
        return
    fi
    local base stamp log=$STATE/pip.log
    base=${PYTHON-}
    case $base in "$STATE"/*) base= ;; esac
    [ -n "$base" ] || base=$(find_python)
    python_usable "$(command -v "$base" || true)" ||
        die "${base:-Python} is not a Python 3.11 to 3.13 with venv." \
            "Debian: apt-get install python3.11 python3.11-venv; else PYTHON=."
    stamp=$(cat "$ROOT"/requirements/*.txt | sha256sum)
    if [ "$(cat "$STATE/venv/stamp" 2>/dev/null)" != "$stamp" ] ||
        ! "$STATE/venv/bin/python" -c '' 2>/dev/null; then
        say "installing Python packages ($("$base" -V))"
        [ -x "$STATE/venv/bin/python" ] && "$STATE/venv/bin/python" -c '' 2>/dev/null || {
            rm -rf "$STATE/venv"
            "$base" -m venv "$STATE/venv"
        }
        "$STATE/venv/bin/pip" install --disable-pip-version-check \
            -r "$ROOT/requirements/odoo.txt" -r "$ROOT/requirements/test.txt" \
            -r "$ROOT/requirements/lint.txt" >"$log" 2>&1 </dev/null || {
            grep -i -E '^ *(error|fatal)' "$log" | tail -n 5 >&2 || true
            die "pip could not install the packages; its log is .odoo/pip.log" \
                "Is there a network? Then run the same again."
        }
        printf '%s\n' "$stamp" >"$STATE/venv/stamp"
    fi
    PYTHON=$STATE/venv/bin/python
}

# --- PostgreSQL -------------------------------------------------------------

place_cluster() {
    if [ -n "$OWN_PGHOST" ]; then
        psql -d postgres -XAtc 'SELECT 1' >/dev/null 2>"$STATE/psql.log" || {
            head -n 3 "$STATE/psql.log" >&2
            die "The PostgreSQL named by PGHOST=$OWN_PGHOST does not let us in." \
                "Its user (PGUSER=) needs the right to create databases, and is not postgres."
        }
        return
    fi
    local bin
    bin=$(postgres_bin)
    if [ ! -s "$CLUSTER/data/PG_VERSION" ]; then
        say "making a private PostgreSQL cluster ($("$bin/postgres" -V))"
        rm -rf "$CLUSTER"
        mkdir -p "$CLUSTER"
        chmod 700 "$CLUSTER"
        [ "$(id -u)" != 0 ] || chown postgres: "$CLUSTER"
        as_postgres mkdir "$CLUSTER/socket"
        as_postgres "$bin/initdb" -D "$CLUSTER/data.new" -U odoo -A trust -E UTF8 \
            --locale=C.UTF-8 >"$STATE/initdb.log" 2>&1 </dev/null || {
            tail -n 5 "$STATE/initdb.log" >&2
            die "initdb failed; its log is .odoo/initdb.log"
        }
        # Data of a workbench: speed before safety. No TCP, so no port is taken.
        as_postgres tee -a "$CLUSTER/data.new/postgresql.conf" >/dev/null <<EOF
listen_addresses = ''
port = 5432
unix_socket_directories = '$CLUSTER/socket'
max_connections = 200
shared_buffers = 512MB
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 4GB
jit = off
timezone = 'UTC'
EOF
        as_postgres mv "$CLUSTER/data.new" "$CLUSTER/data"
    fi
    export PGHOST=$CLUSTER/socket PGPORT=5432 PGUSER=odoo
    unset PGPASSWORD
    cluster_start
}

# --- settings ---------------------------------------------------------------

write_if_changed() {
    cat >"$1.new"
    if cmp -s "$1.new" "$1"; then rm "$1.new"; else mv "$1.new" "$1"; fi
}

write_settings() {
    local paths=$ODOO_HOME/odoo/addons
    # A checkout keeps the apps beside odoo/ (Debian leaves stripped copies there).
    [ -d "$ODOO_HOME/addons/account/views" ] && paths=$ODOO_HOME/addons,$paths
    write_if_changed "$CONF" <<EOF
[options]
addons_path = $ROOT,$paths
data_dir = $DATA
db_host = $PGHOST
db_port = ${PGPORT:-5432}
db_user = ${PGUSER:-$(id -un)}
admin_passwd = admin
http_interface = 127.0.0.1
list_db = False
max_cron_threads = 0
limit_memory_hard = 0
limit_time_cpu = 600
limit_time_real = 1200
${PGPASSWORD:+db_password = $PGPASSWORD}
EOF
    chmod 600 "$CONF"
    write_if_changed "$STATE/env" <<EOF
# Written by scripts/setup.sh. For a shell: . .odoo/env
export ODOO_HOME='$ODOO_HOME'
export ODOO_VERSION='$ODOO_VERSION'
export ODOO_RC='$CONF'
export PYTHON='$PYTHON'
export PYTHONPATH='$ODOO_HOME'
export PGHOST='$PGHOST'
export PGPORT='${PGPORT:-5432}'
export PGUSER='${PGUSER:-$(id -un)}'
EOF
}

FOREIGN_ODOO=${ODOO_HOME-}
case $FOREIGN_ODOO in "$STATE"/*) FOREIGN_ODOO= ;; esac
install_programs
place_odoo
place_python
place_cluster
write_settings
say "ready: Odoo in .odoo/ ($ODOO_VERSION)"
