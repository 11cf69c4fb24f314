"""`python -m benchmarks [--only NAME …] [--quick]`: measure, print the table, write RESULTS.md."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

from benchmarks.rows import Row, machine, table
from genstudio.core import files

MODULES = ("window", "network", "trainer", "diffusion", "text", "music", "sound", "playing", "roll")
RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Run the chosen modules; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=MODULES, default=list(MODULES))
    parser.add_argument("--quick", action="store_true", help="short runs, for trying it out")
    parser.add_argument("--no-file", action="store_true", help="print only")
    chosen = parser.parse_args()
    busy = load()
    sections: list[tuple[str, list[Row]]] = []
    for name in chosen.only:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        found = list(importlib.import_module(f"benchmarks.{name}").rows(chosen.quick))
        sections.append((name, found))
        print(f"\n{name}\n{table(found)}", flush=True)
    if not chosen.no_file and not chosen.quick and set(chosen.only) == set(MODULES):
        files.write_text(RESULTS, report(sections, busy))
        print(f"\nwritten to {RESULTS}")
    return int(any(row.met is False for _, rows in sections for row in rows))


def load() -> str:
    """How busy the machine was before the first figure, where the system tells."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f"Load of the machine before the start (other programs): {os.getloadavg()[0]:.1f}."


def report(sections: list[tuple[str, list[Row]]], busy: str = "") -> str:
    """The results as a page."""
    parts = [
        "# Measured figures",
        f"Made by `python -m benchmarks` on {time.strftime('%Y-%m-%d')}. Ratios compare with a "
        f"peer measured in the same run, in turns; times are medians. {busy}".rstrip(),
        f"```\n{machine()}\n```",
        *(f"## {name}\n{table(rows)}" for name, rows in sections),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
