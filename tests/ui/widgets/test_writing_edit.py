"""The editor that people and models write in: drafts, writers, undo, keys, long texts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from genstudio.ui.widgets.writing_edit import GHOST, MEASURE, WritingEdit

KEY, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def edit(qtbot):
    made = WritingEdit()
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    return made


def text_of(edit: WritingEdit) -> str:
    return edit.content()[0]


def draft(edit: WritingEdit, *texts: str, passage: int = 1) -> None:
    """A draft at the end of the text."""
    edit.begin_draft(edit.length(), edit.length(), passage)
    for text in texts:
        edit.grow(text)


def test_blanks_behind_a_selection_are_left_where_they_are(edit):
    edit.set_content("One 😀 day \n\nmore")
    for start, end, wanted in (
        (0, 7, (0, 6)),
        (4, 13, (4, 10)),
        (0, 3, (0, 3)),
        (10, 12, (10, 12)),
    ):
        edit.select(start, end)
        assert edit.words_selected() == wanted
    edit.select(5)
    assert edit.words_selected() == (5, 5)


# ---- the text and its writers


def test_content_counts_characters_and_places_count_units(edit):
    edit.set_content("Hi 😀 there", [(3, 10, 2)])
    assert edit.content() == ("Hi 😀 there", [(3, 10, 2)])
    assert edit.passages.spans() == [(3, 11, 2)]
    assert edit.length() == 11


def test_spaces_that_do_not_break_and_soft_line_ends(edit):
    edit.set_content("a\u00a0b\u2028c")
    assert text_of(edit) == "a\u00a0b\nc"


def test_half_a_character_does_not_reach_a_file(edit):
    edit.set_content("a😀b")
    cursor = edit.textCursor()
    cursor.setPosition(2)
    cursor.deletePreviousChar()
    assert text_of(edit).encode()


def test_what_is_typed_inside_a_passage_is_the_users(edit):
    edit.set_content("one two", [(0, 7, 3)])
    edit.select(3)
    QTest.keyClicks(edit, "XY")
    assert edit.content() == ("oneXY two", [(0, 3, 3), (5, 9, 3)])
    edit.undo()
    assert edit.content() == ("one two", [(0, 7, 3)])


def test_enter_paste_and_input_methods_are_the_users_too(edit):
    edit.set_content("onetwo", [(0, 6, 3)])
    edit.select(3)
    QTest.keyClick(edit, KEY.Key_Return)
    pasted = QMimeData()
    pasted.setText("a\r\nb")
    edit.insertFromMimeData(pasted)
    event = QInputMethodEvent("", [])
    event.setCommitString("日本")
    edit.inputMethodEvent(event)
    assert edit.content() == ("one\na\nb日本two", [(0, 3, 3), (9, 12, 3)])


def test_typing_over_a_selection_replaces_it_as_the_users(edit):
    edit.set_content("one two", [(0, 7, 3)])
    edit.select(0, 3)
    QTest.keyClicks(edit, "I")
    assert edit.content() == ("I two", [(1, 5, 3)])


def test_writers_come_back_with_undo_and_redo(edit):
    edit.set_content("one two three", [(4, 7, 3)])
    edit.select(2, 9)
    QTest.keyClick(edit, KEY.Key_Delete)
    assert edit.content() == ("onhree", [])
    edit.undo()
    assert edit.content() == ("one two three", [(4, 7, 3)])
    edit.redo()
    assert edit.content() == ("onhree", [])


def test_a_passage_over_several_lines_is_one_span(edit):
    edit.set_content("Start.")
    draft(edit, " One\n", "\ntwo", "\n")
    edit.accept_draft()
    QTest.keyClicks(edit, "x")
    assert edit.content() == ("Start. One\n\ntwo\nx", [(6, 16, 1)])


def test_text_is_replaced_where_it_differs_as_one_step(edit):
    edit.set_content("One fine day. The end.", [(0, 3, 1), (14, 22, 2)])
    edit.replace_text("One rainy day. The end.")
    assert edit.content() == ("One rainy day. The end.", [(0, 3, 1), (15, 23, 2)])
    edit.replace_text("Other", [(0, 5, 7)])
    assert edit.content() == ("Other", [(0, 5, 7)])
    edit.undo()
    assert edit.content() == ("One rainy day. The end.", [(0, 3, 1), (15, 23, 2)])
    edit.undo()
    assert edit.content()[0] == "One fine day. The end."


def test_a_passage_put_in_at_once(edit):
    edit.set_content("One day.")
    edit.insert_passage(4, 7, "night", 5)
    assert edit.content() == ("One night.", [(4, 9, 5)])
    edit.undo()
    assert edit.content() == ("One day.", [])


def test_text_around_a_place(edit):
    edit.set_content("Hi 😀 there")
    assert edit.around(5, 6) == ("Hi 😀", "there")


# ---- drafts


def test_a_draft_grows_in_its_place_and_is_shown_as_one(edit):
    edit.set_content("Once  end")
    edit.begin_draft(5, 5, 4)
    edit.grow("upon")
    edit.grow(" a")
    assert edit.text() == "Once upon a end"
    assert edit.draft() == (5, 11)
    assert [(m.start, m.end) for m in edit.marks.of(GHOST)] == [(5, 11)]
    assert edit.textCursor().position() == 11


def test_tab_accepts_and_one_undo_takes_all_of_it_back(edit, heard):
    accepted, edited = heard(edit.accepted), heard(edit.edited)
    QTest.keyClicks(edit, "Once")
    edited.clear()
    draft(edit, " upon", " a", " time", passage=4)
    assert edited == []
    QTest.keyClick(edit, KEY.Key_Tab)
    assert accepted == [(4, 4, 16)]
    assert len(edited) == 1
    assert edit.content() == ("Once upon a time", [(4, 16, 4)])
    assert edit.marks.of(GHOST) == []
    assert edit.draft() is None
    edit.undo()
    assert text_of(edit) == "Once"
    edit.redo()
    assert edit.content() == ("Once upon a time", [(4, 16, 4)])


def test_two_drafts_in_a_row_are_two_steps(edit):
    draft(edit, "One")
    edit.accept_draft()
    draft(edit, "two", passage=2)
    edit.accept_draft()
    edit.undo()
    assert edit.content() == ("One", [(0, 3, 1)])


def test_another_draft_takes_the_place_of_the_first(edit):
    edit.set_content("Once.")
    draft(edit, " upon a time")
    edit.show_draft(" more")
    edit.grow("!")
    assert edit.text() == "Once. more!"
    edit.accept_draft()
    edit.undo()
    assert text_of(edit) == "Once."


def test_a_dropped_draft_leaves_no_trace(edit, heard):
    dropped = heard(edit.dropped)
    edit.set_content("One fine day")
    edit.begin_draft(4, 8, 3)
    edit.grow("rainy")
    assert edit.text() == "One rainy day"
    assert edit.drop_draft()
    assert (edit.text(), edit.selection()) == ("One fine day", (4, 8))
    assert dropped == [3]
    assert not edit.drop_draft()


def test_dropping_an_empty_draft_undoes_nothing_else(edit):
    QTest.keyClicks(edit, "mine")
    edit.begin_draft(4, 4, 1)
    edit.show_draft("")
    edit.drop_draft()
    assert text_of(edit) == "mine"


def test_writing_on_accepts_the_draft(edit, heard):
    accepted = heard(edit.accepted)
    draft(edit, "Once")
    QTest.keyClicks(edit, "!")
    assert accepted == [(1, 0, 4)]
    assert edit.content() == ("Once!", [(0, 4, 1)])


@pytest.mark.parametrize("key", [KEY.Key_Backspace, KEY.Key_Return])
def test_so_do_keys_that_change_the_text(edit, heard, key):
    accepted = heard(edit.accepted)
    draft(edit, "Once")
    QTest.keyClick(edit, key)
    assert len(accepted) == 1
    assert text_of(edit) == ("Onc" if key == KEY.Key_Backspace else "Once\n")


def test_undo_while_a_draft_stands_drops_it(edit, heard):
    dropped = heard(edit.dropped)
    QTest.keyClicks(edit, "Mine")
    draft(edit, " yours")
    QTest.keySequence(edit, QKeySequence(QKeySequence.StandardKey.Undo))
    assert text_of(edit) == "Mine"
    assert dropped == [1]


def test_undo_from_the_menu_drops_it_as_well(edit, heard):
    dropped, accepted = heard(edit.dropped), heard(edit.accepted)
    draft(edit, "yours")
    edit.undo()
    assert (dropped, accepted, edit.draft()) == ([1], [], None)


def test_a_change_by_menu_makes_text_of_what_is_left(edit, heard):
    accepted = heard(edit.accepted)
    draft(edit, "your words")
    edit.select(0, 5)
    edit.textCursor().removeSelectedText()
    assert accepted == [(1, 0, 5)]


def test_arrows_choose_between_several_drafts_only(edit, heard):
    steps = heard(edit.step_wanted)
    draft(edit, "Once")
    QTest.keyClick(edit, KEY.Key_Left)
    assert steps == []
    assert edit.textCursor().position() == 3
    edit.several = True
    for key in (KEY.Key_Down, KEY.Key_Up, KEY.Key_Right, KEY.Key_Left):
        QTest.keyClick(edit, key)
    assert steps == [1, -1, 1, -1]
    edit.accept_draft()
    QTest.keyClick(edit, KEY.Key_Down)
    assert len(steps) == 4


def test_the_view_follows_until_somebody_scrolls_away(edit, qtbot):
    edit.set_content("line\n" * 40)
    edit.select(edit.length())
    edit.ensureCursorVisible()
    draft(edit, "a\n" * 30)
    bar = edit.verticalScrollBar()
    assert edit.viewport().rect().contains(edit.cursorRect())
    assert bar.value() > 50
    bar.setValue(0)
    edit.grow("b\n" * 10)
    assert bar.value() == 0


# ---- keys


def test_generating_is_left_to_the_panel_but_not_shift_and_enter(edit, qtbot):
    from genstudio.ui import shortcuts

    pressed = []
    shortcuts.bind(edit, "generate", lambda: pressed.append(1))
    QTest.keyClick(edit, KEY.Key_Return, CONTROL)
    assert pressed == [1]
    assert text_of(edit) == ""
    QTest.keyClick(edit, KEY.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert pressed == [1]
    assert text_of(edit) == "\n"


def test_tab_goes_on_where_no_draft_stands(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    edit, button = WritingEdit(), QPushButton("Next")
    column.addWidget(edit)
    column.addWidget(button)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    edit.setFocus()
    draft(edit, "Once")
    QTest.keyClick(edit, KEY.Key_Tab)
    assert edit.hasFocus()
    assert text_of(edit) == "Once"
    QTest.keyClick(edit, KEY.Key_Tab)
    assert button.hasFocus()
    assert text_of(edit) == "Once"


def test_nothing_is_typed_where_one_may_only_read(edit):
    edit.setReadOnly(True)
    QTest.keyClicks(edit, "abc")
    assert text_of(edit) == ""


# ---- the page


def test_a_wide_window_has_wide_margins(edit, qtbot):
    edit.resize(1400, 400)
    assert abs(edit.viewport().width() - MEASURE) <= 12
    edit.resize(500, 400)
    assert edit.viewport().width() > 430


def test_right_to_left_paragraphs_stand_at_the_right(edit):
    edit.set_content("Hello\nمرحبا بالعالم\nend")
    places = []
    for number in range(3):
        edit.select(edit.document().findBlockByNumber(number).position())
        places.append(edit.cursorRect().left())
    assert places[0] == places[2] < places[1] - edit.viewport().width() // 2


def test_lines_have_room_between_them(edit):
    edit.set_content("one\ntwo")
    edit.select(0)
    first = edit.cursorRect()
    edit.select(4)
    assert edit.cursorRect().top() - first.top() > first.height() * 1.2


def test_a_long_text_stands_there_at_once_and_is_loaded_in_idle_moments(edit, qtbot, heard):
    text = "Some words and an 😀.\n" * 9000
    spans = [(0, 5, 1), (150_000, 150_010, 2)]
    done = heard(edit.loaded)
    edit.set_content(text, spans)
    assert edit.is_loading()
    assert edit.document().characterCount() > 30_000
    assert edit.content() == (text, spans)
    qtbot.waitUntil(lambda: not edit.is_loading(), timeout=20_000)
    assert edit.content() == (text, spans)
    assert done == [()]
    assert not edit.document().isUndoAvailable()


def test_a_draft_into_a_text_that_is_still_loaded(edit):
    text = "Some words.\n" * 9000
    edit.set_content(text)
    edit.begin_draft(4, 4, 1)
    edit.grow(" more")
    edit.accept_draft()
    assert edit.content() == ("Some more" + text[4:], [(4, 9, 1)])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a👨‍👩‍👧‍👦", "a"),
        ("a🇩🇪🇫🇷", "a🇩🇪"),
        ("a👍🏽", "a"),
        ("a❤️", "a"),
        ("a1️⃣", "a"),
        ("a😀", "a"),
        ("ae\u0301", "ae"),  # of letters with accents the accent goes, as everywhere
        ("שלום", "שלו"),
        ("a\nb", "a\n"),
    ],
)
def test_backspace_takes_an_emoji_as_the_one_sign_that_it_is(edit, text, left):
    edit.set_content(text)
    edit.select(edit.length())
    QTest.keyClick(edit, KEY.Key_Backspace)
    assert text_of(edit) == left
    edit.undo()
    assert text_of(edit) == text


def test_backspace_takes_a_selection_and_joins_lines(edit):
    edit.set_content("ab🇩🇪\ncd")
    edit.select(7)
    QTest.keyClick(edit, KEY.Key_Backspace)
    assert text_of(edit) == "ab🇩🇪cd"
    edit.select(1, 6)
    QTest.keyClick(edit, KEY.Key_Backspace)
    assert text_of(edit) == "acd"
