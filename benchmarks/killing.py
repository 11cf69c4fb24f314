"""Trainings killed without warning at seeded random moments, looked over after every death."""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import breakable
from benchmarks.forks import Forks, Life
from genstudio.core import files
from genstudio.core.paths import Home

INTERVAL = 0.25  # seconds between checkpoints
STEPS = 240
SHORT, LONG = 1.5, 6.0  # seconds a process lives at most: while it trains; while it packs
PACKING = 0.3  # share of the runs that are killed while their package is made


@dataclass
class Kills:
    """What was found. `lost`: most seconds of work after the newest checkpoint, of any kill.

    `longest`: the longest single step. `torn`: half-written last lines of logs. `finished` runs
    came to their end, `equal` of them like a run that was never killed. `left`: temporary files
    after the last start.
    """

    seed: int
    kills: int = 0
    faults: list[str] = field(default_factory=list)
    loaded: int = 0
    without: int = 0
    lost: float = 0.0
    longest: float = 0.0
    finished: int = 0
    equal: int = 0
    left: int = 0
    moments: dict[str, int] = field(default_factory=dict)


def campaign(home: Home, count: int, seed: int, forks: Forks, names: list[str]) -> Kills:
    """`count` SIGKILLs over the families in turns; then every run is finished in peace."""
    chosen, found = random.Random(seed), Kills(seed)
    whole = {name: _unbroken(home, name, forks) for name in names}
    current: dict[str, str] = {}
    while found.kills < count:
        name = names[found.kills % len(names)]
        run = current.setdefault(name, "") or _begin(home, name)
        current[name] = run
        wait: float | None = chosen.uniform(0.0, SHORT)
        if _step(home, run) == STEPS:
            wait = chosen.uniform(0.0, LONG) if chosen.random() < PACKING else None
        life = forks.train(home.root, run, wait)
        if life.done:
            current[name] = ""
            _finish(home, run, whole[name], found)
            continue
        found.kills += 1
        _look(home, run, life, wait or 0.0, found)
        if found.kills % 25 == 0:
            print(f"{found.kills} kills, {len(found.faults)} faults", file=sys.stderr, flush=True)
    for name, run in current.items():
        if run:
            life = forks.train(home.root, run)
            if life.status:
                found.faults.append(f"{run}: it could not be finished (status {life.status})")
            else:
                _finish(home, run, whole[name], found)
    return found


def _unbroken(home: Home, family: str, forks: Forks) -> dict[str, str]:
    run = _begin(home, family)
    life = forks.train(home.root, run)
    assert not life.status, f"{family} could not be trained"
    found = breakable.traces(home, run)
    files.remove(home.runs / run)
    return found


def _begin(home: Home, family: str) -> str:
    return breakable.begin(
        home, family, steps=STEPS, checkpoint_seconds=INTERVAL, validate_every=40, sample_every=60
    )


def _step(home: Home, run: str) -> int:
    """The step of the newest checkpoint, -1 before the first."""
    folders = breakable.checkpoint_folders(home, run)
    return int(folders[-1].name[5:]) if folders else -1


def _look(home: Home, run: str, life: Life, wait: float, found: Kills) -> None:
    """Count what this death did."""
    from genstudio.training import checkpoint

    where = f"kill {found.kills} of seed {found.seed}, {wait:.3f} s after the start"
    for fault in breakable.faults(home, run):
        found.faults.append(f"{where}: {fault}")
        print(found.faults[-1], file=sys.stderr, flush=True)
    newest, said = checkpoint.newest(home.runs / run / "checkpoints", "cpu")
    if newest is not None and not said:
        found.loaded += 1
        _count_lost(life, newest.manifest.step, found)
    elif newest is None and not said:
        found.without += 1  # killed before its very first checkpoint, of step 0
    reached = life.steps[-1][0] if life.steps else _step(home, run)
    moment = "while training" if life.steps else "while starting"
    if reached == STEPS:
        moment = "at its end (package)"
    found.moments[moment] = found.moments.get(moment, 0) + 1


def _count_lost(life: Life, kept: int, found: Kills) -> None:
    """Seconds between the step that was kept and the last one that was told."""
    at = dict(life.steps)
    if not at:
        return
    found.longest = max([found.longest, *(b[1] - a[1] for a, b in zip(life.steps, life.steps[1:]))])
    begun = at.get(kept, life.begun or life.steps[0][1])
    found.lost = max(found.lost, life.steps[-1][1] - begun)


def _finish(home: Home, run: str, whole: dict[str, str], found: Kills) -> None:
    """Compare a finished run with one that was never killed."""
    found.finished += 1
    found.faults += breakable.faults(home, run)
    same = breakable.traces(home, run) == whole
    found.equal += same
    if not same:
        found.faults.append(f"{run} differs from a run that was never killed")
    found.left += len(leftovers(home.runs / run))
    if same:
        files.remove(home.runs / run)


def leftovers(folder: Path) -> list[Path]:
    """Temporary files of writes that were never finished."""
    return list(folder.rglob(f"*{files.TEMP_MARK}*"))
