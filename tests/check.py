"""All checks with one command: `python -m tests.check [words for pytest]`; test.sh calls it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
CHECKS = {
    "ruff check": [TOOLS / "ruff", "check", "."],
    "ruff format": [TOOLS / "ruff", "format", "--check", "--quiet", "."],
    "import walls": [TOOLS / "lint-imports", "--no-cache"],
}


def main(words: list[str]) -> int:
    """Run the checks, then pytest; 0 when everything passed."""
    checks = {**CHECKS, "pytest": [sys.executable, "-m", "pytest", *words]}
    failed = []
    for name, command in checks.items():
        began = time.monotonic()
        quiet = name != "pytest"
        done = subprocess.run(
            [str(word) for word in command], cwd=ROOT, capture_output=quiet, text=True
        )
        if done.returncode:
            failed.append(name)
            print((done.stdout or "") + (done.stderr or ""), end="")
        # A negative number is a signal: -11 behind "passed" is a crash while Python ended.
        verdict = f"FAILED with {done.returncode}" if done.returncode else "passed"
        print(f"{name}: {verdict} ({time.monotonic() - began:.0f} s)", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
