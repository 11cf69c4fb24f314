"""Trainings by several processes on this machine, and what one process alone makes of the same.

As a program it is one of them (RANK, WORLD_SIZE, … in the environment): it plays the scenes given
as JSON on the command line, one after the other, in one group.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from genstudio import families
from genstudio.core import run
from genstudio.core.events import Event, Log, Progress
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.training import checkpoint, distributed, metrics
from genstudio.training import trainer as module
from genstudio.training.device import choose
from genstudio.training.trainer import Trainer
from tests.helpers.learning import data, tiny
from tests.training import toys

ROOT = Path(__file__).parents[2]


def trainer(folder: Path, kind: str, **settings: Any) -> Trainer:
    """A Trainer of the toy, or of the tiny preset of a family, on one thread."""
    if kind == "toy":
        return toys.trainer(folder, **settings)
    config, options, preset = tiny(kind)
    chosen = {
        **preset.model_dump(), "batch": 8, "threads": 1, "steps": 6, "validate_every": 3,
        "sample_every": 0, "checkpoint_seconds": 3600, "flip": True, **settings,
    }  # fmt: skip
    recipe = Recipe(
        family=kind, model="toy", data="p", seed=3, options=options,
        settings=TrainerSettings(**chosen),
    )  # fmt: skip
    torch.manual_seed(7)
    objective = families.part(kind, "objective").make(config, options)
    trained = data(kind)
    return Trainer(recipe, objective, trained, trained, folder, choose("cpu", 1))


def play(folder: Path, scene: Mapping[str, Any], rank: int = 0) -> list[Event]:
    """Train as the scene says: `kind`, `settings`, `until` (a step to stop at), `fault`.

    Faults: "nan" (a loss of the last process is NaN once), "memory" (only there it is short).
    """
    made = trainer(folder, scene.get("kind", "toy"), **scene.get("settings", {}))
    if rank == made.place.world - 1:
        _break(made, str(scene.get("fault", "")))
    events = []
    module.SAID_EVERY = 0.0
    for event in made.run():
        events.append(event)
        if isinstance(event, Progress) and event.done >= scene.get("until", 1e9) and not rank:
            (folder / run.STOP_FILE).write_bytes(b"")
    return events


def _break(made: Trainer, fault: str) -> None:
    good, hits = made.objective.loss, []

    def loss(phase: str, batch: Any, step: Any) -> Any:
        found, more = good(phase, batch, step)
        if fault == "nan" and step.step == 5 and not hits:
            hits.append(1)
            return found * float("nan"), more
        if fault == "memory" and batch.size > 2:
            raise MemoryError
        return found, more

    if fault:
        made.objective.loss = loss  # type: ignore[method-assign]


def together(world: int, scenes: Mapping[str, Mapping[str, Any]], root: Path) -> list[str]:
    """Play all scenes by `world` processes, each in the folder of its name below `root`.

    Rank 0 works in `root`, rank 1 in `root`-1 and so on. Returns what each process logged.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    where = {"WORLD_SIZE": str(world), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    words = [sys.executable, "-m", "tests.training.together", json.dumps(scenes)]
    started = [
        subprocess.Popen(
            [*words, f"{root}-{rank}" if rank else str(root)],
            cwd=ROOT,
            env={**os.environ, **where, "RANK": str(rank), "LOCAL_WORLD_SIZE": str(world)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for rank in range(world)
    ]
    said = [process.communicate(timeout=240)[0] for process in started]
    codes = [process.returncode for process in started]
    assert codes == [0] * world, "\n".join(said)
    return said


def rows(folder: Path) -> list[dict[str, float]]:
    """The log of a training."""
    return metrics.read(folder / run.METRICS_FILE)


def last(folder: Path) -> checkpoint.Loaded:
    """Its newest checkpoint."""
    return checkpoint.load(checkpoint.folders(folder / run.CHECKPOINTS)[-1], "cpu")


def tensors(value: Any, path: str = "") -> Iterator[tuple[str, torch.Tensor]]:
    """All tensors of nested dictionaries and lists, by path."""
    if isinstance(value, torch.Tensor):
        yield path, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from tensors(part, f"{path}/{name}")
    elif isinstance(value, list):
        for name, part in enumerate(value):
            yield from tensors(part, f"{path}/{name}")


def main(words: Sequence[str]) -> None:
    """Be one of the processes."""
    place = distributed.join("cpu")
    for name, scene in json.loads(words[0]).items():
        folder = Path(words[1]) / name
        for event in play(folder, scene, place.rank):
            if isinstance(event, Log):
                print(f"{name}: {event.text}", flush=True)
    distributed.leave()
    sys.stdout.flush()
    os._exit(0)  # as workers/rank.py ends, and for its reason


if __name__ == "__main__":
    main(sys.argv[1:])
