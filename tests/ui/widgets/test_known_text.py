"""The text that is followed edit by edit is the one that stands in the document."""

from __future__ import annotations

import random

import pytest
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout

from genstudio.ui.widgets.known_text import KnownText

KEEP = QTextCursor.MoveMode.KeepAnchor
PLAIN = [
    "a",
    "word ",
    "\n",
    "two\nlines\n",
    "“quoted”",
    "hard\u00a0space",
    "שלום",
    "line\u2028break",
]
WIDE = [*PLAIN, "🎵", "👩‍👧 family", "\ud83d"]


@pytest.fixture
def document(qapp) -> QTextDocument:
    made = QTextDocument()
    made.setDocumentLayout(QPlainTextDocumentLayout(made))
    return made


def stands(document: QTextDocument) -> str:
    """Read anew, without what was known."""
    return KnownText(document).text()


def counted(known: KnownText, monkeypatch) -> list[int]:
    """How often the whole text is turned."""
    turns: list[int] = []
    raw = QTextDocument.toRawText

    def read(document: QTextDocument) -> str:
        turns.append(1)
        return raw(document)

    monkeypatch.setattr(type(known._document), "toRawText", read)
    return turns


@pytest.mark.parametrize("texts", [PLAIN, WIDE], ids=["plain", "wide"])
@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_undo_and_redo_it_is_the_same(document, texts, seed):
    known, chance = KnownText(document), random.Random(seed)
    assert known.text() == ""
    for step in range(200):
        cursor = QTextCursor(document)
        last = document.characterCount() - 1
        start = chance.randint(0, last)
        cursor.setPosition(start)
        cursor.setPosition(min(last, start + chance.choice([0, 0, 1, 5, 40])), KEEP)
        kind = chance.random()
        if kind < 0.6:
            cursor.insertText(chance.choice(texts))
        elif kind < 0.75:
            cursor.removeSelectedText()
        elif kind < 0.85:
            document.undo()
        elif kind < 0.9:
            document.redo()
        else:  # several edits that Qt reports as one
            cursor.joinPreviousEditBlock() if chance.random() < 0.5 else cursor.beginEditBlock()
            cursor.insertText(chance.choice(texts))
            cursor.setPosition(0)
            cursor.insertText(chance.choice(texts))
            cursor.endEditBlock()
        if chance.random() < 0.8:
            assert known.text() == stands(document), (seed, step)


def test_an_edit_of_plain_text_is_followed_without_reading_it_all(document, monkeypatch):
    known = KnownText(document)
    document.setPlainText("Once upon a time\nthere was a king. " * 50)
    before = known.text()
    turns = counted(known, monkeypatch)
    cursor = QTextCursor(document)
    cursor.setPosition(17)
    cursor.insertText("two\nlines")
    assert known.text() == before[:17] + "two\nlines" + before[17:]
    document.undo()
    assert known.text() == before
    assert not turns


def test_behind_letters_that_are_two_of_qts_it_is_read_anew(document, monkeypatch):
    known = KnownText(document)
    document.setPlainText("🎵 a song")
    assert known.text() == "🎵 a song"
    turns = counted(known, monkeypatch)
    cursor = QTextCursor(document)
    cursor.setPosition(3)
    cursor.insertText("x")
    assert known.text() == "🎵 xa song"
    assert turns
