#!/usr/bin/env bash
# Makes sure that the browser tests have a Chromium that starts: one that is already there, else Debian's, else Playwright's own.
# Whether it starts is asked of the tests' own code: a browser that is in PATH and does not start (Ubuntu's snap stub) is no browser.
set -u
cd "$(dirname "$0")/../.."

python=.venv/bin/python
starts() { "$python" -m tests.support.browser; }

starts && exit 0
if [ -n "${CHROMIUM:-}" ]; then
    echo "CHROMIUM=$CHROMIUM does not start; correct or unset it." >&2
    exit 1
fi
bash tools/setup/apt.sh chromium-headless-shell && starts && exit 0
bash tools/setup/apt.sh chromium && starts && exit 0

echo "Downloading Playwright's own Chromium" >&2
"$python" -m playwright install chromium && starts && exit 0
# It may lack libraries of the system, which Playwright knows how to install.
"$python" -m playwright install-deps chromium && starts && exit 0

# The tests run all the same: those that need a browser fail and say so, the others still tell what they can.
echo "No Chromium starts on this machine: the browser tests will fail." >&2
