"""`python -m benchmarks.reliability`: kills, stops, full disks, damage; prints what was found.

The big run is `python -m benchmarks.reliability` (200 kills); `--kills 12` tries it out. The same
code with small counts is a test (tests/benchmarks/test_reliability.py).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import breakable, killing, mishaps
from benchmarks.forks import Forks
from benchmarks.rows import Row, machine, table
from genstudio import families
from genstudio.core import files
from genstudio.core.paths import Home

RESULTS = Path(__file__).with_name("RELIABILITY.md")
KILLS, SEED = 200, 20261121
PARTS = ("kills", "resume", "disk", "damage", "vanish")


def main() -> int:
    """Run the chosen parts; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reliability", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--no-file", action="store_true", help="print only")
    asked = parser.parse_args()
    began = time.monotonic()
    found: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="genstudio-reliability-") as folder:
        for part in asked.only:
            print(f"trying {part} …", file=sys.stderr, flush=True)
            found += list(rows(part, Path(folder) / part, asked.kills, asked.seed))
    print(table(found))
    if not asked.no_file and asked.kills >= KILLS and list(asked.only) == list(PARTS):
        files.write_text(RESULTS, report(found, asked.seed, time.monotonic() - began))
        print(f"\nwritten to {RESULTS}")
    return int(any(row.met is False for row in found))


def rows(part: str, folder: Path, kills: int = KILLS, seed: int = SEED) -> Iterator[Row]:
    """The rows of one part, measured in `folder`."""
    home = Home(folder / "home")
    source = breakable.make_data(home)
    if part == "kills":
        with Forks() as forks:
            yield from kill_rows(killing.campaign(home, kills, seed, forks, families.names()))
    elif part == "resume":
        found = list(mishaps.resumed(home, families.names()))
        wrong = [f"{name} at step {step}" for name, step, equal in found if not equal]
        yield Row(
            "resumed in a new process, equal to uninterrupted",
            len(found) - len(wrong),
            f"of {len(found)}",
            len(found),
            "at least",
            "sha256 of weights, averages, optimisers, state, log; steps "
            f"{', '.join(map(str, mishaps.POINTS))} of {mishaps.STEPS}, every family"
            + (f"; not: {', '.join(wrong)}" if wrong else ""),
        )
    elif part == "disk":
        yield from disk_rows(folder)
    elif part == "damage":
        yield from damage_rows(home)
    else:
        found_ = mishaps.vanishing(home, source, families.names()[0])
        yield Row(
            "pictures that vanished during training, skipped and counted",
            found_.skipped if found_.ended and found_.told else -1,
            f"of {found_.gone}",
            found_.gone,
            "at least",
            "10 % of the user's files removed at step 5, cache removed at step 10; it trained on",
        )


def kill_rows(found: killing.Kills) -> Iterator[Row]:
    """What 200 deaths did."""
    moments = ", ".join(f"{count} {words}" for words, count in sorted(found.moments.items()))
    yield Row(
        "SIGKILLs at seeded random moments",
        found.kills,
        note=f"seed {found.seed}; {moments}",
    )
    yield Row("corrupted files", len(found.faults), "", 0, note="; ".join(found.faults[:3]))
    yield Row(
        "newest checkpoint is whole and loads",
        found.loaded + found.without,
        f"of {found.kills}",
        found.kills,
        "at least",
        f"{found.without} died before the first one was written" if found.without else "",
    )
    bar = killing.INTERVAL + found.longest
    yield Row(
        "most work lost by a kill",
        found.lost,
        "s",
        round(bar, 3),
        note=f"interval {killing.INTERVAL} s and the longest step with what was due after it, "
        f"{found.longest:.2f} s",
    )
    yield Row(
        "killed runs that end as if never killed",
        found.equal,
        f"of {found.finished}",
        found.finished,
        "at least",
        "sha256 of weights, averages, optimisers, state, log",
    )
    yield Row("temporary files left after the last start", found.left, "", 0)


def disk_rows(folder: Path) -> Iterator[Row]:
    """What a full disk did."""
    name = f"{mishaps.DISK} MB disk full: goes on after room is made"
    with mishaps.small_disk(folder / "small") as disk:
        if disk is None:
            yield Row(name, float("nan"), note="not measured: no tmpfs can be mounted here")
            return
        found = mishaps.full_disk(disk, families.names()[0])
    good = found.told and found.waited and found.equal and not found.faults
    yield Row(
        name,
        found.seconds if good else float("inf"),
        "s",
        mishaps.WAIT,
        note="filled to the last byte; it said so, waited, and ended equal to an unhindered run"
        if good
        else f"told {found.told}, waited {found.waited}, equal {found.equal}, {found.faults[:2]}",
    )


def damage_rows(home: Home) -> Iterator[Row]:
    """What damage to checkpoints did."""
    found = [case for name in families.names() for case in mishaps.damaged(home, name)]
    missed = [f"{file}: {damage}" for file, damage, noticed in found if not noticed]
    yield Row(
        "damaged checkpoints noticed, the one before taken and it is said",
        len(found) - len(missed),
        f"of {len(found)}",
        len(found),
        "at least",
        f"{', '.join(mishaps.DAMAGES)}; every file, every family"
        + (f"; missed: {', '.join(missed[:3])}" if missed else ""),
    )


def report(found: list[Row], seed: int, seconds: float) -> str:
    """The results as a page."""
    parts = [
        "# Reliability, measured",
        f"Made by `python -m benchmarks.reliability --seed {seed}` on {time.strftime('%Y-%m-%d')} "
        f"in {seconds / 60:.0f} minutes. Every family at tiny size, one thread; processes are "
        "forked from one that holds torch and killed with SIGKILL (a whole process group).",
        f"```\n{machine()}\n```",
        table(found),
    ]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
