"""ListState: a list of prompts or a folder of pictures that is asked for item by item."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from genstudio.core.controls import Text
from genstudio.core.errors import Problem, UsageError
from genstudio.core.series import Series
from genstudio.core.stored import Json
from genstudio.studio import lists
from genstudio.ui.state.ask_state import AskState
from genstudio.ui.state.looks import Looks
from genstudio.ui.state.words import several

if TYPE_CHECKING:
    from genstudio.studio.studio import Studio

PROMPTS, PICTURES = "prompts", "pictures"
MOST_HERE = 1000
"""Laying out more would hold the window for longer than a blink."""


@dataclass(frozen=True)
class Source:
    """A file of prompts or a folder of pictures that was read, or why it could not be."""

    path: Path
    lines: tuple[dict[str, str], ...] = ()
    pictures: tuple[Path, ...] = ()
    problem: str = ""
    reading: bool = False


class ListState(QObject):
    """Files are read by another process; prompts may be typed as well."""

    changed = Signal()
    edited = Signal()

    def __init__(self, studio: Studio, ask: AskState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._looks = Looks(studio.looker, self)
        self._wanted = PROMPTS
        self.text = ""
        self.sources: dict[str, Source] = {}

    def close(self) -> None:
        """Read no more."""
        self._looks.close()

    # ---- what is chosen

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of what the task can take a list."""
        task = self._ask.task
        if task is None:
            return ()
        prompts = (PROMPTS,) if lists.prompt_control(task) else ()
        return (*prompts, PICTURES) if lists.picture_control(task) else prompts

    @property
    def kind(self) -> str:
        """`prompts` or `pictures`: the wish, where the task takes such a list."""
        kinds = self.kinds
        return self._wanted if self._wanted in kinds or not kinds else kinds[0]

    def set_kind(self, kind: str) -> None:
        """A list of prompts or a folder of pictures."""
        self._wanted = kind
        self._say()

    def set_text(self, text: str) -> None:
        """Prompts typed or pasted, one a line."""
        if text != self.text:
            self.text = text
            self._say()

    @property
    def source(self) -> Source | None:
        """The file or folder of the kind at hand."""
        return self.sources.get(self.kind)

    def set_source(self, path: Path | None) -> None:
        """Have another process read a file of prompts or list a folder of pictures."""
        kind = self.kind
        self._looks.forget(kind)
        if path is None:
            self.sources.pop(kind, None)
            self._say()
            return
        self.sources[kind] = Source(path, reading=True)
        body: dict[str, Json] = {"path": str(path), "kind": kind, "column": self._column()}
        self._looks.ask(
            kind,
            "read_list",
            body,
            lambda data: self._read(kind, path, data),
            failed=lambda problem: self._failed(kind, path, problem),
        )
        self._say()

    def _column(self) -> str:
        control = self._prompt()
        return control.name if control else "prompt"

    def _prompt(self) -> Text | None:
        return lists.prompt_control(self._ask.task) if self._ask.task else None

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

    # ---- what it comes to

    def lines(self) -> list[dict[str, str]]:
        """The prompts: those of the file, then those typed."""
        source = self.sources.get(PROMPTS)
        read = source.lines if source else ()
        return [*read, *lists.read_lines(self.text, self._column())]

    def fills(self) -> str:
        """Name of the input that a folder fills; "" where there is none."""
        control = lists.picture_control(self._ask.task) if self._ask.task else None
        return control.name if control and self.kind == PICTURES else ""

    def count(self) -> int:
        """How many items there are."""
        if self.kind == PROMPTS:
            return len(self.lines())
        return len(self.source.pictures) if self.source else 0

    def summary(self) -> str:
        """`24 prompts, 4 results each`, or what is still missing."""
        count, source, each = self.count(), self.source, self._ask.values.get("count")
        if source is not None and (source.problem or source.reading):
            return source.problem or "Reading…"
        prompts = self.kind == PROMPTS
        if not count:
            return "Type prompts, one a line." if prompts else "Give a folder of pictures."
        if count > MOST_HERE:
            return f"{count:,} are too many for the window: {MOST_HERE:,} go at once."
        many = f", {several(each, 'result')} each" if isinstance(each, int) and each > 1 else ""
        return several(count, "prompt" if prompts else "picture") + many

    def series(self, seed: int, first: int) -> Series:
        """Everything that a press asks for, checked; raises UsageError."""
        ask, source = self._ask, self.source
        assert ask.model is not None
        if self.kind == PICTURES:
            if source is None or not source.pictures:
                raise UsageError("Choose a folder of pictures first")
            base = ask.request(seed, first=first, **{self.fills(): source.pictures[0]})
            name = source.path.name
            return lists.of_pictures(ask.model, base, self.fills(), source.pictures, name)
        base = ask.request(seed, first=first)
        name = source.path.name if source and source.lines else "a list of prompts"
        made = lists.of_lines(ask.model, base, self.lines(), name)
        return self._dressed(made)

    def _dressed(self, series: Series) -> Series:
        """Styles go round the prompts of every line as they go round those of the form; what a
        line leaves open is the form's, which wears them already."""
        items = []
        for item in series.items:
            own = tuple(c for c in self._ask.controls if c.name in item.values)
            values = self._ask.dress(own, dict(item.values))
            items.append(item.model_copy(update={"values": values}))
        return series.model_copy(update={"items": tuple(items)})

    # ---- session

    def snapshot(self) -> dict[str, Any]:
        """What is typed and chosen, as JSON."""
        sources = {kind: str(source.path) for kind, source in self.sources.items()}
        return {"kind": self._wanted, "text": self.text, "sources": sources}

    def restore(self, saved: dict[str, Any]) -> None:
        """Put a snapshot back; the file or folder at hand is read again."""
        self._wanted = PICTURES if saved.get("kind") == PICTURES else PROMPTS
        self.text = str(saved.get("text", ""))
        sources = saved.get("sources", {})
        for kind, path in sources.items() if isinstance(sources, dict) else ():
            if kind == self.kind and Path(str(path)).exists():
                self.set_source(Path(str(path)))
        self.changed.emit()

    def _say(self) -> None:
        self.changed.emit()
        self.edited.emit()


def dressed(ask: AskState, name: str, text: str) -> str:
    """`text` as value of control `name` with the styles in use round it."""
    values = ask.dress(ask.controls, {**ask.values, name: text})
    return str(values.get(name, text))
