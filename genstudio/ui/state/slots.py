"""Slots: the inputs of tasks that a file could go into."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.core.controls import FileInput
from genstudio.core.family import Task

if TYPE_CHECKING:
    from genstudio.studio.library import Model
    from genstudio.ui.state.ask_state import AskState


@dataclass(frozen=True)
class Slot:
    """An input of some task that a file could go into. `title` is the task's, `label` its own."""

    model: str
    task: str
    name: str
    text: str
    title: str = ""
    label: str = ""

    def take(self, ask: AskState, path: Path) -> None:
        """Choose model and task, and put `path` in to go on with it."""
        ask.set_model(self.model)
        ask.set_task(self.task)
        ask.set_input(self.name, path)
        ask.picture_placed.emit(self.name)


def slots_of(model: Model, task: Task, kind: str, suffix: str) -> list[Slot]:
    """The inputs of a task that are of `kind`; files only where `suffix` fits."""
    fits = [c for c in task.inputs() if c.kind == kind]
    if kind == "file":
        fits = [c for c in fits if isinstance(c, FileInput) and suffix in c.suffixes]
    text = f"{model.manifest.title} · {task.title}"
    ids = (model.manifest.id, task.name)
    return [Slot(*ids, c.name, text, task.title, c.label) for c in fits]
