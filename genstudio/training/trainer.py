"""The Trainer: rounds, averages, logs, samples and checkpoints, as a generator of events.

Close the generator or put a file called `stop` into the run folder, and it saves and leaves; run
it again and it goes on where it was, bit for bit on the CPU with the same number of threads. A
file called `keep` ends the training here, as if this had been the last step; one called `try`
asks for a package of the model as it is now.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch

from genstudio.core import files, run
from genstudio.core.errors import DiskFull, GenStudioError
from genstudio.core.events import (
    Advice,
    Done,
    Event,
    Log,
    Metric,
    Preview,
    Progress,
    Started,
)
from genstudio.core.recipe import Recipe
from genstudio.core.run import CheckpointManifest
from genstudio.training import checkpoint, detectors, precision, shards, watching
from genstudio.training.device import Device
from genstudio.training.distributed import place
from genstudio.training.doctor import Doctor, History
from genstudio.training.ema import Ema
from genstudio.training.feeding import Data, amount, feed
from genstudio.training.objective import Objective
from genstudio.training.position import Position
from genstudio.training.records import Records
from genstudio.training.rounds import NotFinite, Rounds

SAID_EVERY = 0.25  # seconds between Progress events: how soon a stop is noticed
DISK_WAIT = 5.0  # seconds between tries while the disk is full
RETURNS = 3  # to the last good checkpoint after a loss that is not finite
LOGGED = 1000  # about so many lines in metrics.jsonl
CHANGEABLE = ("betas", "weight_decay")  # of an optimiser, by the recipe of a resumed run
LOOKS = 50  # of the doctor, beside those after validations and samples


class Trainer:
    """Trains `objective` by `recipe` on `data`, validates on `held`, writes into `folder`."""

    def __init__(
        self,
        recipe: Recipe,
        objective: Objective,
        data: Data,
        held: Data | None,
        folder: Path,
        device: Device,
    ) -> None:
        self.settings = s = recipe.settings
        self.objective, self.folder, self.device = objective, folder, device
        for network in objective.networks.values():
            network.to(device.name, memory_format=torch.channels_last).train()  # type: ignore[call-overload]
        self.place = place()
        shards.start_alike(self.place, objective.networks.values())
        self.batches = feed(data, held, s, recipe.seed, device.name)
        exact = precision.choose(device.name, s.mixed)
        self.rounds = Rounds(objective, s, self.batches, recipe.seed, self.place, exact)
        self.ema = Ema(objective.networks, objective.ema, s.ema)
        self.seed = recipe.seed
        self.position = Position()
        much = amount(data)
        self.history = History(
            s, recipe.options, much.pictures, much.tokens, much.windows, objective.best,
            sounds=much.sounds, pieces=much.pieces,
        )  # fmt: skip
        self.doctor = Doctor([*detectors.general(), *objective.detectors()], self.history)
        self.records = Records(folder, self.doctor, self.place.writes)
        self.watch = watching.watch(objective, self.batches, recipe.seed)
        self.attempt: Callable[[], Iterator[Event]] = _nothing
        self.seconds = 0.0
        self.restored = False  # whether step, best and seconds are those of the run yet
        self._leaving = False
        self._every = max(1, s.steps // LOGGED)
        self._looks = max(1, s.steps // self._every // LOOKS)
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

    def run(self, ends: bool = False) -> Iterator[Event]:
        """Train to the last step: Started, Progress, Metric, Preview, Log, then Done or a stop.

        Stopped early it ends without Done. `ends`: the last checkpoint is the end, nothing more
        is trained. Raises GenStudioError when it cannot go on.
        """
        yield Started(
            device=self.device.label, reason=self.device.reason, threads=self.device.threads
        )
        yield from self.restore()
        if not self.step:
            yield from self._look()
        while self.step < self.settings.steps and not self._enough():
            asked = run.KEEP_FILE if ends else self.place.share(self._asked())
            if asked == run.STOP_FILE:
                yield from self.save()
                self._heard(asked)
                yield Log(text=f"Stopped at step {self.step}; it can be resumed.")
                return
            if asked == run.KEEP_FILE:
                yield from self._end()
                break
            if asked == run.TRY_FILE and self.place.writes:
                self._heard(asked)
                yield from self.attempt()
            yield from self._whole(self._one())
        else:
            if self.step < self.settings.steps:
                many = self.position.worse
                yield Log(text=f"Validation has not improved {many} times in a row: the end.")
        yield from self.save()
        yield Done(seconds=self.seconds, data={"step": self.step})

    def _end(self) -> Iterator[Event]:
        """What the last step would do, here."""
        self._heard(run.KEEP_FILE)
        validated, _ = self.history.validation()
        missing = self.place.share(self.step not in validated)
        if self.objective.best is not None and missing:
            yield from self._validate()
        yield Log(text=f"Ended at step {self.step} as asked; the best state becomes the model.")

    def _asked(self) -> str:
        """What somebody wants of this training now: the name of the file that says so, or ""."""
        return next((name for name in run.WISHES if (self.folder / name).is_file()), "")

    def _heard(self, wish: str) -> None:
        if self.place.writes:
            files.remove(self.folder / wish)

    def _enough(self) -> bool:
        """True where patience is at its end."""
        return 0 < self.settings.patience <= self.position.worse

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
        if self.place.writes:
            files.clean_leftovers(self.folder)
        found, said = checkpoint.newest(self.checkpoints, self.device.name, self.place)
        for text in said:
            yield Log(level="warning", text=text)
        self._clock = time.monotonic()
        if found is None:
            self.restored = True
            self.records.cut(self.step)
            yield from self.save()
            return
        yield from self._compare(found.manifest)
        self._load(found)
        self.restored = True
        yield Log(text=f"Continues at step {self.step}.")

    def _compare(self, manifest: CheckpointManifest) -> Iterator[Event]:
        """Say it where the continuation cannot equal the unbroken run bit for bit."""
        alike = manifest.world == self.place.world and self.device.name == "cpu"
        if alike and manifest.threads != self.device.threads:
            torch.set_num_threads(manifest.threads)
        here = (torch.get_num_threads(), str(torch.__version__), self.device.name)
        if here != (manifest.threads, manifest.torch, manifest.device) or not alike:
            yield Log(
                text="Continues, but not bit for bit: device, threads, number of processes or "
                "PyTorch differ."
            )

    def _one(self) -> Iterator[Event]:
        """One round and all that is due after it."""
        try:
            values = self.rounds.round(self.step)
        except NotFinite as error:
            yield from self._return(str(error), "stopped being a number")
            return
        self.ema.update(self.step)
        self.position.step += 1
        self.position.add(values)
        yield from self._report()
        phase = self.place.share(detectors.exploded(self.history)) if self._logs else ""
        if phase and self.position.returns < RETURNS:
            yield from self._return(phase, "shot up")
            return
        best = self.best
        if self._due(self.settings.validate_every) and self.objective.best is not None:
            yield from self._validate()
        if self._due(self.settings.sample_every):
            yield from self._show()
        if self._logs and (self.step // self._every) % self._looks == 0:
            yield from self._look()
        due = time.monotonic() - self._saved_at >= self.settings.checkpoint_seconds
        if due or self.best != best:
            yield from self.save()

    def _due(self, every: int) -> bool:
        return bool(every) and (self.step % every == 0 or self.step == self.settings.steps)

    @property
    def _logs(self) -> bool:
        return self.step % self._every == 0

    def _report(self) -> Iterator[Event]:
        for text in self.rounds.said:
            yield Log(level="warning", text=text)
        self.rounds.said.clear()
        if self._logs:
            yield from self._tell(self.position.means())
        now = time.monotonic()
        if now - self._said_at >= SAID_EVERY or self.step == self.settings.steps:
            self._said_at = now
            steps = self.settings.steps
            yield Progress(done=self.step, total=steps, text=f"step {self.step} of {steps}")

    def _tell(self, values: dict[str, float]) -> Iterator[Event]:
        """A row of the log: written, remembered and said."""
        yield from self._write(lambda: self.records.metrics(self.step, values))
        self.history.add(self.step, values)
        yield Metric(step=self.step, values=dict(values))

    def _look(self) -> Iterator[Event]:
        """Let the doctor look, and tell what is new."""
        for advice in self.doctor.look():
            yield from self._advise(advice)

    def _advise(self, advice: Advice) -> Iterator[Event]:
        yield from self._write(lambda: self.records.advice(self.step, advice))
        yield advice

    def _validate(self) -> Iterator[Event]:
        values: dict[str, float] = {}
        if self.place.writes:
            with watching.quiet(self.objective, self.ema) as networks:
                values = watching.validate(self.objective, networks, self.batches)
        values = self.place.share(values)
        if not values:
            return
        yield from self._tell(values)
        assert self.objective.best is not None
        name, better = self.objective.best
        self.position.offer(values[f"valid/{name}"] * (1 if better == "higher" else -1))

    def _show(self) -> Iterator[Event]:
        if not self.place.writes:
            return
        with watching.quiet(self.objective, self.ema) as networks:
            seen = self.watch(networks)
        if seen.values:
            yield from self._tell(seen.values)
        data = seen.data
        if not data:
            return
        stem = self.folder / run.SAMPLES / f"step-{self.step:06d}"
        for suffix, more in seen.more.items():  # before the sheet: who sees it finds them
            yield from self._write(partial(files.write_bytes, Path(f"{stem}{suffix}"), more))
        path = Path(f"{stem}{seen.suffix}")
        yield from self._write(lambda: files.write_bytes(path, data))
        yield from self._write(lambda: self.records.asked(seen.asked))
        yield Preview(path=str(path))

    def _return(self, phase: str, what: str) -> Iterator[Event]:
        """Back to the last good checkpoint with half the rate; the fourth time it ends."""
        at = self.step + (what != "shot up")
        if self.position.returns >= RETURNS:
            raise GenStudioError(
                f"The loss {what} in phase {phase} at step {at}, "
                f"also after {RETURNS} returns with a smaller learning rate",
                next_step="Start again with a smaller learning rate, or turn on clipping.",
            )
        rate, returns = self.rounds.rate / 2, self.position.returns + 1
        found, _ = checkpoint.newest(self.checkpoints, self.device.name, self.place)
        if found is None:
            raise GenStudioError(f"The loss {what} and no checkpoint is whole")
        calmer = detectors.calmer(self.history)[1:]
        self._load(found)
        self.rounds.rate, self.position.returns = rate, returns
        text = (
            f"The loss {what} in phase {phase} at step {at}: back to step {self.step} "
            f"with half the learning rate ({returns} of {RETURNS})."
        )
        yield Log(level="warning", text=text)
        name = detectors.LossExplodes.name
        advice = Advice(step=self.step, name=name, level="warning", text=text, remedies=calmer)
        yield from self._advise(self.doctor.say(advice))

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
            device=self.device.name, seconds=self.seconds, world=self.place.world,
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
        return {
            "networks": {n: m.state_dict() for n, m in self.objective.networks.items()},
            "ema": {n: m.state_dict() for n, m in self.ema.copies.items()},
            "optimisers": {
                "+".join(names): o.state_dict() for names, o in self.rounds.optimisers.items()
            },
            "state": {**self.position.to_dict(), **self.rounds.state()},
        }

    def take_weights(self, found: checkpoint.Loaded) -> None:
        """Weights and averages of a checkpoint, nothing else of it."""
        for name, network in self.objective.networks.items():
            network.load_state_dict(found.parts["networks"][name])
        for name, network in self.ema.copies.items():
            # Averaging may have been turned on since.
            kept = found.parts["ema"].get(name, found.parts["networks"][name])
            network.load_state_dict(kept)

    def _load(self, found: checkpoint.Loaded) -> None:
        parts, state = found.parts, found.parts["state"]
        self.take_weights(found)
        for names, optimiser in self.rounds.optimisers.items():
            asked = [{name: g[name] for name in CHANGEABLE} for g in optimiser.param_groups]
            optimiser.load_state_dict(parts["optimisers"]["+".join(names)])
            for of_one in optimiser.state.values():
                # The same names as those of states that begin later: a checkpoint tells two strings
                # from one, and resumed is to equal uninterrupted to the last bit.
                kept = {sys.intern(str(name)): value for name, value in of_one.items()}
                of_one.clear()
                of_one.update(kept)
            for group, own in zip(optimiser.param_groups, asked, strict=True):
                group.update(own)  # the recipe may have been changed since
        self.position = Position.from_dict(state)
        self.rounds.take(state)
        self.seconds = max(self.seconds, found.manifest.seconds)
        self.records.cut(self.step)

    def _stop_asked(self) -> bool:
        return (self.folder / run.STOP_FILE).exists()


def _nothing() -> Iterator[Event]:
    return iter(())
