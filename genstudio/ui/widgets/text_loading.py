"""Puts a long text into an editor in idle moments, the first screens of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from genstudio.ui.widgets.passages import Passages, Span, written_by

AT_ONCE = 40_000
"""Characters that are put in without a pause: about 5 ms."""


class Loading(QObject):
    """`begin` empties the editor; `done` follows when all of the text stands in it."""

    done = Signal()

    def __init__(self, edit: QPlainTextEdit, passages: Passages) -> None:
        super().__init__(edit)
        self._edit, self._passages = edit, passages
        self._runs: list[tuple[str, int]] = []
        self._spans: list[Span] = []
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._more)

    def begin(self, text: str, spans: Sequence[Span]) -> None:
        """Another text with spans in Qt's positions; nothing of it can be undone."""
        self._runs = list(reversed(list(runs(text, spans))))
        self._spans = list(spans)
        self._passages.quiet = True
        document = self._edit.document()
        document.setUndoRedoEnabled(False)
        self._edit.setCurrentCharFormat(written_by(0))
        self._edit.clear()
        self._passages.take(())
        self._more()

    def running(self) -> bool:
        """True while a part of the text is still to come."""
        return bool(self._runs) or self._passages.quiet

    def rest(self) -> str:
        """The text that does not stand in the editor yet."""
        return "".join(text for text, _number in reversed(self._runs))

    def spans(self) -> list[Span]:
        """Who wrote what, while it is loaded."""
        return self._spans if self.running() else []

    def finish(self) -> None:
        """All of it now."""
        while self.running():
            self._more()

    def _more(self) -> None:
        self._next.stop()
        cursor = QTextCursor(self._edit.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        room = AT_ONCE
        while self._runs and room > 0:
            text, number = self._runs.pop()
            if len(text) > room:
                self._runs.append((text[room:], number))
                text = text[:room]
            cursor.insertText(text, written_by(number))
            room -= len(text)
        if self._runs:
            self._next.start(0)
            return
        self._passages.quiet = False
        self._passages.take(self._spans)
        self._spans = []
        document = self._edit.document()
        document.setUndoRedoEnabled(True)
        document.setModified(False)
        self.done.emit()


def runs(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, int]]:
    """The text cut where another writes; spans in UTF-16 units, sorted."""
    wide = not text.isascii() and any(letter > "\uffff" for letter in text)
    units = text.encode("utf-16-le", "surrogatepass") if wide and spans else b""

    def part(start: int, end: int) -> str:
        if units:
            return units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
        return text[start:end]

    last = len(units) // 2 if units else len(text)
    place = 0
    for start, end, number in spans:
        if place < start:
            yield part(place, start), 0
        if max(place, start) < min(end, last):
            yield part(max(place, start), end), number
        place = max(place, end)
    if place < last:
        yield part(place, last), 0
