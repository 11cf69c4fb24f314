# Sourced by start.sh and test.sh: system libraries, virtual environment, the project in it.
# `prepare run` or `prepare dev`; afterwards $venv is the environment. Repeated calls are instant:
# a marker in the environment holds the hash of everything that decides what is installed.

venv="$here/.venv"

# What Qt's xcb platform, OpenGL loader and font engine expect of the system.
qt_packages="libegl1 libgl1 libopengl0 libglib2.0-0 libdbus-1-3 libfontconfig1 libfreetype6
  libxkbcommon0 libxkbcommon-x11-0 libx11-xcb1 libxcb1 libxcb-cursor0 libxcb-glx0 libxcb-icccm4
  libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render0 libxcb-render-util0 libxcb-shape0
  libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 libpulse0"
test_packages="xvfb xauth xdotool binutils"

say() { printf '%s\n' "$*" >&2; }
fail() { say "GenStudio: $*"; exit 1; }

find_python() {
  local name
  for name in "${GENSTUDIO_PYTHON:-}" python3.11 python3.12 python3.13 python3 python; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
    then python=$name; return; fi
  done
  fail "Python 3.11, 3.12 or 3.13 is needed and was not found. On Debian: apt-get install python3 python3-venv"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else return 1; fi
}

# Installs those of the given Debian packages that are missing; elsewhere it only says so.
system_packages() {
  local missing="" name
  command -v dpkg-query >/dev/null 2>&1 || return 0
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $name"
  done
  [ -n "$missing" ] || return 0
  say "Installing system packages:$missing"
  # One by one where all at once fails: some names differ between releases of Debian.
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive sh -c '
      apt-get update -qq
      install="apt-get install -y -qq --no-install-recommends"
      $install "$@" >/dev/null 2>&1 && exit 0
      for name in "$@"; do $install "$name" >/dev/null 2>&1 || bad="$bad $name"; done
      test -z "$bad" || { echo "not installed:$bad" >&2; exit 1; }' sh $missing ||
    say "Without them the window may not open; the command line works. By hand: apt-get install$missing"
}

make_environment() {
  "$python" -m venv --clear "$venv" >/dev/null 2>&1 && return
  # Debian keeps ensurepip in a package of its own.
  system_packages python3-venv "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
  "$python" -m venv --clear "$venv" || fail "no virtual environment could be made in $venv"
}

prepare() {
  local kind=$1 wanted marker="$venv/.genstudio-$1" made
  find_python
  wanted=$({ cat "$here/pyproject.toml" "$here/setup/setup.sh"; "$python" -V; printf '%s\n' "$here"; } | cksum)
  # What was made for tests is enough to run.
  for made in "$marker" "$venv/.genstudio-dev"; do
    if [ -x "$venv/bin/python" ] && [ "$(cat "$made" 2>/dev/null)" = "$wanted" ]; then return; fi
  done
  say "Setting up GenStudio; this is done once and takes a few minutes."
  # shellcheck disable=SC2086
  if [ "$(uname -s)" = Linux ]; then
    if [ "$kind" = dev ]; then system_packages $qt_packages $test_packages; else system_packages $qt_packages; fi
  fi
  if ! "$venv/bin/python" -c '' 2>/dev/null || [ "$(cat "$venv/.genstudio-place" 2>/dev/null)" != "$here" ]; then
    make_environment
    printf '%s\n' "$here" >"$venv/.genstudio-place"
  fi
  local extra=""
  [ "$kind" = dev ] && extra="[dev]"
  say "Installing libraries into $venv …"
  "$venv/bin/python" -m pip install -qq --disable-pip-version-check --editable "$here$extra" ||
    fail "the libraries could not be installed. The first run needs an internet connection (or a pip mirror); afterwards none."
  printf '%s\n' "$wanted" >"$marker"
}
