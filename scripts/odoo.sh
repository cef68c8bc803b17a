#!/usr/bin/env bash
# Run Odoo on a database: scripts/odoo.sh DATABASE [arguments of odoo-bin]
#   scripts/odoo.sh dev -u car_aftersales --stop-after-init
#   scripts/odoo.sh dev shell
set -euo pipefail
. "$(dirname "$0")/common.sh"
[ $# -ge 1 ] || die "Which database? scripts/odoo.sh DATABASE [arguments]"
load_settings
db=$1
shift
command=()
case ${1-} in
    shell | i18n | module | server | neutralize | populate)
        command=("$1")
        shift
        if [ "${command[0]}" = i18n ] || [ "${command[0]}" = module ]; then
            command+=("${1:?subcommand}")
            shift
        fi
        ;;
esac
exec "$PYTHON" -m odoo "${command[@]}" -c "$CONF" -d "$db" "$@"
