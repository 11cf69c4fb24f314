"""Drives the real window as a user does: keys, clicks, waiting until something is to be seen."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def turn() -> None:
    """One turn of the event loop, deferred deletions included."""
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def until(seen: Callable[[], object], what: str, seconds: float = 60.0) -> None:
    """Let the window live until `seen()`; AssertionError naming `what` after `seconds`."""
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end, f"not seen within {seconds:.0f} s: {what}"
        turn()
        time.sleep(0.004)


def rest(seconds: float = 0.2) -> None:
    """Let the window live for a moment (to be drawn, to animate)."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        turn()
        time.sleep(0.004)


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """A key, where the focus would be."""
    QTest.keyClick(widget, key, modifier)
    turn()


def click(widget: QWidget, where: QPoint | None = None) -> None:
    """The left mouse button in the middle of `widget`, or at `where`."""
    assert widget.isVisible(), f"{widget.accessibleName()} is not in sight"
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, NONE, where or widget.rect().center())
    turn()


def drag(widget: QWidget, points: list[QPoint]) -> None:
    """Press at the first point, move over the others, let go at the last."""
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, NONE, points[0])
    for point in points[1:]:
        QTest.mouseMove(widget, point)
        turn()
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, NONE, points[-1])
    turn()
