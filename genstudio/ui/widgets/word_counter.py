"""Counts the words of a text in idle moments, so that a long one does not hold the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

REST_MS = 200
SLICE = 60_000
"""Characters counted in one go: about 3 ms."""


class WordCounter(QObject):
    """`look()` after an edit; `counted(words)` follows once the hand rests."""

    counted = Signal(int)

    def __init__(self, text: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text, self._rest = text, QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._turn)
        self._left, self._place, self._count, self._fresh = "", 0, 0, True
        self.words = 0

    def look(self) -> None:
        """The text is another; what was counted so far does not hold."""
        self._fresh = True
        self._rest.start(REST_MS)

    def stop(self) -> None:
        """Count no more; the next edit begins anew."""
        self._rest.stop()

    def _turn(self) -> None:
        if self._fresh:
            self._left, self._place, self._count, self._fresh = self._text(), 0, 0, False
        end = min(self._place + SLICE, len(self._left))
        while end < len(self._left) and not self._left[end].isspace():
            end += 1  # no word is cut in two
        self._count += len(self._left[self._place : end].split())
        self._place = end
        if end < len(self._left):
            self._rest.start(0)
            return
        self._left, self.words = "", self._count
        self.counted.emit(self.words)
