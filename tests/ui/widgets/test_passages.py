"""Who wrote what, kept through real edits of a document, undo and redo."""

from __future__ import annotations

import random

import pytest
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout

from genstudio.ui.widgets.passages import PROPERTY, Passages, joined, without, written_by


@pytest.fixture
def document(qapp):
    made = QTextDocument()
    # Without a layout Qt tells nobody what changed.
    made.setDocumentLayout(QPlainTextDocumentLayout(made))
    return made


@pytest.fixture
def passages(document):
    return Passages(document)


@pytest.fixture
def cursor(document, passages):
    return QTextCursor(document)


def put(cursor: QTextCursor, place: int, text: str, number: int = 0) -> None:
    cursor.setPosition(place)
    cursor.insertText(text, written_by(number))


def cut(cursor: QTextCursor, start: int, end: int) -> None:
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()


def test_words_of_a_user_belong_to_nobody(passages, cursor):
    put(cursor, 0, "typed by hand")
    assert passages.spans() == []
    assert passages.at(3) == 0
    assert not written_by(0).hasProperty(PROPERTY)


def test_words_of_a_model_have_their_number(passages, cursor):
    put(cursor, 0, "Once ")
    put(cursor, 5, "upon a time", 3)
    assert passages.spans() == [(5, 16, 3)]
    assert [passages.at(place) for place in (4, 5, 15, 16)] == [0, 3, 3, 0]


def test_typing_inside_parts_a_passage(passages, cursor):
    put(cursor, 0, "abcdef", 1)
    put(cursor, 3, "--")
    assert passages.spans() == [(0, 3, 1), (5, 8, 1)]
    cut(cursor, 3, 5)
    assert passages.spans() == [(0, 6, 1)]


def test_two_passages_side_by_side_stay_two(passages, cursor):
    put(cursor, 0, "one", 1)
    put(cursor, 3, "two", 2)
    assert passages.spans() == [(0, 3, 1), (3, 6, 2)]
    cut(cursor, 2, 4)
    assert passages.spans() == [(0, 2, 1), (2, 4, 2)]


def test_undo_and_redo_bring_the_numbers_back(document, passages, cursor):
    put(cursor, 0, "abcdef", 7)
    cut(cursor, 1, 5)
    assert passages.spans() == [(0, 2, 7)]
    document.undo()
    assert passages.spans() == [(0, 6, 7)]
    document.redo()
    assert passages.spans() == [(0, 2, 7)]


def test_an_emptied_document_has_no_passages(document, passages, cursor):
    put(cursor, 0, "all of it\nand more", 1)
    cut(cursor, 0, document.characterCount() - 1)
    assert passages.spans() == []


def test_several_lines_are_one_passage(passages, cursor):
    put(cursor, 0, "first line\nsecond line\nthird", 2)
    assert passages.spans() == [(0, 28, 2)]


def test_a_passage_is_counted_in_units(passages, cursor):
    put(cursor, 0, "😀")
    put(cursor, 2, "ok😀", 1)
    assert passages.spans() == [(2, 6, 1)]


def test_quiet_while_text_is_loaded(passages, cursor):
    passages.quiet = True
    put(cursor, 0, "abcdef", 1)
    assert passages.spans() == []
    passages.take([(3, 6, 2), (0, 3, 1)])
    passages.quiet = False
    assert passages.spans() == [(0, 3, 1), (3, 6, 2)]


def test_what_is_laid_later_is_known(passages, cursor):
    put(cursor, 0, "said by a model")
    passages.lay([(0, 4, 1), (10, 15, 2)], cursor)
    assert passages.spans() == [(0, 4, 1), (10, 15, 2)]


def test_the_answer_is_a_copy(passages, cursor):
    put(cursor, 0, "abc", 1)
    passages.spans().clear()
    assert passages.spans() == [(0, 3, 1)]


def test_any_edits_agree_with_a_list_of_letters(document, passages, cursor):
    """A list that says for each letter who wrote it is the plainest model of all."""
    chance, owners = random.Random(3), []
    for _ in range(150):
        place = chance.randrange(len(owners) + 1)
        if owners and chance.random() < 0.4:
            end = min(len(owners), place + chance.randrange(4))
            cut(cursor, place, end)
            del owners[place:end]
        else:
            number, count = chance.randrange(3), chance.randrange(1, 5)
            put(cursor, place, "x" * count, number)
            owners[place:place] = [number] * count
        assert [passages.at(at) for at in range(len(owners))] == owners
    assert document.characterCount() - 1 == len(owners)


def test_spans_after_an_edit_agree_with_a_list_of_letters():
    chance = random.Random(4)
    for _ in range(200):
        letters = [chance.choice((0, 0, 1, 2)) for _ in range(12)]
        spans = joined([(at, at + 1, n) for at, n in enumerate(letters) if n])
        place = chance.randrange(12)
        removed, added = chance.randrange(13 - place), chance.randrange(4)
        letters[place : place + removed] = [0] * added
        wanted = joined([(at, at + 1, n) for at, n in enumerate(letters) if n])
        found = without(spans, place, removed, added)
        assert joined(sorted(found)) == wanted
