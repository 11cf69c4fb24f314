"""Small pieces for the piano roll, and a roll that shows one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from genstudio.media.notes import Piece, Track, notes_of

BAR, QUARTER = 1920, 480
LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton,
)  # fmt: skip
VOICES = (Track("Soprano", 40), Track("Bass", 42), Track("Drums", 0, True))
NOTES = (
    (0, 480, 72, 100, 0),
    (0, 960, 48, 80, 1),
    (480, 480, 74, 90, 0),
    (960, 960, 76, 70, 0),
    (960, 960, 50, 80, 1),
    (1920, 1920, 72, 60, 0),
    (1920, 60, 36, 120, 2),
    (2400, 60, 38, 40, 2),
)
"""Two bars: a melody in track 0, a bass in 1, two hits of drums in 2."""


def piece(notes=NOTES, tracks=VOICES, **fields) -> Piece:
    """A piece of rows (start, duration, pitch, velocity, track)."""
    return Piece(notes_of(notes), tracks, **fields)


def many(count: int = 1000) -> Piece:
    """A piece of `count` sixteenths in eight voices."""
    random = np.random.default_rng(0)
    rows = [
        (index // 8 * 120, 110, 40 + index % 8 * 6 + int(random.integers(5)), 20 + index % 100,
         index % 8)
        for index in range(count)
    ]  # fmt: skip
    return Piece(notes_of(rows), tuple(Track(f"Voice {n}") for n in range(8)))


def shown(widget: QWidget, qtbot, width: int = 900, height: int = 500) -> None:
    """Show a widget in a window that has the focus."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)


def middle(canvas, index: int, share: float = 0.5) -> QPoint:
    """A point of the note `index`: `share` of its length from its start."""
    row = canvas.model.rows()[index]
    box = canvas.view.place(
        int(row["start"]), int(row["start"]) + int(row["duration"]), int(row["pitch"])
    )
    return QPoint(round(box.left() + share * box.width()), round(box.center().y()))


def ground(canvas, tick: float, pitch: int) -> QPoint:
    """The point of a tick in the row of a pitch."""
    y = float(canvas.view.y(pitch)) + canvas.view.row / 2
    return QPoint(round(float(canvas.view.x(tick))), round(y))


def drag(widget, start: QPoint, end: QPoint, keys=Qt.KeyboardModifier.NoModifier, steps=4) -> None:
    """Press the left button at `start`, go to `end`, let go."""
    target = widget.viewport() if hasattr(widget, "viewport") else widget
    QTest.mousePress(target, LEFT, keys, start)
    for step in range(1, steps + 1):
        move(target, start + (end - start) * step / steps, keys)
    QTest.mouseRelease(target, LEFT, keys, end)


def move(target, at: QPoint, keys=Qt.KeyboardModifier.NoModifier, button=LEFT) -> None:
    """A move of the mouse with a button held (QTest's own moves hold no keys)."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    place = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, QPointF(target.mapToGlobal(at)),
        Qt.MouseButton.NoButton, button, keys,
    )  # fmt: skip
    QApplication.sendEvent(target, event)


def tuples(notes) -> list[tuple[int, int, int, int, int]]:
    """Notes as (start, duration, pitch, velocity, track)."""
    return notes[["start", "duration", "pitch", "velocity", "track"]].tolist()
