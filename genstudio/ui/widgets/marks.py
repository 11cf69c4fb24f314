"""Marks laid over the text of an editor, in layers; only what is in sight is laid.

Qt lays "extra selections" over text without touching it, but an editor has one list of them:
whoever marks text asks `Marks`. Positions are Qt's (UTF-16 units) and move with the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit
from shiboken6 import isValid

from genstudio.ui.theme import color, theme

MOST_IN_SIGHT = 3000
"""Marks that are drawn at once; a window full of words holds fewer."""
_Line = QTextCharFormat.UnderlineStyle


@dataclass(frozen=True)
class Look:
    """How marked text is drawn: tokens of the theme for ground, ink and a line below it."""

    ground: str = ""
    ink: str = ""
    under: str = ""
    line: _Line = _Line.DotLine


LOOKS = {
    **{f"chance_{n}": Look(f"chance_{n}") for n in range(1, 4)},
    "chance_4": Look("chance_4", under="dim"),
    "chance_5": Look("chance_5", under="text", line=_Line.DashUnderline),
    **{f"heat_{n}": Look(f"heat_{n}") for n in range(1, 5)},
    "chosen": Look("fill", "on_fill"),
    "found": Look("wash", under="accent", line=_Line.SingleUnderline),
    "found_here": Look("fill", "on_fill"),
    "copied": Look(under="red", line=_Line.WaveUnderline),
    "written": Look("wash"),
    "ghost": Look(ink="dim"),
}


@dataclass(frozen=True)
class Mark:
    """Characters `start` … `end` - 1 drawn as `look` says ("": not at all); `data` is the
    owner's."""

    start: int
    end: int
    look: str
    data: object = None


Provider = Callable[[int, int], Sequence[Mark]]
"""Gives the marks between two positions, whenever another part comes into sight."""


class _Layer:
    """Marks in order. Those from `gap` on stand `by` further than they say: typing in one place
    moves a hundred thousand marks behind it by changing one number."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self.items = sorted(marks, key=lambda mark: mark.start)
        self.gap, self.by = len(self.items), 0

    def start(self, place: int) -> int:
        return self.items[place].start + (self.by if place >= self.gap else 0)

    def mark(self, place: int) -> Mark:
        mark = self.items[place]
        if place < self.gap or not self.by:
            return mark
        return replace(mark, start=mark.start + self.by, end=mark.end + self.by)

    def marks(self) -> list[Mark]:
        return [self.mark(place) for place in range(len(self.items))]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Places of the marks that touch start … end; of an empty span the one around it."""
        places = range(len(self.items))
        first = bisect_right(places, start, key=self.start)
        if first and self.mark(first - 1).end > start:
            first -= 1
        return first, max(first, bisect_left(places, end, key=self.start))

    def add(self, marks: Sequence[Mark]) -> None:
        """Marks where there are none, in order."""
        self._move_gap(self.span(marks[0].start, marks[0].start)[1])
        self.items[self.gap : self.gap] = marks
        self.gap += len(marks)

    def cut(self, start: int, end: int) -> None:
        """Forget the marks that touch start … end."""
        first, last = self.span(start, end)
        self._move_gap(last)
        del self.items[first:last]
        self.gap = first

    def change(self, position: int, removed: int, added: int) -> None:
        """Text was typed: what it touches goes, what lies behind moves along."""
        self.cut(position, position + removed)
        self.by += added - removed

    def _move_gap(self, place: int) -> None:
        low, high = sorted((place, self.gap))
        by = self.by if place > self.gap else -self.by
        if by:
            self.items[low:high] = [
                replace(mark, start=mark.start + by, end=mark.end + by)
                for mark in self.items[low:high]
            ]
        self.gap = place


