#!/usr/bin/env bash
# Look at the code without running it. With --fix: lay it out first.
set -euo pipefail
. "$(dirname "$0")/common.sh"
"$ROOT/scripts/setup.sh"
. "$STATE/env"
cd "$ROOT"
bin=$STATE/venv/bin
[ -x "$bin/ruff" ] || bin=$(dirname "$PYTHON")
[ -x "$bin/ruff" ] || die "requirements/lint.txt is not installed beside $PYTHON"
if [ "${1-}" = --fix ]; then
    "$bin/ruff" check --fix --quiet . || true
    "$bin/ruff" format .
    exit 0
fi
status=0
step() {
    say "$1"
    shift
    "$@" || status=1
}
mapfile -t modules < <(addons | tr , '\n' | grep . || true)
mapfile -t scripts < <(find scripts bench -name '*.sh' 2>/dev/null)

xml_files() {
    find "${modules[@]}" -name '*.xml' -print0 | xargs -0r "$PYTHON" -c '
import sys
from lxml import etree
bad = 0
for name in sys.argv[1:]:
    try:
        etree.parse(name)
    except etree.XMLSyntaxError as error:
        bad = 1
        print(f"{name}: {error}")
sys.exit(bad)'
}
po_files() {
    local file bad=0
    while IFS= read -r file; do
        msgfmt -c --check-accelerators=_ -o /dev/null "$file" 2>/dev/null ||
            msgfmt -c -o /dev/null "$file" || bad=1
    done < <(find "${modules[@]}" -name '*.po')
    return $bad
}
shell_files() {
    local file bad=0
    for file in "${scripts[@]}" .ci/run; do
        bash -n "$file" || bad=1
    done
    return $bad
}

step "ruff check" "$bin/ruff" check .
step "ruff format" "$bin/ruff" format --check .
if [ ${#modules[@]} -gt 0 ]; then
    step "pylint with pylint-odoo" "$bin/pylint" --rcfile=.pylintrc \
        --disable=manifest-required-author,missing-readme,consider-merging-classes-inherited "${modules[@]}"
    step "XML" xml_files
    step "translations" po_files
fi
step "shell scripts" shell_files
[ $status = 0 ] || die "lint found something."
say "lint found nothing"
