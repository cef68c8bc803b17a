#!/usr/bin/env bash
# Make DATABASE anew as a copy of the template with the apps below the add-on:
#   scripts/newdb.sh DATABASE             nothing of ours in it
#   scripts/newdb.sh DATABASE --install   with the add-ons
#   scripts/newdb.sh DATABASE --demo      with the add-ons and their demo data
set -euo pipefail
. "$(dirname "$0")/common.sh"
[ $# -ge 1 ] || die "Which database? scripts/newdb.sh DATABASE [--install|--demo]"
"$ROOT/scripts/template.sh"
load_settings
db_drop "$1"
db_copy "$(template_name)" "$1"
case ${2-} in
    --install) install_addons "$1" ;;
    --demo) install_addons_with_demo "$1" ;;
    '') ;;
    *) die "Unknown: $2" "scripts/newdb.sh DATABASE [--install|--demo]" ;;
esac
say "database $1 is ready"
