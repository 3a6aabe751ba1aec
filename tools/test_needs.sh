#!/usr/bin/env bash
# Installs the outside programs that some tests drive for real: idempotent, instant when all are there.
# usage: tools/test_needs.sh
# Nothing fails without them: their tests are skipped, and say so. As root on Debian or Ubuntu what is
# missing is installed with apt-get; otherwise, or with GRADEFLOW_NO_APT set, one line names it.
#
# To add a program, add a line to needs():
#   WHAT IT IS FOR | APT PACKAGE | ONE OR MORE COMMANDS, ONE OF WHICH PROVES THAT IT IS THERE
# A command is a name on the path or a file; a file's name may have wildcards.
set -uo pipefail

needs() {
  cat <<'LINES'
formgrader in a browser|chromium|chromium chromium-browser google-chrome
the gradebook in PostgreSQL|postgresql|initdb /usr/lib/postgresql/*/bin/initdb
LINES
}

say() { printf 'test needs: %s\n' "$*" >&2; }

is_there() {
  local name
  # Unquoted: wildcards are filled in here.
  for name in $1; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}

may_install() {
  [ -z "${GRADEFLOW_NO_APT:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1
}

apt() {
  DEBIAN_FRONTEND=noninteractive timeout 600 \
    apt-get -qq -y -o DPkg::Lock::Timeout=120 --no-install-recommends "$@" >/dev/null 2>&1
}

updated=""
install() {
  apt install "$1" && return 0
  # The lists of packages may be missing or old, as in a fresh container.
  [ -z "$updated" ] && updated=yes && apt update
  apt install "$1"
}

while IFS='|' read -r purpose package commands; do
  is_there "$commands" && continue
  if may_install; then
    say "installing $package, for $purpose"
    install "$package" </dev/null && is_there "$commands" && continue
  fi
  say "without $package $purpose is not tested: apt-get install $package"
done < <(needs)
exit 0
