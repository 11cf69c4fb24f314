#!/usr/bin/env bash
# Sets everything up as ./start.sh does, the tools for tests too, and runs all checks and tests.
# Arguments go to pytest:  ./test.sh tests/core -k files
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=setup/setup.sh
source "$here/setup/setup.sh"
prepare dev
cd "$here"
exec "$venv/bin/python" -m tests.check "$@"
