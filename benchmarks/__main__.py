"""`python -m benchmarks [--only NAME …] [--quick]`: measure, print the tables, and write them into
RESULTS.md, where sections that were not measured stay as they are."""

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
HEAD = """# Measured figures

Ratios compare with a peer measured in the same run, in turns; times are medians. Each section says
with which command it was made, when, and how busy the machine was."""


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
    if not chosen.no_file and not chosen.quick:
        old = RESULTS.read_text("utf-8") if RESULTS.is_file() else ""
        files.write_text(RESULTS, report(sections, old, busy))
        print(f"\nwritten to {RESULTS}")
    return int(any(row.met is False for _, rows in sections for row in rows))


def load() -> str:
    """How busy the machine was before the first figure, where the system tells."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f"Load of the machine before the start (other programs): {os.getloadavg()[0]:.1f}."


def report(sections: list[tuple[str, list[Row]]], old: str = "", busy: str = "") -> str:
    """The page of results: `old` with these sections anew, new ones behind the others."""
    kept = parts_of(old)
    kept[""] = "\n\n".join((HEAD, f"```\n{machine()}\n```"))
    said = f"`python -m benchmarks --only {{}}` on {time.strftime('%Y-%m-%d')}. {busy}".rstrip()
    for name, rows in sections:
        kept[name] = f"## {name}\n{said.format(name)}\n\n{table(rows)}"
    return "\n\n".join(kept.values()) + "\n"


def parts_of(page: str) -> dict[str, str]:
    """What a page says under each of its headings, in their order; "" is what comes before."""
    first, *others = ("\n" + page).split("\n## ")
    named = {part.split("\n", 1)[0].strip(): f"## {part}".strip() for part in others}
    return {"": first.strip(), **named}


if __name__ == "__main__":
    sys.exit(main())
