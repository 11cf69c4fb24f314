"""What else may happen to a training: stops, a full disk, damage, pictures that vanish."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import breakable
from genstudio import families
from genstudio.core import files, run
from genstudio.core.events import Done, Event, Log, Progress
from genstudio.core.paths import Home

ROOT = Path(__file__).parents[1]
STEPS = 24
POINTS = (4, 10, 15)  # in the middle of an epoch, at a validation, after a sample
QUIET = {"steps": STEPS, "checkpoint_seconds": 1000.0, "sample_every": 12, "validate_every": 10}
DISK = 20  # MB
WAIT = 10.0  # seconds within which it must go on once there is room


# ---- resumed equals uninterrupted ------------------------------------------------------------


def resumed(home: Home, names: list[str]) -> Iterator[tuple[str, int, bool]]:
    """(family, step of the stop, equal) for every family and point.

    One fresh process stops runs at the points and trains one without a stop; another fresh process
    goes on with the stopped ones to their end.
    """
    begun = {name: [breakable.begin(home, name, **QUIET) for _ in (0, *POINTS)] for name in names}
    first = [f"{run}:{stop}" for runs in begun.values() for run, stop in zip(runs, (0, *POINTS))]
    _in_new_process(home, first)
    _in_new_process(home, [f"{run}:0" for runs in begun.values() for run in runs[1:]])
    for name, (whole, *stopped) in begun.items():
        expected = breakable.traces(home, whole)
        for point, one in zip(POINTS, stopped, strict=True):
            yield name, point, breakable.traces(home, one) == expected


def _in_new_process(home: Home, words: list[str]) -> None:
    """Train RUN:STOP words in a process of their own."""
    subprocess.run(
        [sys.executable, "-m", "benchmarks.mishaps", str(home.root), *words],
        cwd=ROOT,
        env={**os.environ, "OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"},
        check=True,
    )


def train(home: Home, name: str, stop: int = 0) -> list[Event]:
    """Train a run here: to its end (0; without the package) or until it is closed at a step."""
    from genstudio.training import jobs, trainer

    trainer.SAID_EVERY = 0.0
    events = []
    work = jobs.resume(home, name, families.part, device="cpu")
    with contextlib.closing(work):
        for event in work:
            events.append(event)
            if isinstance(event, Progress) and stop and event.done >= stop:
                break
            if isinstance(event, Log) and event.text == "Writing the model package.":
                break  # the last checkpoint is written; the package is not compared here
    return events


# ---- a full disk -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Full:
    """`told`: it said that the disk is full. `seconds` until it went on once there was room."""

    told: bool
    waited: bool
    seconds: float
    equal: bool
    faults: list[str]


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int = DISK) -> Iterator[Path | None]:
    """A tmpfs of so many MB at `place`; None where this process may not mount one."""
    place.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(words, capture_output=True).returncode:
        yield None
        return
    try:
        yield place
    finally:
        # Lazily: the pictures may still be mapped into memory.
        subprocess.run(["umount", "-l", str(place)], check=True)


def full_disk(disk: Path, family: str) -> Full:
    """Train on `disk`, fill it to the last byte at a step, free it when the training waits."""
    from genstudio.training import jobs, trainer

    home = Home(disk / "home")
    breakable.make_data(home, per_class=20)
    whole, name = (breakable.begin(home, family, **QUIET) for _ in range(2))
    train(home, whole)
    trainer.SAID_EVERY, told, waited, freed, again = 0.0, False, False, 0.0, 0.0
    work = jobs.resume(home, name, families.part, device="cpu")
    with contextlib.closing(work):
        for event in work:
            if isinstance(event, Log) and "waits until there is room" in event.text:
                told = True
            if isinstance(event, Log) and event.text == "Writing the model package.":
                break
            if not isinstance(event, Progress):
                continue
            if event.text == "waiting for disk space" and not waited:
                waited, freed = True, time.monotonic()
                (disk / "ballast").unlink()
            elif waited and not again:
                again = time.monotonic()
            elif event.done == 6:
                _fill(disk / "ballast")
    equal = breakable.traces(home, name) == breakable.traces(home, whole)
    return Full(told, waited, again - freed, equal, list(breakable.faults(home, name)))


def _fill(path: Path) -> None:
    """Take every byte that is free."""
    with path.open("wb", buffering=0) as handle, contextlib.suppress(OSError):
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while handle.write(b"x" * size) == size:
                    pass


# ---- damaged checkpoints ---------------------------------------------------------------------

DAMAGES = ("a flipped bit", "the second half lost", "emptied", "removed")


def damaged(home: Home, family: str) -> Iterator[tuple[str, str, bool]]:
    """(file, damage, noticed) for every file of the newest checkpoint and every damage.

    Noticed: the checkpoint before is taken, and a sentence names the damaged one.
    """
    from genstudio.training import checkpoint

    name = breakable.begin(home, family, **QUIET)
    train(home, name, 5)
    train(home, name, 7)
    folder = home.runs / name / run.CHECKPOINTS
    kept = home.root / "kept"
    shutil.copytree(folder, kept)
    for path in sorted((kept / "step-000007").iterdir()):
        for damage in DAMAGES:
            shutil.rmtree(folder)
            shutil.copytree(kept, folder)
            _hurt(folder / "step-000007" / path.name, damage)
            found, said = checkpoint.newest(folder, "cpu")
            before = found is not None and found.manifest.step == 5
            yield path.name, damage, before and any("step-000007 is damaged" in t for t in said)
    shutil.rmtree(kept)
    # The last damage is still there: the training itself takes the one before, and says so.
    shutil.rmtree(folder / "damaged-step-000007", ignore_errors=True)
    shutil.copytree(folder / "step-000005", folder / "step-000009")
    _hurt(folder / "step-000009" / "ema.pt", DAMAGES[0])
    said = [e.text for e in train(home, name, 8) if isinstance(e, Log)]
    noticed = any("step-000009 is damaged" in t for t in said)
    yield "ema.pt", "a training goes on", noticed and "Continues at step 5." in said


def _hurt(path: Path, damage: str) -> None:
    data = bytearray(path.read_bytes())
    if damage == "removed":
        path.unlink()
        return
    if damage == "a flipped bit":
        data[len(data) // 2] ^= 1
    path.write_bytes(data[: {"the second half lost": len(data) // 2, "emptied": 0}.get(damage)])


# ---- vanished pictures -----------------------------------------------------------------------


@dataclass(frozen=True)
class Vanished:
    """`gone` pictures were removed while it trained; `skipped` and `told` at the next start."""

    gone: int
    ended: bool
    skipped: int
    told: bool


def vanishing(home: Home, source: Path, family: str) -> Vanished:
    """Remove pictures of the user's own folder mid-run; go on, also with the cache made anew."""
    from genstudio.datasets import store

    name = breakable.begin(home, family, **QUIET)
    train(home, name, 5)
    gone = sorted(source.rglob("*.png"))[::10]
    for path in gone:
        path.unlink()
    train(home, name, 10)
    files.remove(home.datasets / breakable.DATA / store.CACHE)
    events = train(home, name)
    said = [event.text for event in events if isinstance(event, Log)]
    pixels = store.open_pixels(home.datasets / breakable.DATA, breakable.SIDE, 1)
    told = any(f"{len(gone)} pictures" in text for text in said)
    ended = "Writing the model package." in said or isinstance(events[-1], Done)
    return Vanished(len(gone), ended, pixels.skipped, told)


if __name__ == "__main__":
    for word in sys.argv[2:]:
        one, _, step = word.partition(":")
        train(Home(Path(sys.argv[1])), one, int(step))
