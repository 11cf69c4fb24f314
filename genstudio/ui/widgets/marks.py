"""Marks laid over the text of an editor, in layers; only what is in sight is laid.

Qt lays "extra selections" over text without touching it, but an editor has one list of them:
whoever marks text asks `Marks`. Positions are Qt's (UTF-16 units) and move with the text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
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


class Marks(QObject):
    """The layers of one editor; later ones lie over earlier ones."""

    def __init__(self, edit: QPlainTextEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._layers: dict[str, list[Mark]] = {}
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
        self._layers[layer] = sorted(marks, key=lambda mark: mark.start)
        self.refresh()

    def add(self, layer: str, marks: Sequence[Mark]) -> None:
        """More marks behind those of a layer, in order: for text that grows."""
        kept = self._layers.setdefault(layer, [])
        ordered = not kept or not marks or kept[-1].start <= marks[0].start
        kept.extend(marks)
        if not ordered:
            kept.sort(key=lambda mark: mark.start)
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
        return list(self._layers.get(layer, ()))

    def at(self, layer: str, position: int) -> Mark | None:
        """The mark of `layer` that holds the character at `position`."""
        marks = self._layers.get(layer, [])
        place = bisect_right(marks, position, key=lambda mark: mark.start) - 1
        return marks[place] if place >= 0 and position < marks[place].end else None

    def between(self, layer: str, start: int, end: int) -> list[Mark]:
        """The marks of `layer` that touch start … end."""
        marks = self._layers.get(layer, [])
        first = max(0, bisect_right(marks, start, key=lambda mark: mark.start) - 1)
        last = bisect_left(marks, end, key=lambda mark: mark.start)
        return [mark for mark in marks[first:last] if mark.end > start]

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
        for layer, marks in self._layers.items():
            self._layers[layer] = moved(marks, position, removed, added)
        self.refresh()


def moved(marks: Sequence[Mark], position: int, removed: int, added: int) -> list[Mark]:
    """`marks` after `removed` characters at `position` became `added` others."""
    by = added - removed
    gone = position + removed
    kept = []
    for mark in marks:
        if mark.end <= position:
            kept.append(mark)
        elif mark.start >= gone:
            kept.append(replace(mark, start=mark.start + by, end=mark.end + by) if by else mark)
    return kept


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
