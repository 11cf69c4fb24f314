"""The mouse on the roll: one class for each thing that a drag can do.

While a drag goes on, the model only shows what would be; its end is one step of undo, and Esc
gives it up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent

from genstudio.ui.widgets import roll_rows

if TYPE_CHECKING:
    from genstudio.ui.widgets.roll_canvas import RollCanvas

VELOCITY = 90
NEAR = 3
"""Pixels that a hand may tremble before a click becomes a drag."""
EDGE = 6
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


class Drag(Protocol):
    """A movement of the mouse with a button held."""

    def go(self, at: QPointF, keys: Qt.KeyboardModifier) -> None:
        """The mouse is at `at`."""

    def end(self) -> None:
        """The button was let go."""

    def cancel(self) -> None:
        """Nothing of it was meant."""


class Hands:
    """Turns presses into drags, by tool and by what lies under the mouse."""

    def __init__(self, canvas: RollCanvas) -> None:
        self._canvas = canvas
        self._drag: Drag | None = None
        self.length: int | None = None
        """Ticks of the next note that is drawn: as the one before it."""

    def busy(self) -> bool:
        """Whether a drag goes on."""
        return self._drag is not None

    def cancel(self) -> None:
        """Give the drag up."""
        drag, self._drag = self._drag, None
        if drag is not None:
            drag.cancel()
            self._canvas.model.preview(None)

    def hit(self, at: QPointF) -> tuple[int, str]:
        """(index, "body", "start" or "end") of the note under a point; (-1, "") for none.

        Of several the one of the track in hand, else the last.
        """
        canvas = self._canvas
        rows = canvas.model.rows()
        left, right, top = canvas.view.places(rows)
        under = (at.y() >= top) & (at.y() < top + canvas.view.row) & canvas.model.seen()
        under &= (at.x() >= left) & (at.x() < np.maximum(right, left + 4))
        found = np.flatnonzero(under)
        if not len(found):
            return -1, ""
        mine = found[rows["track"][found] == canvas.model.track]
        index = int((mine if len(mine) else found)[-1])
        edge = min(EDGE, (right[index] - left[index]) / 4)
        if canvas.view.hits or edge < 1:
            return index, "body"
        if at.x() >= right[index] - edge:
            return index, "end"
        return index, "start" if at.x() < left[index] + edge else "body"

    def choose_at(self, at: QPointF) -> None:
        """Select the note under a point unless it is selected."""
        index, _part = self.hit(at)
        model = self._canvas.model
        if index >= 0 and not model.rows()["selected"][index]:
            model.select(np.array([index]))

    # ---- events

    def press(self, event: QMouseEvent) -> None:
        """Begin what the tool does here."""
        if self._drag is not None:
            self.cancel()
            return
        at = event.position()
        if event.button() == _MIDDLE:
            self._drag = Pan(self._canvas, at)
        elif event.button() == _LEFT:
            self._drag = self._begin(at, event.modifiers())
        if self._drag is not None:
            self.show_cursor(at)

    def _begin(self, at: QPointF, keys: Qt.KeyboardModifier) -> Drag:
        canvas = self._canvas
        if canvas.tool == "erase":
            return Erase(canvas, at)
        index, part = self.hit(at)
        if index < 0:
            return Draw(canvas, at, keys) if canvas.tool == "draw" else Rubber(canvas, at, keys)
        self._choose(index, keys)
        row = canvas.model.rows()[index]
        canvas.heard.emit(int(row["pitch"]), int(row["velocity"]), int(row["track"]))
        return Change(canvas, at, index, part, keys)

    def _choose(self, index: int, keys: Qt.KeyboardModifier) -> None:
        model = self._canvas.model
        selected = model.rows()["selected"].copy()
        if keys & (_SHIFT | _CONTROL):
            selected[index] = True if keys & _SHIFT else not selected[index]
            model.select(selected)
        elif not selected[index]:
            model.select(np.array([index]))

    def move(self, event: QMouseEvent) -> None:
        """Go on, or show what a press would do here."""
        if self._drag is not None:
            self._drag.go(event.position(), event.modifiers())
        else:
            self.show_cursor(event.position())

    def release(self, event: QMouseEvent) -> None:
        """End it."""
        drag, self._drag = self._drag, None
        if drag is not None:
            drag.end()
            self.show_cursor(event.position())

    def double(self, event: QMouseEvent) -> None:
        """With the arrow in hand: a new note on free ground, and a note goes."""
        if event.button() != _LEFT or self._canvas.tool != "select":
            self.press(event)
            return
        index, _part = self.hit(event.position())
        model = self._canvas.model
        if index < 0:
            self._drag = Draw(self._canvas, event.position(), event.modifiers())
        else:
            model.apply(roll_rows.without(model.rows(), np.array([index])), "Erase a note")

    def show_cursor(self, at: QPointF | None) -> None:
        """The mouse looks like what it would do."""
        shapes = Qt.CursorShape
        shape = {"draw": shapes.CrossCursor, "erase": shapes.PointingHandCursor}.get(
            self._canvas.tool, shapes.ArrowCursor
        )
        if isinstance(self._drag, Pan):
            shape = shapes.ClosedHandCursor
        elif at is not None and self._canvas.tool != "erase":
            _index, part = self.hit(at)
            edges = {"start": shapes.SizeHorCursor, "end": shapes.SizeHorCursor}
            shape = edges.get(part, shapes.SizeAllCursor if part else shape)
        self._canvas.viewport().setCursor(shape)


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
        """The selection is as it was."""
        self._canvas.model.select(self._kept)
        self.end()


def _snap(snap: str, keys: Qt.KeyboardModifier) -> str:
    return "off" if keys & _ALT else snap
