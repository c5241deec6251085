#!/usr/bin/env bash
# Uses the machine's Node.js when it is new enough, else puts one into the virtual environment.
set -euo pipefail
venv=$1

if command -v node >/dev/null && command -v npm >/dev/null &&
  [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" = true ]; then
  exit 0
fi
echo "Installing Node.js into the virtual environment (about 60 MB)"
"$venv/bin/python" -m pip install -q --no-deps --require-hashes -r node.lock
