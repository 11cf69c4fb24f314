"""What a drag of the mouse over the roll can do: one class for each.

While it goes on, the model only shows what would be; its end is one step of undo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from genstudio.ui.widgets import roll_rows

if TYPE_CHECKING:
    from genstudio.ui.widgets.roll_canvas import RollCanvas

VELOCITY = 90
"""How hard a note is struck that is written by hand."""
NEAR = 3
"""Pixels that a hand may tremble before a click becomes a drag."""
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


class Drag(Protocol):
    """A movement of the mouse with a button held."""

    def go(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The mouse is at `at`."""

    def end(self) -> None:
        """The button was let go."""

    def cancel(self) -> None:
        """Nothing of it was meant."""


class Pan:
    """Move the view."""

    def __init__(self, canvas: RollCanvas, at: QPointF) -> None:
        self._canvas, self._last = canvas, at

    def go(self, at: QPointF, _keys: Qt.KeyboardModifier) -> None:
        """Follow the mouse."""
        self._canvas.touch()
        by, self._last = at - self._last, at
        across, down = self._canvas.horizontalScrollBar(), self._canvas.verticalScrollBar()
        across.setValue(across.value() - round(by.x()))
        down.setValue(down.value() - round(by.y()))

    def end(self) -> None:
        """Nothing more."""

    def cancel(self) -> None:
        """Nothing more."""


