"""The mouse on the roll: what lies under it, and which drag a press begins. Esc gives it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from genstudio.ui.widgets import roll_rows
from genstudio.ui.widgets.roll_drags import Change, Drag, Draw, Erase, Pan, Rubber

if TYPE_CHECKING:
    from genstudio.ui.widgets.roll_canvas import RollCanvas

EDGE = 6
"""Pixels at a note's end that change its length."""
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


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
