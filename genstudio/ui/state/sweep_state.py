"""SweepState: asking for many at once: two axes, or a list of prompts or pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from genstudio.core.controls import Control, Text
from genstudio.core.errors import Problem, UsageError
from genstudio.core.series import MOST_ITEMS, Series
from genstudio.core.stored import Json
from genstudio.core.sweep import MOST, Axis, AxisControl, read_axis
from genstudio.studio import lists, sweep
from genstudio.studio.requests import draw_seed
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.looks import Looks
from genstudio.ui.state.words import several

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

ONCE, SWEEP, LIST = "once", "sweep", "list"
PROMPTS, PICTURES = "prompts", "pictures"
ACROSS, DOWN = "x", "y"


@dataclass(frozen=True)
class Draft:
    """An axis as it is typed."""

    name: str = ""
    values: str = ""
    find: str = ""


@dataclass(frozen=True)
class Source:
    """A file of prompts or a folder of pictures that was read, or why it could not be."""

    path: Path
    lines: tuple[dict[str, str], ...] = ()
    pictures: tuple[Path, ...] = ()
    problem: str = ""
    reading: bool = False


class SweepState(QObject):
    """`mode` says what a press of the button does; `series` is what it would ask for."""

    changed = Signal()
    edited = Signal()

    def __init__(self, studio: Studio, ask: AskState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._looks = Looks(studio.looker, self)
        self._wanted = ONCE
        self.drafts = {ACROSS: Draft(), DOWN: Draft()}
        self._typed: dict[str, Draft] = {}
        self.kind = PROMPTS
        self.text = ""
        self.sources: dict[str, Source] = {}
        for signal in (ask.task_changed, ask.model_changed, ask.models_changed):
            signal.connect(self.changed)

    def close(self) -> None:
        """Read no more."""
        self._looks.close()

    # ---- what can be done here

    @property
    def controls(self) -> tuple[AxisControl, ...]:
        """What may change along an axis."""
        model, task = self._ask.model, self._ask.task
        if model is None or task is None:
            return ()
        return sweep.axes(model, task, self._ask.models)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of what the task can take a list."""
        task = self._ask.task
        if task is None:
            return ()
        prompts = (PROMPTS,) if lists.prompt_control(task) else ()
        return (*prompts, PICTURES) if lists.picture_control(task) else prompts

    @property
    def modes(self) -> tuple[str, ...]:
        """What the button may be set to, `once` first."""
        able = (SWEEP,) if self.controls else ()
        return (ONCE, *able, LIST) if self.kinds else (ONCE, *able)

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
        if isinstance(control, Text) and not axis.find:
            # The whole prompt is another one: styles go round it as round any other.
            values = tuple(self._dressed(control, str(value)) for value in axis.values)
            axis = axis.model_copy(update={"values": values})
        return axis

    def told(self, which: str) -> tuple[str, bool]:
        """(what the values of an axis mean or why they do not fit, whether they are at fault)."""
        try:
            axis = self.axis(which)
        except UsageError as error:
            empty = not self.draft(which).values.strip()
            return ("" if empty else error.problem.what), not empty
        if axis is None:
            return "", False
        return f"{several(len(axis.values), 'value')}: {', '.join(axis.labels)}", False

    # ---- lists

    @property
    def list_kind(self) -> str:
        """`prompts` or `pictures`: the wish, where the task takes such a list."""
        kinds = self.kinds
        return self.kind if self.kind in kinds or not kinds else kinds[0]

    def set_kind(self, kind: str) -> None:
        """A list of prompts or a folder of pictures."""
        self.kind = kind
        self._say()

    def set_text(self, text: str) -> None:
        """Prompts typed or pasted, one a line."""
        if text != self.text:
            self.text = text
            self._say()

    @property
    def source(self) -> Source | None:
        """The file or folder of the kind at hand."""
        return self.sources.get(self.list_kind)

    def set_source(self, path: Path | None) -> None:
        """Have another process read a file of prompts or list a folder of pictures."""
        kind = self.list_kind
        self._looks.forget(kind)
        if path is None:
            self.sources.pop(kind, None)
            self._say()
            return
        self.sources[kind] = Source(path, reading=True)
        column = self._column()
        body: dict[str, Json] = {"path": str(path), "kind": kind, "column": column}
        self._looks.ask(
            kind,
            "read_list",
            body,
            lambda data: self._read(kind, path, data),
            failed=lambda problem: self._failed(kind, path, problem),
        )
        self._say()

    def _column(self) -> str:
        control = lists.prompt_control(self._ask.task) if self._ask.task else None
        return control.name if control else "prompt"

    def _read(self, kind: str, path: Path, data: dict[str, Json]) -> None:
        found = data.get("found")
        entries: list[Any] = found if isinstance(found, list) else []
        if kind == PROMPTS:
            self.sources[kind] = Source(path, lines=tuple(dict(line) for line in entries))
        else:
            self.sources[kind] = Source(path, pictures=tuple(path / str(n) for n in entries))
        self.changed.emit()

    def _failed(self, kind: str, path: Path, problem: Problem) -> None:
        self.sources[kind] = Source(path, problem=problem.what)
        self.changed.emit()

    def lines(self) -> list[dict[str, str]]:
        """The prompts: those of the file, then those typed."""
        source = self.sources.get(PROMPTS)
        column = self._column()
        return [*(source.lines if source else ()), *lists.read_lines(self.text, column)]

    # ---- what a press would ask for

    def fills(self) -> str:
        """Name of the input that the list fills; the form's own need not be given."""
        if self.mode != LIST or self.list_kind != PICTURES or not self.ready():
            return ""
        control = lists.picture_control(self._ask.task) if self._ask.task else None
        return control.name if control else ""

    def missing(self) -> list[Control]:
        """Required inputs that are empty, without the one that the list fills."""
        return [control for control in self._ask.missing() if control.name != self.fills()]

    def count(self) -> int:
        """How many items a press would make; 0 while something is missing."""
        if self.mode == LIST:
            if self.list_kind == PROMPTS:
                return len(self.lines())
            source = self.source
            return len(source.pictures) if source else 0
        try:
            across, down = self.axis(ACROSS), self.axis(DOWN)
        except UsageError:
            return 0
        return len(across.values) * (len(down.values) if down else 1) if across else 0

    def ready(self) -> bool:
        """Whether a press would make something."""
        most = MOST if self.mode == SWEEP else MOST_ITEMS
        return self.mode == ONCE or 0 < self.count() <= most

    def button(self, verb: str) -> str:
        """`Sweep 12`, or the task's verb with all results of a list; "" where one asks once."""
        count = self.count() if self.mode != ONCE else 0
        if self.mode == SWEEP:
            return f"Sweep {count}" if 0 < count <= MOST else "Sweep"
        each = self._ask.values.get("count")
        return f"{verb} {count * (each if isinstance(each, int) else 1)}" if count else ""

    def summary(self) -> str:
        """`5 × 3 = 15 pictures`, `24 prompts, 4 pictures each`, or what is still missing."""
        count = self.count()
        if self.mode == LIST:
            return self._list_summary(count)
        across = len(self._labels(ACROSS))
        down = len(self._labels(DOWN))
        if count > MOST:
            return f"{across} × {down} = {count}: a sweep makes at most {MOST}."
        if not count:
            return "Type the values of each axis."
        whole = several(count, "picture")
        return f"{across} × {down} = {whole}, one seed" if down else f"{whole} in one row"

    def _list_summary(self, count: int) -> str:
        source, each = self.source, self._ask.values.get("count")
        if source is not None and (source.problem or source.reading):
            return source.problem or "Reading…"
        if not count:
            kind = "a prompt a line" if self.list_kind == PROMPTS else "a folder of pictures"
            return f"Give {kind}."
        noun = "prompt" if self.list_kind == PROMPTS else "picture"
        many = f", {several(each, 'result')} each" if isinstance(each, int) and each > 1 else ""
        return f"{several(count, noun)}{many}"

    def _labels(self, which: str) -> Sequence[str]:
        try:
            axis = self.axis(which)
        except UsageError:
            return ()
        return axis.labels if axis else ()

    def series(self, seed: int, first: int = 0) -> Series:
        """Everything that a press asks for, checked; raises UsageError."""
        model = self._ask.model
        if model is None:
            raise UsageError("No model is chosen", next_step="Choose one, or import one in Models.")
        if self.mode == SWEEP:
            across = self.axis(ACROSS)
            if across is None:
                raise UsageError("Choose what changes across")
            base = self._ask.request(seed, first=first)
            return sweep.make(self._ask.models, base, across, self.axis(DOWN))
        if self.list_kind == PROMPTS:
            base = self._ask.request(seed, first=first)
            control = lists.prompt_control(self._ask.task)  # type: ignore[arg-type]
            made = lists.of_lines(model, base, self.lines(), self._name("a list of prompts"))
            return self._dressed_lines(made, control)
        source = self.source
        if source is None or not source.pictures:
            raise UsageError("Choose a folder of pictures first")
        base = self._ask.request(seed, first=first, **{self.fills(): source.pictures[0]})
        return lists.of_pictures(model, base, self.fills(), source.pictures, source.path.name)

    def _name(self, otherwise: str) -> str:
        source = self.source
        return source.path.name if source and source.lines else otherwise

    def _dressed(self, control: Text, text: str) -> str:
        values = self._ask.dress(self._ask.controls, {**self._ask.values, control.name: text})
        return str(values.get(control.name, text))

    def _dressed_lines(self, series: Series, control: Text | None) -> Series:
        """Styles go round every line."""
        if control is None:
            return series
        items = []
        for item in series.items:
            text = self._dressed(control, str(item.values.get(control.name, "")))
            items.append(item.model_copy(update={"values": {**item.values, control.name: text}}))
        return series.model_copy(update={"items": tuple(items)})

    # ---- session

    def snapshot(self) -> dict[str, Any]:
        """What is typed and chosen, as JSON."""
        return {
            "mode": self._wanted,
            "axes": {which: vars(draft) for which, draft in self.drafts.items()},
            "kind": self.kind,
            "text": self.text,
            "sources": {kind: str(source.path) for kind, source in self.sources.items()},
        }

    def restore(self, saved: dict[str, Any]) -> None:
        """Put a snapshot back; files are read again when the list is looked at."""
        self._wanted = str(saved.get("mode", ONCE))
        axes = saved.get("axes", {})
        for which, draft in axes.items() if isinstance(axes, dict) else ():
            if which in self.drafts and isinstance(draft, dict):
                words = {k: str(draft.get(k, "")) for k in ("name", "values", "find")}
                self.drafts[which] = replace(Draft(), **words)
                self._typed[f"{which} {words['name']}"] = self.drafts[which]
        self.kind = PICTURES if saved.get("kind") == PICTURES else PROMPTS
        self.text = str(saved.get("text", ""))
        sources = saved.get("sources", {})
        for kind, path in sources.items() if isinstance(sources, dict) else ():
            if kind == self.list_kind and Path(str(path)).exists():
                self.set_source(Path(str(path)))
        self.changed.emit()

    def _say(self) -> None:
        self.changed.emit()
        self.edited.emit()


def _unchanging(text: str) -> Callable[[], int]:
    """Seeds that are drawn once for a text: looking at it again must not change them."""
    import random

    drawn = random.Random(f"{_SALT} {text}")
    return lambda: drawn.randrange(2**32)


_SALT = draw_seed()
