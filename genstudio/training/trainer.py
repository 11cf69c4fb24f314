"""The Trainer: rounds, averages, logs, samples and checkpoints, as a generator of events.

Close the generator or put a file called `stop` into the run folder, and it saves and leaves; run
it again and it goes on where it was, bit for bit on the CPU with the same number of threads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch

from genstudio.core import files, run
from genstudio.core.errors import DiskFull, GenStudioError
from genstudio.core.events import Done, Event, Log, Metric, Preview, Progress, Started
from genstudio.core.recipe import Recipe
from genstudio.training import checkpoint, metrics, watching
from genstudio.training.batches import Batches, Pixels
from genstudio.training.device import Device
from genstudio.training.distributed import place
from genstudio.training.ema import Ema
from genstudio.training.objective import Objective
from genstudio.training.position import Position
from genstudio.training.rounds import NotFinite, Rounds

SAID_EVERY = 0.25  # seconds between Progress events: how soon a stop is noticed
DISK_WAIT = 5.0  # seconds between tries while the disk is full
RETURNS = 3  # to the last good checkpoint after a loss that is not finite
LOGGED = 1000  # about so many lines in metrics.jsonl


class Trainer:
    """Trains `objective` by `recipe` on `data`, validates on `held`, writes into `folder`."""

    def __init__(
        self,
        recipe: Recipe,
        objective: Objective,
        data: Pixels,
        held: Pixels | None,
        folder: Path,
        device: Device,
    ) -> None:
        self.settings = s = recipe.settings
        self.objective, self.folder, self.device = objective, folder, device
        for network in objective.networks.values():
            network.to(device.name, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
        self.place = place()
        self.batches = Batches(
            data, held, s.batch, recipe.seed, flip=s.flip, place=self.place, device=device.name
        )  # fmt: skip
        self.rounds = Rounds(objective, s, self.batches, recipe.seed, self.place)
        self.ema = Ema(objective.networks, objective.ema, s.ema)
        self.seed = recipe.seed
        self.position = Position()
        self.seconds = 0.0
        self._leaving = False
        self._every = max(1, s.steps // LOGGED)
        self._clock = self._saved_at = self._said_at = time.monotonic()

    @property
    def step(self) -> int:
        """Rounds done."""
        return self.position.step

    @property
    def best(self) -> tuple[float, int] | None:
        """(value, step) that validation liked best, larger being better."""
        return self.position.best

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints."""
        return self.folder / run.CHECKPOINTS

    def run(self) -> Iterator[Event]:
        """Train to the last step: Started, Progress, Metric, Preview, Log, then Done or a stop.

        Stopped early it ends without Done. Raises GenStudioError when it cannot go on.
        """
        yield Started(
            device=self.device.label, reason=self.device.reason, threads=self.device.threads
        )
        yield from self.restore()
        while self.step < self.settings.steps:
            if self._stop_asked():
                yield from self.save()
                yield Log(text=f"Stopped at step {self.step}; it can be resumed.")
                return
            yield from self._whole(self._one())
        yield from self.save()
        yield Done(seconds=self.seconds, data={"step": self.step})

    def _whole(self, work: Iterator[Event]) -> Iterator[Event]:
        """The events of `work`; when the generator is closed the step is finished and saved.

        A step left half-way would lack its line in the log or its validation after a resume.
        """
        try:
            for event in work:  # `yield from` would close `work` too  # noqa: UP028
                yield event
        except GeneratorExit:
            self._leaving = True
            for _ in work:
                pass
            self._save()
            raise

    def restore(self) -> Iterator[Event]:
        """Go to the newest whole checkpoint; a fresh run writes its first one."""
        files.clean_leftovers(self.checkpoints)
        files.remove(self.folder / run.STOP_FILE)
        found, said = checkpoint.newest(self.checkpoints, self.device.name)
        for text in said:
            yield Log(level="warning", text=text)
        self._clock = time.monotonic()
        if found is None:
            metrics.cut(self.folder / run.METRICS_FILE, 0)
            yield from self.save()
            return
        yield from self._compare(found.manifest)
        self._load(found)
        yield Log(text=f"Continues at step {self.step}.")

    def _compare(self, manifest: run.CheckpointManifest) -> Iterator[Event]:
        """Say it where the continuation cannot equal the unbroken run bit for bit."""
        if manifest.threads != self.device.threads and self.device.name == "cpu":
            torch.set_num_threads(manifest.threads)
        here = (torch.get_num_threads(), str(torch.__version__), self.device.name)
        if here != (manifest.threads, manifest.torch, manifest.device) or here[2] != "cpu":
            yield Log(text="Continues, but not bit for bit: device, threads or PyTorch differ.")

    def _one(self) -> Iterator[Event]:
        """One round and all that is due after it."""
        try:
            values = self.rounds.round(self.step)
        except NotFinite as error:
            yield from self._return(str(error))
            return
        self.ema.update(self.step)
        self.position.step += 1
        self.position.add(values)
        yield from self._report()
        best = self.best
        if self._due(self.settings.validate_every) and self.objective.best is not None:
            yield from self._validate()
        if self._due(self.settings.sample_every):
            yield from self._show()
        due = time.monotonic() - self._saved_at >= self.settings.checkpoint_seconds
        if due or self.best != best:
            yield from self.save()

    def _due(self, every: int) -> bool:
        return bool(every) and (self.step % every == 0 or self.step == self.settings.steps)

    def _report(self) -> Iterator[Event]:
        for text in self.rounds.said:
            yield Log(level="warning", text=text)
        self.rounds.said.clear()
        if self.step % self._every == 0:
            values = self.position.means()
            yield from self._write(lambda: self._log(values))
            yield Metric(step=self.step, values=dict(values))
        now = time.monotonic()
        if now - self._said_at >= SAID_EVERY or self.step == self.settings.steps:
            self._said_at = now
            steps = self.settings.steps
            yield Progress(done=self.step, total=steps, text=f"step {self.step} of {steps}")

    def _log(self, values: dict[str, float]) -> None:
        if self.place.writes:
            path = self.folder / run.METRICS_FILE
            if metrics.is_torn(path):
                metrics.cut(path, self.step)
            metrics.append(path, self.step, values)

    def _validate(self) -> Iterator[Event]:
        with watching.quiet(self.objective, self.ema) as networks:
            values = watching.validate(self.objective, networks, self.batches)
        if not values:
            return
        yield from self._write(lambda: self._log(values))
        yield Metric(step=self.step, values=dict(values))
        assert self.objective.best is not None
        name, better = self.objective.best
        self.position.offer(values[f"valid/{name}"] * (1 if better == "higher" else -1))

    def _show(self) -> Iterator[Event]:
        with watching.quiet(self.objective, self.ema) as networks:
            sheet = watching.sheet(self.objective, networks, self.batches, self.seed)
        if sheet is None or not self.place.writes:
            return
        path = self.folder / run.SAMPLES / f"step-{self.step:06d}.png"
        yield from self._write(lambda: files.write_bytes(path, sheet))
        yield Preview(path=str(path))

    def _return(self, phase: str) -> Iterator[Event]:
        """Back to the last good checkpoint with half the rate; the fourth time it ends."""
        at = self.step + 1
        if self.position.returns >= RETURNS:
            raise GenStudioError(
                f"The loss stopped being a number in phase {phase} at step {at}, "
                f"also after {RETURNS} returns with a smaller learning rate",
                next_step="Start again with a smaller learning rate, or turn on clipping.",
            )
        rate, returns = self.rounds.rate / 2, self.position.returns + 1
        found, _ = checkpoint.newest(self.checkpoints, self.device.name)
        if found is None:
            raise GenStudioError("The loss stopped being a number and no checkpoint is whole")
        self._load(found)
        self.rounds.rate, self.position.returns = rate, returns
        yield Log(
            level="warning",
            text=f"The loss stopped being a number in phase {phase} at step {at}: back to step "
            f"{self.step} with half the learning rate ({returns} of {RETURNS}).",
        )

    def save(self) -> Iterator[Event]:
        """Write a checkpoint; while the disk is full, wait and say so."""
        yield from self._write(self._save)

    def _save(self) -> None:
        now = time.monotonic()
        self.seconds += now - self._clock
        self._clock = self._saved_at = now
        if not self.place.writes:
            return
        watching.check_finite([*self.objective.networks.values(), *self.ema.copies.values()])
        checkpoint.save(
            self.checkpoints, self.step, self._parts(), threads=torch.get_num_threads(),
            device=self.device.name, seconds=self.seconds,
        )  # fmt: skip
        checkpoint.prune(self.checkpoints, self.best[1] if self.best else -1)

    def _write(self, action: Callable[[], None]) -> Iterator[Event]:
        """Do `action`; on a full disk try again until there is room or a stop is asked for."""
        told = False
        while True:
            try:
                action()
                return
            except DiskFull as error:
                if self._leaving or self._stop_asked():
                    raise
                text = f"{error.problem.what}. Training waits until there is room."
            if not told:
                yield Log(level="warning", text=text)
                told = True
            yield Progress(done=self.step, total=self.settings.steps, text="waiting for disk space")
            time.sleep(DISK_WAIT)

    def _parts(self) -> dict[str, Any]:
        rounds = {"rate": self.rounds.rate, "parts": self.rounds.parts}
        return {
            "networks": {n: m.state_dict() for n, m in self.objective.networks.items()},
            "ema": {n: m.state_dict() for n, m in self.ema.copies.items()},
            "optimisers": {
                "+".join(names): o.state_dict() for names, o in self.rounds.optimisers.items()
            },
            "state": {**self.position.to_dict(), **rounds},
        }

    def take_weights(self, found: checkpoint.Loaded) -> None:
        """Weights and averages of a checkpoint, nothing else of it."""
        for name, network in self.objective.networks.items():
            network.load_state_dict(found.parts["networks"][name])
        for name, network in self.ema.copies.items():
            network.load_state_dict(found.parts["ema"][name])

    def _load(self, found: checkpoint.Loaded) -> None:
        parts, state = found.parts, found.parts["state"]
        self.take_weights(found)
        for names, optimiser in self.rounds.optimisers.items():
            optimiser.load_state_dict(parts["optimisers"]["+".join(names)])
        self.position = Position.from_dict(state)
        self.rounds.rate, self.rounds.parts = state["rate"], state["parts"]
        self.seconds = max(self.seconds, found.manifest.seconds)
        metrics.cut(self.folder / run.METRICS_FILE, self.step)

    def _stop_asked(self) -> bool:
        return (self.folder / run.STOP_FILE).exists()
