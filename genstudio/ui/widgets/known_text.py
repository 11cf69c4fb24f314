"""The text of a document as Python has it, kept up to date edit by edit.

Qt keeps text in its own spelling; turning a megabyte of it takes longer than a frame allows.
"""

from __future__ import annotations

from PySide6.QtGui import QTextCursor, QTextDocument

from genstudio.ui.widgets.text_places import whole

_KEEP = QTextCursor.MoveMode.KeepAnchor


class KnownText:
    """Follows a document; `text()` turns it only where no edit could be followed."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._text: str | None = None
        document.contentsChange.connect(self._follow)

    def text(self) -> str:
        """All that stands there, halves of characters replaced by U+FFFD."""
        if self._text is None:
            # Not toPlainText: it makes spaces of those that do not break.
            self._text = _python(self._document.toRawText())
        return self._text

    def _follow(self, position: int, removed: int, added: int) -> None:
        """Splice an edit in, as long as a character of Qt's is one of Python's."""
        known, length = self._text, self._document.characterCount() - 1
        self._text = None
        if known is None or len(known) - removed + added != length or position + added > length:
            return
        cursor = QTextCursor(self._document)
        cursor.setPosition(position)
        cursor.setPosition(position + added, _KEEP)
        put = _python(cursor.selectedText())
        if len(put) == added:
            self._text = known[:position] + put + known[position + removed :]


def _python(raw: str) -> str:
    return whole(raw.replace("\u2029", "\n").replace("\u2028", "\n"))
