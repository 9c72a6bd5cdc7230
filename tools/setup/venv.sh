#!/usr/bin/env bash
# Makes .venv when it is missing or broken, then installs one list of packages into it: venv.sh REQUIREMENTS
set -u
cd "$(dirname "$0")/../.."

die() { echo "$*" >&2; exit 1; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# The interpreter: PYTHON if given, else python3, else a newer one that stands beside an old python3.
find_python() {
    local name
    if [ -n "${PYTHON:-}" ]; then
        new_enough "$PYTHON" && echo "$PYTHON"
        return
    fi
    for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
        new_enough "$name" && { command -v "$name"; return; }
    done
}

# Half a .venv (an interrupted or failed first try, a folder that was moved) counts as none. Its prefix is asked too:
# the python of half a .venv may be the system's own, with the system's pip, and would install there.
usable() {
    new_enough .venv/bin/python && .venv/bin/python -c 'import sys, pip; sys.exit(sys.prefix == sys.base_prefix)' 2>/dev/null
}

attempt() { rm -rf .venv; "$@" >/dev/null 2>&1; usable; }

make_venv() {
    local python=$1 version
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    attempt "$python" -m venv .venv && return
    # Debian and Ubuntu ship python3 without ensurepip, which venv needs.
    if bash tools/setup/apt.sh "python$version-venv" || bash tools/setup/apt.sh python3-venv; then
        attempt "$python" -m venv .venv && return
    fi
    # Without the right to install it: two ways that need nothing from the system but a pip or a virtualenv.
    attempt "$python" -m virtualenv .venv && return
    attempt virtualenv -p "$python" .venv && return
    attempt bash -c '"$0" -m venv --without-pip .venv && "$0" -m pip --python .venv/bin/python install pip' "$python" && return
    rm -rf .venv
    die "Python $version is here, but it cannot make a virtual environment.
Install the package python$version-venv (Debian, Ubuntu: sudo apt-get install python$version-venv) and try again."
}

if ! usable; then
    python=$(find_python)
    [ -n "$python" ] || die "Incident Atlas needs Python 3.11 or newer; ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>/dev/null || echo "not one").
Install a newer one, or name one that is already there: make PYTHON=/path/to/python3.12 run"
    echo "Making .venv with $("$python" --version)"
    make_venv "$python"
fi

echo "Installing $1; the first time takes a minute or two"
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$1" || die "The packages of $1 could not be installed; the lines above say why."
