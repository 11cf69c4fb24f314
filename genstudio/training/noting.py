"""run.json and log.jsonl of a run, kept true while it is trained."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from genstudio.core import files
from genstudio.core import run as runs
from genstudio.core.errors import GenStudioError
from genstudio.core.events import Done, Event, Log, Progress
from genstudio.core.run import Change, Run, RunState
from genstudio.training import metrics
from genstudio.training.distributed import place
from genstudio.training.packing import now
from genstudio.training.trainer import Trainer

NOTED_EVERY = 5.0  # seconds between updates of run.json


class Note:
    """The state of a run on disk; of several processes only the first one writes."""

    def __init__(self, state: Run, folder: Path) -> None:
        self.state, self._folder, self._at = state, folder, 0.0
        self._writes = place().writes
        self._returns = -1

    def set(self, **fields: object) -> None:
        """Change and write the state."""
        self.state = self.state.model_copy(update=fields)
        if self._writes:
            files.write_bytes(self._folder / runs.RUN_FILE, self.state.to_bytes())
        self._at = time.monotonic()

    def rest(self, state: RunState, trainer: Trainer, **fields: object) -> None:
        """No process works on the run any more."""
        self.set(state=state, pid=0, **_standing(trainer), **fields)

    def passing(self, event: Event, trainer: Trainer) -> None:
        """Keep a sentence of the log, changes, and now and then the step.

        All of it is only shown, so a full disk is no reason to end.
        """
        with contextlib.suppress(GenStudioError):
            if isinstance(event, Log):
                self.keep(event, trainer.step)
            changes = self._changes(trainer)
            due = time.monotonic() - self._at > NOTED_EVERY
            if changes:
                recipe = self.state.recipe
                settings = recipe.settings.model_copy(update={"parts": trainer.rounds.parts})
                recipe = recipe.model_copy(update={"settings": settings})
                kept = (*self.state.changes, *changes)[-1000:]
                self.set(recipe=recipe, changes=kept, **_standing(trainer))
            elif isinstance(event, Progress | Done) and due:
                self._at = time.monotonic()
                self.set(**_standing(trainer))

    def keep(self, said: Log, step: int) -> Log:
        """Write a sentence into the log of the run; the same sentence."""
        row = {"level": said.level, "text": said.text, "at": now()}
        if self._writes:
            with contextlib.suppress(GenStudioError):
                metrics.append(self._folder / runs.LOG_FILE, step, row)
        return said

    def _changes(self, trainer: Trainer) -> list[Change]:
        """What the trainer changed by itself since the last look."""
        found, parts, returns = [], trainer.rounds.parts, trainer.position.returns
        if parts != self.state.recipe.settings.parts:
            what = f"Memory ran out: each batch is computed in {parts} parts"
            found.append(Change(step=trainer.step, what=what, settings={"parts": parts}))
        if returns > self._returns >= 0:
            what = f"The loss ran away: half the learning rate ({returns} of 3)"
            found.append(Change(step=trainer.step, what=what))
        self._returns = returns
        return found


def _standing(trainer: Trainer) -> dict[str, object]:
    if not trainer.restored:
        return {}
    best = trainer.best[1] if trainer.best else 0
    return {"step": trainer.step, "seconds": trainer.seconds, "best_step": best}
