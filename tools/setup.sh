#!/usr/bin/env bash
# Sets up the virtual environment: idempotent, and instant when nothing has changed.
# usage: tools/setup.sh PYTHON VENV EXTRAS
# EXTRAS are the project's extras to install, such as dev or dev,torch,tensorflow; what was installed
# by an earlier call stays.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1
venv=$2
extras=$3

say() { printf 'setup: %s\n' "$*" >&2; }

if ! "$python" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then
  say "Python 3.11 or newer is needed, and '$python' is not it. Name another: make PYTHON=python3.12 …"
  exit 1
fi

stamp="$venv/.gradeflow-setup-$extras"
wanted=$({ "$python" -VV; cat pyproject.toml constraints.txt tools/setup.sh; } | sha256sum)
# What was installed with these extras and more will do: dev,torch,tensorflow for dev.
for made in "$stamp"*; do
  if [ -x "$venv/bin/gradeflow" ] && [ "$(cat "$made" 2>/dev/null)" = "$wanted" ]; then
    exit 0
  fi
done

say "installing gradeflow[$extras] into $venv; the first time takes some minutes"
if [ ! -x "$venv/bin/python" ] && ! "$python" -m venv "$venv"; then
  say "'$python -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv"
  exit 1
fi
# The pip that comes with Python may be years old; a new one resolves twice as fast. Of the libraries
# what is imported is compiled, rather than all of it. That goes on behind whatever comes next.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade pip || true
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
  --constraint constraints.txt --editable ".[$extras]"
for modules in "torch, torch._dynamo, matplotlib.pyplot" "tensorflow, nbgrader.apps, hypothesis"; do
  env -u PYTHONDONTWRITEBYTECODE "$venv/bin/python" -c "import $modules" </dev/null >/dev/null 2>&1 &
done
printf '%s\n' "$wanted" >"$stamp"
say "done"
