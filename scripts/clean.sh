#!/usr/bin/env bash
# Forget what the scripts made:  clean.sh demo  the demonstration database
#                                clean.sh all   .odoo/ and the private cluster
# The downloads in the cache folder stay.
set -euo pipefail
. "$(dirname "$0")/common.sh"
case ${1-} in
    demo)
        load_settings
        db_drop car_aftersales_demo
        db_drop car_aftersales_demo_new
        rm -f "$STATE/demo.content"
        say "the demonstration data is forgotten"
        ;;
    all)
        if [ -d "$CLUSTER" ]; then
            if cluster_runs; then
                as_postgres "$(postgres_bin)/pg_ctl" -D "$CLUSTER/data" -m fast stop \
                    >/dev/null
            fi
            rm -rf "$CLUSTER"
        fi
        rm -rf "$STATE"
        say "gone; the downloads stay in $CACHE"
        ;;
    *) die "scripts/clean.sh demo|all" ;;
esac
