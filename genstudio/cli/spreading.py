"""Training by several processes: --devices, --nodes, --max-restarts, --rendezvous.

The command makes the run, starts torchrun (workers/torchrun.py) in a session of its own and shows
what the first process says. Ctrl+C puts the file `stop` into the run folder, so that all processes
save after the same step; when the command itself dies, its pipe closes and they end.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from genstudio.cli.running import run as show
from genstudio.cli.screen import Screen
from genstudio.cli.session import Session
from genstudio.core import events, files
from genstudio.core import run as runs
from genstudio.core.errors import BadInput, GenStudioError, UsageError
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings

Devices = Annotated[
    int, typer.Option(min=1, max=1024, help="Processes on this machine; a GPU each, if any.")
]
Nodes = Annotated[int, typer.Option(min=1, max=1024, help="Machines that train together.")]
Restarts = Annotated[
    int,
    typer.Option(
        "--max-restarts", min=0, max=1000, help="When a process dies: start all again so often."
    ),
]
Rendezvous = Annotated[
    str,
    typer.Option(metavar="HOST:PORT", help="Where several machines meet: the first one's name."),
]
ENDED = 60.0  # seconds that processes get to end by themselves
TAIL = 4000


@dataclass(frozen=True)
class Spread:
    """How a training is spread over processes."""

    devices: int = 1
    nodes: int = 1
    max_restarts: int = 0
    rendezvous: str = ""
    apart: bool = False
    """The run is only prepared here, so nobody has to meet."""

    def __post_init__(self) -> None:
        if self.nodes > 1 and ":" not in self.rendezvous and not self.apart:
            raise UsageError("several machines need a place to meet: --rendezvous HOST:PORT")
        if int(os.environ.get("WORLD_SIZE", "1")) > 1:
            raise UsageError(
                "This command starts its processes itself; do not run it under torchrun",
                next_step="Use --devices and --nodes, or run `genstudio worker rank RUN`.",
            )

    @property
    def world(self) -> int:
        """Processes in all."""
        return self.devices * self.nodes

    @property
    def several(self) -> bool:
        """Whether torchrun is needed at all."""
        return self.world > 1 or self.max_restarts > 0

    def words(self) -> list[str]:
        """The flags for workers/torchrun.py."""
        numbers = [f"--devices={self.devices}", f"--nodes={self.nodes}"]
        numbers.append(f"--max-restarts={self.max_restarts}")
        return [*numbers, *([f"--rendezvous={self.rendezvous}"] if self.rendezvous else [])]


def in_shards(recipe: Recipe, spread: Spread) -> Recipe:
    """The recipe with a shard per process, unless it names a number that they can share."""
    shards = recipe.settings.shards
    if shards % spread.world == 0:
        return recipe
    if shards > 1:
        check(shards, spread)
    fields = {**recipe.settings.model_dump(exclude_unset=True), "shards": spread.world}
    settings = TrainerSettings.model_validate(fields)
    return recipe.model_copy(update={"settings": settings})


def check(shards: int, spread: Spread) -> None:
    """Raise UsageError where `shards` cannot be shared evenly."""
    if shards % spread.world:
        raise UsageError(
            f"{spread.world} processes cannot share a training of {shards} shards evenly",
            next_step=f"Use a number of processes that divides {shards}.",
        )


def prepare(session: Session, screen: Screen, body: Mapping[str, Any]) -> None:
    """Make the run folder and print the run's name; nothing is trained."""
    done = show(session.work("train", "begin", body), screen)
    screen.line(str(done.data["run"]))
    screen.show(done)


def training(
    session: Session, body: Mapping[str, Any], spread: Spread
) -> Generator[events.Event, None, None]:
    """The events of a training by several processes, of a recipe or of a run that is there."""
    run = str(body.get("run") or "")
    if not run:
        for event in session.work("train", "begin", body):
            if isinstance(event, events.Done):
                run = str(event.data["run"])
            else:
                yield event
    check(session.studio.runs.get(run).recipe.settings.shards, spread)
    yield from together(session.home, run, spread)


def together(home: Home, run: str, spread: Spread) -> Generator[events.Event, None, None]:
    """Train `run` by several processes; the events of the first one.

    Closing the generator lets them save and end. Raises GenStudioError where they failed.
    """
    log = home.logs / "torchrun.log"
    process = _start(home, run, spread, log)
    failed: events.Failed | None = None
    ended = False
    try:
        for event in _said(process):
            if isinstance(event, events.Failed):
                failed = event  # it may be started again
                yield events.Log(level="warning", text=event.problem.sentence)
                continue
            ended = isinstance(event, events.Done)
            yield event
        code = process.wait()
    except GeneratorExit:
        ask_to_stop(home, run)
        _drain(process)
        raise
    finally:
        _end(process)
    if code and failed is not None:
        raise GenStudioError(
            **failed.problem.model_dump(exclude={"what"}), what=failed.problem.what
        )
    if code:
        raise GenStudioError(
            "A process of the training ended without a word",
            file=log,
            next_step=f"`genstudio runs resume {run}` goes on from the last checkpoint.",
            details=log.read_text(encoding="utf-8", errors="replace")[-TAIL:],
        )
    if not ended:
        yield events.Done(data={"run": run})


def ask_to_stop(home: Home, run: str) -> None:
    """Let all processes save after this step and leave."""
    with contextlib.suppress(GenStudioError):
        files.write_bytes(home.runs / run / runs.STOP_FILE, b"")


def _start(home: Home, run: str, spread: Spread, log: Path) -> subprocess.Popen[bytes]:
    from genstudio.workers.ends import WATCHED
    from genstudio.workers.parent import command

    start = command("torchrun", home.root)
    words = [*start[:-2], run, *spread.words(), *start[-2:]]
    descriptor = files.open_log(log)
    try:
        return subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=descriptor,
            # Ctrl+C in the terminal is for this command alone.
            start_new_session=True,
            env={**os.environ, WATCHED: "1"},
        )
    finally:
        os.close(descriptor)


def _said(process: subprocess.Popen[bytes]) -> Iterator[events.Event]:
    assert process.stdout is not None
    for line in process.stdout:
        with contextlib.suppress(BadInput):
            yield events.from_line(line)


def _drain(process: subprocess.Popen[bytes]) -> None:
    for _ in _said(process):
        pass


def _end(process: subprocess.Popen[Any]) -> None:
    """Close the pipe, which ends what still runs, and wait."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(ENDED)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
