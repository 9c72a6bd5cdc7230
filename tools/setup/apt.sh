#!/usr/bin/env bash
# Installs Debian or Ubuntu packages: apt.sh PACKAGE...
# Uses sudo when not root. Exit code 1, with the command to type, when that cannot be done here.
set -u

command -v apt-get >/dev/null || exit 1

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "As root, please: apt-get install $*" >&2; exit 1; }
    # Without a terminal nobody could type a password: then only a sudo that asks for none will do.
    [ -t 0 ] || sudo -n true 2>/dev/null || { echo "As root, please: apt-get install $*" >&2; exit 1; }
    as_root=(sudo)
fi

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@"; }

echo "Installing with apt-get: $*" >&2
# A new machine has no package lists yet; one list that is out of reach must not stop the others.
apt update >/dev/null || true
apt install -y --no-install-recommends "$@" >/dev/null
