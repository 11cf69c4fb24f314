"""Marks in a prompt's editor: alternatives, words not understood, what is too far behind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from genstudio.core import prompts
from genstudio.ui.theme import color
from genstudio.ui.widgets.prompt_marks import PromptReader, Span


def selections(
    document: QTextDocument, reader: PromptReader, writing: int
) -> list[QTextEdit.ExtraSelection]:
    """What to lay over the text; the word that ends at `writing` is being written."""
    text = document.toPlainText()
    unread = reader.unread(text)
    marked: list[tuple[Span, QTextCharFormat]] = [
        *((span, _ground("wash")) for span in _group_spans(text)),
        *((span, _ink("accent")) for span in _runs(prompts.marks(text))),
        *(((a, b), _dots("amber")) for a, b, _ in reader.unknown(text, writing)),
        *([(unread, _ink("dim"))] if unread else []),
    ]
    return [_selection(document, span, look) for span, look in marked]


def to_qt(text: str, place: int) -> int:
    """Qt's position of character `place`: it counts UTF-16 units, two for an emoji."""
    return place if text.isascii() else len(text[:place].encode("utf-16-le")) // 2


def from_qt(text: str, position: int) -> int:
    """The character of `text` at Qt's position."""
    if text.isascii():
        return position
    return len(text.encode("utf-16-le")[: 2 * position].decode("utf-16-le", "ignore"))


def select(cursor: QTextCursor, span: Span) -> QTextCursor:
    """`cursor` with the characters of `span` selected; returns it."""
    text = cursor.document().toPlainText()
    cursor.setPosition(to_qt(text, span[0]))
    cursor.setPosition(to_qt(text, span[1]), QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _selection(
    document: QTextDocument, span: Span, look: QTextCharFormat
) -> QTextEdit.ExtraSelection:
    selection = QTextEdit.ExtraSelection()
    cursor = select(QTextCursor(document), span)
    selection.cursor, selection.format = cursor, look  # type: ignore[misc]
    return selection


def _ground(token: str) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setBackground(color(token))
    return look


def _ink(token: str) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(color(token))
    return look


def _dots(token: str) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    look.setUnderlineColor(color(token))
    return look


def _group_spans(text: str) -> list[Span]:
    return [(group.marks[0], group.marks[-1] + 1) for group in prompts.groups(text)]


def _runs(places: Sequence[int]) -> list[Span]:
    """Neighbouring characters as one span: Qt colours the first of them only otherwise."""
    runs: list[Span] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs
