"""Finding and replacing: places, keys, one step of undo, signs that mean nothing special."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from genstudio.ui.widgets.find_bar import FindBar
from genstudio.ui.widgets.finding import Wanted, before, following, spans
from genstudio.ui.widgets.marks import Marks
from tests.helpers import a11y


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted("the"), [(0, 3), (4, 7), (13, 16)]),
        (Wanted("the", case=True), [(4, 7), (13, 16)]),
        (Wanted("the", whole=True), [(0, 3), (4, 7)]),
        (Wanted("."), [(7, 8)]),
        (Wanted(""), []),
    ],
)
def test_places(wanted, found):
    assert spans(wanted, "The the. And then") == found


def test_whole_words_beside_other_signs():
    assert spans(Wanted("😀", whole=True), "a 😀 b") == [(2, 3)]
    assert spans(Wanted("don't", whole=True), "don't don'ts") == [(0, 5)]


def test_going_on_and_back_wraps_round():
    text, wanted = "a b a b", Wanted("a")
    assert following(wanted, text, 1) == (4, 5)
    assert following(wanted, text, 5) == (0, 1)
    assert before(wanted, text, 4) == (0, 1)
    assert before(wanted, text, 0) == (4, 5)
    assert following(Wanted("x"), text, 0) is None
    assert before(Wanted("x"), text, 9) is None


@pytest.fixture
def edit(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    made = QPlainTextEdit("One fox 😀, two foxes.\nThe Fox.\n")
    made.setAccessibleName("Text")
    made.bar = FindBar(made, Marks(made))
    column = QVBoxLayout(page)
    column.addWidget(made)
    column.addWidget(made.bar)
    page.resize(720, 360)
    page.show()
    made.setFocus()
    made.page = page
    return made


def chosen(edit):
    return edit.textCursor().selectedText()


def test_the_bar_finds(edit, heard):
    bar, closed = edit.bar, heard(edit.bar.closed)
    bar.open_bar()
    QTest.keyClicks(bar.words, "fox")
    bar.case.click()
    bar.case.click()
    assert bar.told.text() == "3 places"
    assert not bar.other.isVisible()
    for place in (4, 16, 27):  # 😀 counts two
        QTest.keyClick(bar.words, Qt.Key.Key_Return)
        assert chosen(edit).lower() == "fox"
        assert edit.textCursor().selectionStart() == place
    assert bar.told.text() == "3 of 3"
    QTest.keyClick(bar.words, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.told.text() == "2 of 3"
    QTest.keyClick(bar.words, Qt.Key.Key_Escape)
    assert len(closed) == 1
    assert not bar.isVisible()
    assert edit.hasFocus()
    assert chosen(edit) == "fox"  # where it was found


def test_places_in_sight_are_marked(edit):
    bar = edit.bar
    bar.open_bar()
    bar.words.setText("fox")
    bar.find_next()
    bar._marks.lay()
    spans = [(s.cursor.selectionStart(), s.cursor.selectionEnd()) for s in edit.extraSelections()]
    assert spans == [(4, 7), (16, 19), (27, 30)]
    bar.close_bar()
    bar._marks.lay()
    assert edit.extraSelections() == []


def test_selected_words_are_looked_for(edit):
    cursor = edit.textCursor()
    cursor.setPosition(16)
    cursor.setPosition(21, cursor.MoveMode.KeepAnchor)
    edit.setTextCursor(cursor)
    edit.bar.open_bar()
    assert edit.bar.words.text() == "foxes"
    assert edit.bar.told.text() == "1 place"


def test_nothing_found_is_said(edit):
    bar = edit.bar
    bar.open_bar()
    bar.words.setText("wolf")
    assert not bar.find_next()
    assert bar.told.text() == "Nothing found"
    assert bar.replace_all() == 0
    bar.words.clear()
    assert not bar.find_previous()
    assert bar.told.text() == ""


def test_replacing_one_by_one(edit):
    bar = edit.bar
    bar.open_bar(replace=True)
    assert bar.other.isVisible()
    bar.words.setText("fox")
    bar.other.setText("owl")
    bar.replace_one()  # nothing is selected yet: it goes to the first
    assert edit.toPlainText().startswith("One fox")
    bar.other.setFocus()
    QTest.keyClick(bar.other, Qt.Key.Key_Return)
    assert edit.toPlainText().startswith("One owl 😀, two foxes")
    assert edit.textCursor().selectionStart() == 16
    edit.undo()
    assert edit.toPlainText().startswith("One fox")


def test_replacing_all_is_one_step(edit):
    bar, whole = edit.bar, edit.toPlainText()
    bar.open_bar(replace=True)
    bar.words.setText("fox")
    bar.other.setText("owl")
    assert bar.replace_all() == 3
    assert edit.toPlainText() == "One owl 😀, two owles.\nThe owl.\n"
    assert bar.told.text() == "3 replaced"
    edit.undo()
    assert edit.toPlainText() == whole


def test_signs_of_patterns_mean_nothing(edit):
    edit.setPlainText("a.c abc 😀 a.c")
    edit.bar.words.setText("a.c")
    edit.bar.other.setText(r"\1 $0")
    assert edit.bar.replace_all() == 2
    assert edit.toPlainText() == r"\1 $0 abc 😀 \1 $0"


def test_the_count_follows_the_text(edit, qtbot):
    bar = edit.bar
    bar.open_bar()
    bar.words.setText("fox")
    edit.appendPlainText("fox fox")
    qtbot.waitUntil(lambda: bar.told.text() == "5 places")


def test_everything_has_a_name_and_is_reached(edit):
    edit.bar.open_bar(replace=True)
    edit.bar.words.setText("fox")
    edit.bar.find_next()
    edit.setTabChangesFocus(True)
    window = edit.window()
    assert a11y.nameless(window) == []
    assert a11y.unreachable(window) == []


def test_tab_goes_from_what_is_found_to_what_comes_instead(edit):
    bar = edit.bar
    bar.words.setText("fox")
    bar.open_bar(replace=True)
    walked = []
    for _step in range(8):
        QTest.keyClick(edit.page.focusWidget(), Qt.Key.Key_Tab)
        walked.append(edit.page.focusWidget())
    expected = [bar.other, bar.one, bar.all, bar.case, bar.whole, bar.up, bar.down, bar.leave]
    assert walked == expected
