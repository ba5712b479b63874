#!/bin/sh
# Makes .venv in the repository root from requirements.lock, the project itself editable. Safe to run again.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}

need() {  # need PACKAGE: install a Debian package where that is possible, else say its name and stop
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null
    else
        echo "setup: $1 is missing; install it (Debian: apt-get install $1) and run this again." >&2
        exit 1
    fi
}

command -v "$PYTHON" >/dev/null || need python3
"$PYTHON" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || {
    echo "setup: Python 3.11 to 3.13 is needed, this is $("$PYTHON" -V); set PYTHON to another one." >&2
    exit 1
}
"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
ldconfig -p 2>/dev/null | grep -q libgomp.so.1 || need libgomp1

[ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r tools/uv.lock
# Compiled here once, or every short-lived process of a test would do it again.
.venv/bin/uv pip sync -q --compile-bytecode --python .venv/bin/python --require-hashes requirements.lock tools/uv.lock
.venv/bin/uv pip install -q --python .venv/bin/python --no-deps -e .
