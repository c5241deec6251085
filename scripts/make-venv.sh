#!/usr/bin/env bash
# Makes the virtual environment, or says what the machine lacks.
set -euo pipefail
python=$1
venv=$2

fail() { printf '%s\n' "$@" >&2; exit 1; }

command -v "$python" >/dev/null || fail "Python is missing. Install Python 3.11 or later, then run make again."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "Python 3.11 or later is needed; this is $("$python" --version). Name another one: make run PYTHON=python3.11"
[ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && exit 0
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  fail "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv"
echo "Making the virtual environment"
"$python" -m venv --clear "$venv"