class Marks(QObject):
    """The layers of one editor; later ones lie over earlier ones."""

    def __init__(self, edit: QPlainTextEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._layers: dict[str, _Layer] = {}
        self._providers: dict[str, Provider] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.lay)
        edit.document().contentsChange.connect(self._moved)
        edit.verticalScrollBar().valueChanged.connect(self.refresh)
        edit.viewport().installEventFilter(self)
        theme().changed.connect(self.refresh)

    def set(self, layer: str, marks: Sequence[Mark] = ()) -> None:
        """All marks of a layer, in any order; they must not overlap within it."""
        self._layers[layer] = _Layer(marks)
        self.refresh()

    def add(self, layer: str, marks: Sequence[Mark]) -> None:
        """More marks of a layer, in order, where it has none yet."""
        if marks:
            self._layers.setdefault(layer, _Layer()).add(marks)
            self.refresh()

    def cut(self, layer: str, start: int, end: int) -> None:
        """Forget the marks of a layer that touch start … end."""
        if layer in self._layers:
            self._layers[layer].cut(start, end)
            self.refresh()

    def provide(self, layer: str, provider: Provider | None) -> None:
        """Ask `provider` for the marks of a layer, only where the text is in sight."""
        if provider is None:
            self._providers.pop(layer, None)
        else:
            self._providers[layer] = provider
        self.refresh()

    def of(self, layer: str) -> list[Mark]:
        """The marks of a layer where they are now."""
        return self._layers[layer].marks() if layer in self._layers else []

    def has(self, layer: str) -> bool:
        """Whether a layer has any mark."""
        return layer in self._layers and bool(self._layers[layer].items)

    def at(self, layer: str, position: int) -> Mark | None:
        """The mark of `layer` that holds the character at `position`."""
        found = self.between(layer, position, position + 1)
        return found[0] if found else None

    def between(self, layer: str, start: int, end: int) -> list[Mark]:
        """The marks of `layer` that touch start … end."""
        held = self._layers.get(layer)
        if held is None:
            return []
        return [held.mark(place) for place in range(*held.span(start, end))]

    def in_sight(self) -> tuple[int, int]:
        """Positions of the first and behind the last character that can be seen."""
        edit, view = self._edit, self._edit.viewport()
        first = edit.cursorForPosition(QPoint(0, 0))
        last = edit.cursorForPosition(QPoint(view.width(), view.height()))
        return first.position(), last.position() + 1

    def refresh(self) -> None:
        """Lay them again as soon as the window is idle."""
        if not self._later.isActive() and self._edit.isVisible():
            self._later.start(0)

    def lay(self) -> None:
        """Lay what is in sight over the text now."""
        if not isValid(self._edit):
            return
        self._later.stop()
        start, end = self.in_sight()
        found: list[Mark] = []
        for layer in dict.fromkeys((*self._layers, *self._providers)):
            found += [mark for mark in self.between(layer, start, end) if mark.look]
            if layer in self._providers:
                found += self._providers[layer](start, end)
        last = max(0, self._edit.document().characterCount() - 1)
        self._edit.setExtraSelections(
            [self._selection(mark, last) for mark in found[:MOST_IN_SIGHT]]
        )

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Another size shows other text; what cannot be seen need not be marked."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.refresh()
        elif event.type() == QEvent.Type.Hide:
            self._later.stop()
        return False

    def _selection(self, mark: Mark, last: int) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self._edit.document())
        cursor.setPosition(min(mark.start, last))
        cursor.setPosition(min(mark.end, last), QTextCursor.MoveMode.KeepAnchor)
        selection.cursor, selection.format = cursor, _format(mark.look)  # type: ignore[misc]
        return selection

    def _moved(self, position: int, removed: int, added: int) -> None:
        """Text was typed: what it touches loses its mark, what lies behind goes with it."""
        if not removed and not added:
            return
        for layer in self._layers.values():
            layer.change(position, removed, added)
        self.refresh()


def _format(name: str) -> QTextCharFormat:
    look, made = LOOKS[name], QTextCharFormat()
    if look.ground:
        made.setBackground(color(look.ground))
    if look.ink:
        made.setForeground(color(look.ink))
    if look.under:
        made.setUnderlineStyle(look.line)
        made.setUnderlineColor(color(look.under))
    return made
