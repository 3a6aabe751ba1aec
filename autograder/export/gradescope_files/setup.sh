#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: a Python of our own with what the engine needs.
set -euo pipefail
root="${GRADEFLOW_ROOT:-/autograder}"
python=""
for name in python3.13 python3.12 python3.11 python3; do
  if command -v "$name" >/dev/null &&
    "$name" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python="$name"
    break
  fi
done
if [ -z "$python" ]; then
  apt-get update
  apt-get install -y --no-install-recommends python3.11 python3.11-venv
  python=python3.11
fi
"$python" -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --no-cache-dir -r "$root/source/requirements.txt"
