# Shared by script/server and script/test: system packages, the virtual environment, stamps that make the second run quick.
# shellcheck shell=bash

RUN_PACKAGES=(python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-dejavu-core gettext)
TEST_PACKAGES=(chromium poppler-utils qpdf postgresql redis-server)

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# need_packages PACKAGE... : installs what Debian lacks (root), or names the one line to have run.
need_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null 2>&1 || return 0
  for package in "$@"; do
    # A Python of one's own (pyenv, uv) counts as python3.
    case "$package" in
      python3 | python3-venv) [ -n "${PYTHON:-}" ] && continue ;;
      gettext) command -v msgfmt >/dev/null 2>&1 && continue ;;
    esac
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    say "Some system packages are missing. Please have this line run once, then start again:"
    say ""
    say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    say ""
    exit 1
  fi
  say "Installing system packages: ${missing[*]}"
  local policy=/usr/sbin/policy-rc.d made=""
  if [ ! -e "$policy" ]; then
    # PostgreSQL and Redis are started by the tests themselves, never as services of this machine.
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=1
  fi
  if [[ " ${missing[*]} " == *" postgresql "* ]]; then
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  fi
  local status=0
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; } || status=$?
  [ -n "$made" ] && rm -f "$policy"
  [ "$status" -eq 0 ] || die "The packages could not be installed (apt-get ended with $status)."
}

# find_python : a Python 3.11 in $PYTHON, or empty.
find_python() {
  local candidate
  for candidate in python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
      PYTHON=$(command -v "$candidate")
      return 0
    fi
  done
  PYTHON=""
}

# make_venv FILE : .venv with the hashed requirements of FILE, compiled; nothing to do when that was done before.
make_venv() {
  local file=$1 stamp wanted
  stamp=".venv/.bina-$(basename "$file" .txt)"
  wanted=$(sha256sum "$file" | cut -d' ' -f1)
  if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then return 0; fi
  exec 8>.venv.lock
  flock 8
  if ! [ -x .venv/bin/python ] || ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    say "Making the Python environment (.venv) ..."
    if command -v uv >/dev/null 2>&1; then
      uv venv --quiet --clear --python "${PYTHON:-3.11}" .venv || die "uv could not make the environment."
    else
      [ -n "${PYTHON:-}" ] || die "Python 3.11 is needed (Debian 12 has it: apt-get install python3 python3-venv)."
      "$PYTHON" -m venv --clear .venv || die "The environment could not be made; is python3-venv installed?"
    fi
  fi
  say "Installing Python packages from $file ..."
  if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --python .venv/bin/python --require-hashes --compile-bytecode -r "$file" || die "The packages could not be installed."
  else
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$file" || die "The packages could not be installed."
  fi
  .venv/bin/python -m compileall -q lms core people feedback performance assessments courses certificates improvement || true
  echo "$wanted" >"$stamp"
  # The development list holds the runtime list.
  [ "$file" = requirements-dev.txt ] && sha256sum requirements.txt | cut -d' ' -f1 >.venv/.bina-requirements
  flock -u 8
}

# compile_messages : the catalogues of our own texts.
compile_messages() {
  local po
  for po in locale/*/LC_MESSAGES/*.po locale/wagtail/*/LC_MESSAGES/*.po; do
    [ -e "$po" ] || continue
    [ "${po%.po}.mo" -nt "$po" ] || msgfmt -o "${po%.po}.mo" "$po" || die "The catalogue $po is broken."
  done
}

# state_of PATH... : one hash over names, sizes and times of the files below the paths.
state_of() {
  find "$@" -type f ! -name '*.pyc' ! -path '*/__pycache__/*' -printf '%p %s %T@\n' 2>/dev/null | LC_ALL=C sort | sha256sum | cut -d' ' -f1
}
