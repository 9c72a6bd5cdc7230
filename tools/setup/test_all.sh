#!/usr/bin/env bash
# Every test once, part by part: `make test-all`, at full depth unless PROFILE says otherwise. All parts run, whatever becomes of one; then the seconds that each took.
# The last line is pytest's own closing line, of the first part that failed or else of the last; the exit code is that of that part.
set -uo pipefail
cd "$(dirname "$0")/../.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0 closing="" took=()

part() {
    local begin=$SECONDS code line
    echo "== make $*"
    make --no-print-directory "$@" 2>&1 | tee "$log"
    code=$?
    took+=("$(printf '%5d s  exit code %d  make %s' $((SECONDS - begin)) "$code" "$*")")
    line=$(grep -E '(passed|failed|error|errors|skipped|deselected|no tests ran).* in [0-9.]+s' "$log" | tail -n 1)
    if [ "$status" -eq 0 ]; then
        status=$code
        closing=${line:-$closing}
        [ "$code" -eq 0 ] || closing=${line:-"make $1 failed before or without a test; the lines above say why."}
    fi
}

PROFILE=${PROFILE:-full}
part test PROFILE="$PROFILE"
part soak ARGS="--interactions ${SOAK_INTERACTIONS:-200}"
part test-engines
part test-nightly PROFILE="$PROFILE"

printf '%s\n' "== seconds of each part" "${took[@]}" "$closing"
exit "$status"