class Change:
    """Move the selection, or one edge of it; Ctrl moves a copy, Alt leaves the raster, Shift
    keeps to the way that the mouse went first."""

    def __init__(
        self, canvas: RollCanvas, at: QPointF, index: int, part: str, keys: Qt.KeyboardModifier
    ) -> None:
        self._canvas, self._from, self._index, self._part = canvas, at, index, part
        self._before = canvas.model.rows()
        self._row = self._before[index].copy()
        self._copy = bool(keys & _CONTROL)
        self._now: np.ndarray | None = None
        self._steps = 0

    def go(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Show what would be."""
        by = at - self._from
        if self._now is None and abs(by.x()) <= NEAR and abs(by.y()) <= NEAR:
            return
        canvas, model = self._canvas, self._canvas.model
        snap = "off" if keys & _ALT else model.snap
        if self._part == "body":
            if keys & _SHIFT:
                by = QPointF(by.x(), 0) if abs(by.x()) >= abs(by.y()) else QPointF(0, by.y())
            self._move(by, at, snap)
        else:
            self._resize(by, snap)
        model.preview(self._now)
        canvas.reveal(canvas.view.tick(at.x()), canvas.view.tick(at.x()))

    def _ticks(self, edge: int, by: QPointF, snap: str) -> int:
        """How far an edge at tick `edge` goes for that many pixels."""
        wanted = edge + by.x() / self._canvas.view.scale
        if abs(by.x()) <= NEAR:
            return 0
        return self._canvas.model.grid.rounded(wanted, snap) - edge

    def _move(self, by: QPointF, at: QPointF, snap: str) -> None:
        view, model = self._canvas.view, self._canvas.model
        ticks = self._ticks(int(self._row["start"]), by, snap)
        steps = view.step(self._from.y() + by.y()) - view.step(self._from.y())
        rows = self._before
        if self._copy and not rows["selected"][self._index]:
            rows = roll_rows.alone(rows, self._index)
        self._now = roll_rows.moved(rows, ticks, steps, model.ladder())
        if self._copy:
            stay = rows[rows["selected"]]
            stay["selected"] = False
            self._now = np.concatenate([self._now, stay])
        if steps != self._steps:
            self._steps = steps
            velocity, track = int(self._row["velocity"]), int(self._row["track"])
            self._canvas.heard.emit(view.pitch(at.y()), velocity, track)

    def _resize(self, by: QPointF, snap: str) -> None:
        start, length = int(self._row["start"]), int(self._row["duration"])
        model = self._canvas.model
        shortest = model.grid.step(snap, start) if model.snap != "bar" else 1
        shortest = min(shortest, max(1, model.grid.ppq // 4))
        if self._part == "end":
            ticks = self._ticks(start + length, by, snap)
            self._now = roll_rows.resized(self._before, ticks, shortest)
            self._canvas.hands.length = int(self._now["duration"][self._index])
        else:
            ticks = self._ticks(start, by, snap)
            self._now = roll_rows.begun(self._before, ticks, shortest)

    def end(self) -> None:
        """One step of undo; a click alone is told."""
        if self._now is None:
            self._canvas.note_clicked.emit(self._index)
        else:
            words = {"body": "Copy notes" if self._copy else "Move notes"}
            self._canvas.model.apply(self._now, words.get(self._part, "Change lengths"))

    def cancel(self) -> None:
        """The model forgets its preview."""


class Draw:
    """A new note; the mouse gives its length, and before it moves its pitch."""

    def __init__(self, canvas: RollCanvas, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        model = canvas.model
        self._canvas = canvas
        self._start = model.grid.floored(canvas.view.tick(at.x()), _snap(model.snap, keys))
        self._length = canvas.hands.length or model.grid.step(
            model.snap if model.snap != "off" else "1/16", self._start
        )
        self._from, self._pitch = at, canvas.view.pitch(at.y())
        canvas.heard.emit(self._pitch, VELOCITY, model.track)
        self._show()

    def _show(self) -> None:
        model = self._canvas.model
        new = roll_rows.one(self._start, self._length, self._pitch, VELOCITY, model.track)
        self._now = roll_rows.added(model.rows(), new)
        model.preview(self._now)

    def go(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """Longer or shorter."""
        canvas, model = self._canvas, self._canvas.model
        if not canvas.view.hits and abs(at.x() - self._from.x()) > NEAR:
            snap = _snap(model.snap, keys)
            end = model.grid.rounded(canvas.view.tick(at.x()), snap)
            least = model.grid.step(snap, self._start)
            self._length = max(least, end - self._start)
        pitch = canvas.view.pitch(at.y())
        if pitch != self._pitch:
            self._pitch = pitch
            canvas.heard.emit(pitch, VELOCITY, model.track)
        self._show()

    def end(self) -> None:
        """It is written."""
        self._canvas.hands.length = self._length
        self._canvas.model.apply(self._now, "Draw a note")

    def cancel(self) -> None:
        """The model forgets its preview."""


class Erase:
    """Every note that the mouse goes over."""

    def __init__(self, canvas: RollCanvas, at: QPointF) -> None:
        self._canvas, self._last = canvas, at
        self._gone = np.zeros(len(canvas.model.rows()), bool)
        self.go(at, Qt.KeyboardModifier.NoModifier)

    def go(self, at: QPointF, _keys: Qt.KeyboardModifier) -> None:
        """Take what lies between the last place and this."""
        far = max(1, int(max(abs(at.x() - self._last.x()), abs(at.y() - self._last.y())) / 4))
        for step in range(1, far + 1):
            index, _part = self._canvas.hands.hit(self._last + (at - self._last) * step / far)
            if index >= 0:
                self._gone[index] = True
        self._last = at
        model = self._canvas.model
        if self._gone.any():
            model.preview(roll_rows.without(model.rows(), self._gone))

    def end(self) -> None:
        """They are gone."""
        model, count = self._canvas.model, int(self._gone.sum())
        if count:
            words = "Erase a note" if count == 1 else f"Erase {count} notes"
            rows = roll_rows.alone(roll_rows.without(model.rows(), self._gone), [])
            model.apply(rows, words)

    def cancel(self) -> None:
        """The model forgets its preview."""


class Rubber:
    """Select what a rectangle touches; Shift or Ctrl adds to what was selected."""

    def __init__(self, canvas: RollCanvas, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        model = canvas.model
        self._canvas, self._from = canvas, at
        keep = bool(keys & (_SHIFT | _CONTROL))
        self._kept = model.rows()["selected"] & keep
        model.select(self._kept)

    def go(self, at: QPointF, _keys: Qt.KeyboardModifier) -> None:
        """Stretch it."""
        canvas, box = self._canvas, QRectF(self._from, at).normalized()
        left, right, top = canvas.view.places(canvas.model.rows())
        inside = (right > box.left()) & (left < box.right()) & canvas.model.seen()
        inside &= (top + canvas.view.row > box.top()) & (top < box.bottom())
        canvas.rubber = box
        canvas.model.select(self._kept | inside)
        canvas.viewport().update()

    def end(self) -> None:
        """It goes, the selection stays."""
        self._canvas.rubber = QRectF()
        self._canvas.viewport().update()

    def cancel(self) -> None:
        """The selection is as it was, unless these are other notes by now."""
        if len(self._kept) == len(self._canvas.model.rows()):
            self._canvas.model.select(self._kept)
        self.end()


def _snap(snap: str, keys: Qt.KeyboardModifier) -> str:
    return "off" if keys & _ALT else snap
