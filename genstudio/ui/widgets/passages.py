"""Who wrote what in an editor: spans of text with the number of a passage, kept through edits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor, QTextDocument, QTextFormat

PROPERTY = QTextFormat.Property.UserProperty.value + 1
"""Property of a character format that holds the passage number. Qt carries formats through
edits, undo and redo; nothing is drawn differently, so letters still join across borders."""
Span = tuple[int, int, int]
"""(start, end, passage number)"""


def written_by(number: int) -> QTextCharFormat:
    """The format of text of a passage; 0 for text of the user."""
    made = QTextCharFormat()
    if number:
        made.setProperty(PROPERTY, number)
    return made


class Passages(QObject):
    """The spans of one document in Qt's positions, sorted; after an edit only what changed is
    read again, so that a document of a million characters stays fluid."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._document = document
        self._spans: list[Span] = []
        self.quiet = False
        """True while text is loaded whose spans are known: `take` gives them afterwards."""
        document.contentsChange.connect(self._on_change)

    def spans(self) -> list[Span]:
        """All passages where they are now."""
        return list(self._spans)

    def at(self, place: int) -> int:
        """The number of the passage that the character at `place` belongs to, 0 for none."""
        return next((number for start, end, number in self._spans if start <= place < end), 0)

    def take(self, spans: Iterable[Span]) -> None:
        """The spans of a text that was put in with the formats of its passages."""
        self._spans = joined(sorted(spans))

    def lay(self, spans: Iterable[Span], cursor: QTextCursor) -> None:
        """Say who wrote what; part of the edit that `cursor` is in, if it is in one."""
        for start, end, number in spans:
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(written_by(number))

    def _on_change(self, position: int, removed: int, added: int) -> None:
        if self.quiet or not (removed or added):
            return
        last = max(0, self._document.characterCount() - 1)
        end = min(position + added, last)
        kept = without(self._spans, position, removed, added)
        fresh = _read(self._document, position, end)
        self._spans = [
            span for span in joined(sorted([*kept, *fresh])) if span[0] < min(span[1], last)
        ]


def without(spans: Sequence[Span], position: int, removed: int, added: int) -> list[Span]:
    """`spans` after `removed` characters at `position` became `added` ones of nobody's."""
    gone, by = position + removed, added - removed
    kept: list[Span] = []
    for start, end, number in spans:
        if start < position:
            kept.append((start, min(end, position), number))
        if end > gone:
            kept.append((max(start, gone) + by, end + by, number))
    return kept


def joined(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans with neighbours of the same number made one."""
    found: list[Span] = []
    for start, end, number in spans:
        if found and found[-1][2] == number and found[-1][1] >= start:
            found[-1] = (found[-1][0], max(found[-1][1], end), number)
        elif end > start:
            found.append((start, end, number))
    return found


def _read(document: QTextDocument, start: int, end: int) -> list[Span]:
    """The passages that the formats of start … end tell; a line end belongs to what is before."""
    found: list[Span] = []
    block = document.findBlock(start)
    while block.isValid() and block.position() <= end and start < end:
        found += [
            (max(a, start), min(b, end), number)
            for a, b, number in _fragments(block)
            if number and b > start and a < end
        ]
        block = block.next()
    return found


def _fragments(block: QTextBlock) -> Iterable[Span]:
    place, at = block.position(), block.begin()
    while not at.atEnd():
        fragment = at.fragment()
        place = fragment.position() + fragment.length()
        yield fragment.position(), place, fragment.charFormat().intProperty(PROPERTY)
        at += 1
    if block.next().isValid():
        # Qt keeps the format of a line end with the block behind it.
        yield place, place + 1, block.next().charFormat().intProperty(PROPERTY)
