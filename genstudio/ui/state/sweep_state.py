"""SweepState: what a press asks for: once, a sweep of two settings, or all of a list."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from genstudio.core.controls import Control, Text
from genstudio.core.errors import GenStudioError, Problem, UsageError
from genstudio.core.events import ENDS, Done, Event, Failed
from genstudio.core.series import Series
from genstudio.core.stored import Json
from genstudio.core.sweep import MOST, Axis, AxisControl, read_axis
from genstudio.studio import series as shelf
from genstudio.studio import sweep
from genstudio.studio.requests import draw_seed
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.list_state import MOST_HERE, ListState, dressed
from genstudio.ui.state.remake import opened_series, series_round
from genstudio.ui.state.results import Round
from genstudio.ui.state.words import several

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

ONCE, SWEEP, LIST = "once", "sweep", "list"
ACROSS, DOWN = "x", "y"
_ROOM = 56
"""Letters of a line below an axis."""


@dataclass(frozen=True)
class Draft:
    """An axis as it is typed."""

    name: str = ""
    values: str = ""
    find: str = ""


class SweepState(QObject):
    """`mode` says what a press of the button does; `begin` does it."""

    changed = Signal()
    edited = Signal()
    said = Signal(str, str, object)
    problem = Signal(object)

    def __init__(self, studio: Studio, ask: AskState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio, self._ask = studio, ask
        self.list = ListState(studio, ask, self)
        self._wanted = ONCE
        self.drafts = {ACROSS: Draft(), DOWN: Draft()}
        self._typed: dict[str, Draft] = {}
        self._sheets: dict[str, Path] = {}
        for signal in (ask.task_changed, ask.model_changed, ask.models_changed, self.list.changed):
            signal.connect(self.changed)
        ask.edited.connect(lambda _name: self._on_form())
        self.list.edited.connect(self.edited)

    def close(self) -> None:
        """Read no more."""
        self.list.close()

    # ---- what can be done here

    @property
    def controls(self) -> tuple[AxisControl, ...]:
        """What may change along an axis."""
        model, task = self._ask.model, self._ask.task
        if model is None or task is None:
            return ()
        return sweep.axes(model, task, self._ask.models)

    @property
    def modes(self) -> tuple[str, ...]:
        """What the button may be set to, `once` first."""
        able = (SWEEP,) if self.controls else ()
        return (ONCE, *able, LIST) if self.list.kinds else (ONCE, *able)

    @property
    def mode(self) -> str:
        """What the button does: the wish, where the task can do it."""
        return self._wanted if self._wanted in self.modes else ONCE

    def set_mode(self, mode: str) -> None:
        """`once`, `sweep` or `list`."""
        if mode in self.modes and mode != self.mode:
            self._wanted = mode
            self._say()

    # ---- axes

    def control(self, which: str) -> AxisControl | None:
        """The control on axis `x` or `y`."""
        name = self.draft(which).name
        return next((c for c in self.controls if c.name == name), None)

    def draft(self, which: str) -> Draft:
        """An axis as typed; across there is always a setting."""
        draft, controls = self.drafts[which], self.controls
        if any(c.name == draft.name for c in controls) or not controls:
            return draft
        return self._remembered(which, controls[0].name if which == ACROSS else "")

    def set_draft(self, which: str, draft: Draft) -> None:
        """Another setting, other values; those of a setting come back when it is chosen again."""
        before = self.draft(which)
        if draft.name != before.name:
            draft = self._remembered(which, draft.name)
        if draft != self.drafts[which]:
            self.drafts[which] = draft
            self._typed[f"{which} {draft.name}"] = draft
            self._say()

    def _remembered(self, which: str, name: str) -> Draft:
        return self._typed.get(f"{which} {name}", Draft(name))

    def axis(self, which: str) -> Axis | None:
        """The axis that is meant; None where there is none. Raises UsageError."""
        control, draft = self.control(which), self.draft(which)
        if control is None:
            return None
        axis = read_axis(control, draft.values, draft.find.strip(), _unchanging(draft.values))
        if axis.find:
            axis.applied(0, self._ask.values.get(control.name, ""))  # are the words there?
        elif isinstance(control, Text):
            # The whole prompt is another one: styles go round it as round any other.
            values = tuple(dressed(self._ask, control.name, str(value)) for value in axis.values)
            axis = axis.model_copy(update={"values": values})
        return axis

    def told(self, which: str) -> tuple[str, bool]:
        """(what the values of an axis mean or why they do not fit, whether they are at fault).

        Nothing is said where the values stand there one by one.
        """
        try:
            axis = self.axis(which)
        except UsageError as error:
            empty = not self.draft(which).values.strip()
            return ("" if empty else error.problem.what), not empty
        if axis is None or _plain(self.draft(which).values) == _plain(", ".join(axis.labels)):
            return "", False
        return f"{several(len(axis.values), 'value')}: {_listed(axis.labels)}", False

    # ---- what a press would ask for

    def missing(self) -> list[Control]:
        """Required inputs that are empty, without the one that a folder fills."""
        filled = self.list.fills() if self.mode == LIST else ""
        return [control for control in self._ask.missing() if control.name != filled]

    def count(self) -> int:
        """How many items a press would make; 0 while something is missing."""
        if self.mode == LIST:
            return self.list.count()
        try:
            across, down = self.axis(ACROSS), self.axis(DOWN)
        except UsageError:
            return 0
        return len(across.values) * (len(down.values) if down else 1) if across else 0

    def ready(self) -> bool:
        """Whether a press would make something."""
        most = MOST if self.mode == SWEEP else MOST_HERE
        return self.mode == ONCE or 0 < self.count() <= most

    def button(self, verb: str) -> str:
        """`Sweep 12`, or the task's verb with all results of a list; "" where one asks once."""
        count = self.count() if self.mode != ONCE else 0
        if self.mode == SWEEP:
            return f"Sweep {count}" if 0 < count <= MOST else "Sweep"
        each = self._ask.values.get("count")
        return f"{verb} {count * (each if isinstance(each, int) else 1)}" if count else ""

    def summary(self) -> str:
        """`5 × 3 = 15 pictures`, `24 prompts, 4 results each`, or what is still missing."""
        if self.mode != SWEEP:
            return self.list.summary() if self.mode == LIST else ""
        count, across, down = self.count(), self._length(ACROSS), self._length(DOWN)
        if count > MOST:
            return f"{across} × {down} = {count}: a sweep makes at most {MOST}."
        if not count:
            bad = next((which for which in (ACROSS, DOWN) if self.told(which)[1]), "")
            control = self.control(bad) if bad else None
            words = "Type the values of each axis."
            return f"The values of {control.label} do not fit." if control else words
        names = {self.draft(which).name for which in (ACROSS, DOWN)}
        seed = "" if sweep.SEED in names else ", one seed"
        whole = several(count, "picture")
        return f"{across} × {down} = {whole}{seed}" if down else f"{whole} in one row{seed}"

    def _on_form(self) -> None:
        """Whether words to replace are there follows the prompt."""
        if self.mode == SWEEP and any(self.draft(which).find for which in (ACROSS, DOWN)):
            self.changed.emit()

    def _length(self, which: str) -> int:
        try:
            axis = self.axis(which)
        except UsageError:
            return 0
        return len(axis.values) if axis else 0

    def series(self, seed: int, first: int = 0) -> Series:
        """Everything that a press asks for, checked; raises UsageError."""
        if self._ask.model is None:
            raise UsageError("No model is chosen", next_step="Choose one, or import one in Models.")
        if self.mode == LIST:
            return self.list.series(seed, first)
        across = self.axis(ACROSS)
        if across is None:
            raise UsageError("Choose what changes across")
        base = self._ask.request(seed, first=first)
        return sweep.make(self._ask.models, base, across, self.axis(DOWN))

    def begin(self, seed: int, first: int = 0) -> Round | None:
        """Queue it as one job; the round with its places, None (and a sentence) when refused."""
        try:
            asked = series_round(self._ask, series := self.series(seed, first))
            asked.job = shelf.start(self._studio.home, self._studio.queue, series)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return None
        return asked

    # ---- again

    def opened(self, name: str, rounds: Sequence[Round]) -> Round | None:
        """A sweep or list of the gallery as the round it was, of `rounds` if it is there still."""
        for asked in rounds:
            if asked.series is not None and asked.series.id == name:
                return asked
        try:
            return opened_series(self._studio, self._ask, name)
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return None

    # ---- the labelled sheet

    def export_sheet(self, series: Series, folder: Path, level: str) -> str:
        """Have the sheet of a sweep written into `folder`; returns the job, "" when refused."""
        body: dict[str, Json] = {"series": series.id, "target": str(folder), "level": level}
        try:
            job = self._studio.queue.submit_work("files", "export_sheet", body, "Export sheet")
        except GenStudioError as error:
            self.problem.emit(error.problem)
            return ""
        self._sheets[job] = folder
        return job

    def on_event(self, event: Event) -> None:
        """Follow the sheets that are being written; tell what of a list could not be made."""
        failed = event.data.get("failed") if isinstance(event, Done) else None
        if isinstance(failed, list) and failed:
            self.problem.emit(_not_made(failed))
        if event.job in self._sheets and isinstance(event, ENDS):
            folder = self._sheets.pop(event.job)
            if isinstance(event, Failed):
                self.problem.emit(event.problem)
            elif isinstance(event, Done):
                self.said.emit(f"The labelled sheet was written to {folder}", "", None)

    # ---- session

    def snapshot(self) -> dict[str, Any]:
        """What is typed and chosen, as JSON."""
        axes = {which: vars(draft) for which, draft in self.drafts.items()}
        return {"mode": self._wanted, "axes": axes, "list": self.list.snapshot()}

    def restore(self, saved: dict[str, Any]) -> None:
        """Put a snapshot back; files are read again."""
        self._wanted = str(saved.get("mode", ONCE))
        axes = saved.get("axes", {})
        for which, kept in axes.items() if isinstance(axes, dict) else ():
            if which in self.drafts and isinstance(kept, dict):
                draft = Draft(*(str(kept.get(k, "")) for k in ("name", "values", "find")))
                self.drafts[which] = self._typed[f"{which} {draft.name}"] = draft
        kept = saved.get("list", {})
        self.list.restore(kept if isinstance(kept, dict) else {})

    def _say(self) -> None:
        self.changed.emit()
        self.edited.emit()


def _listed(labels: Sequence[str]) -> str:
    """All of a few labels, else the first ones and the last."""
    whole = ", ".join(labels)
    if len(whole) <= _ROOM:
        return whole
    first = ""
    for label in labels[:-1]:
        if len(first) + len(label) + len(labels[-1]) > _ROOM:
            break
        first += f"{label}, "
    return f"{first}… {labels[-1]}"


def _not_made(failed: Sequence[Json]) -> Problem:
    """Everything that went wrong, one line each."""
    lines = [f"{f.get('name')}: {f.get('text')}" for f in failed if isinstance(f, dict)]
    first = lines[0] if len(lines) == 1 else "The rest is there; Details lists them."
    return Problem(
        kind="bad-input",
        what=f"{several(len(failed), 'item')} could not be made",
        next_step=first,
        details="\n".join(lines),
    )


def _plain(text: str) -> list[str]:
    return [word.strip(' "').casefold() for word in text.replace("\n", ",").split(",")]


def _unchanging(text: str) -> Callable[[], int]:
    """Seeds that are drawn once for a text: looking at it again must not change them."""
    drawn = random.Random(f"{_SALT} {text}")
    return lambda: drawn.randrange(2**32)


_SALT = draw_seed()
