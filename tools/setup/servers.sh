#!/usr/bin/env bash
# Makes sure that the tests of the engines find a PostgreSQL server and a Java for Spark: those that are there, else Debian's.
set -u
cd "$(dirname "$0")/../.."

postgresql() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
# Spark 4 needs 17 or newer: "17.0.15", "21", never "1.8.0_402".
java17() {
    local said
    said=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1) || return 1
    [[ $said =~ version\ \"([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 17 ]
}

missing=()
postgresql || missing+=(postgresql)
java17 || missing+=(default-jre-headless)
if [ "${#missing[@]}" -gt 0 ]; then bash tools/setup/apt.sh "${missing[@]}"; fi

# The tests run all the same: those that lack their server fail and say so.
postgresql || echo "No PostgreSQL server is installed here (initdb, pg_ctl): its tests will fail. Debian's package is postgresql." >&2
java17 || echo "No Java 17 or newer is here (java, or JAVA_HOME): the tests of Spark will fail. Debian's package is default-jre-headless." >&2
exit 0
