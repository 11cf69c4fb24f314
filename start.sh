#!/usr/bin/env bash
# Opens GenStudio; with arguments: its command line. The first run sets everything up.
#   ./start.sh                                   the window
#   ./start.sh generate fashion-gan --out out    the command line
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=setup/setup.sh
source "$here/setup/setup.sh"
prepare run
# Not `cd`: file names in the arguments are relative to where the user stands. -P: modules lying
# there are not imported.
GENSTUDIO_COMMAND="$0" exec "$venv/bin/python" -P -m genstudio "$@"
