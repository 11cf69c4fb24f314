"""Marks over an editor's text, colours by probability, alternatives and their keys."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.chances import Chance, Legend, level_of, percent, visible
from genstudio.ui.widgets.marks import LOOKS, Mark, Marks
from genstudio.ui.widgets.token_layer import TokenLayer

TOP = (("time", 0.6), ("midnight", 0.25), ("day", 0.01))


@pytest.fixture
def edit(qtbot):
    made = QPlainTextEdit("Once upon a time there was\n" + "a line\n" * 300)
    made.setAccessibleName("Text")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    made.setFocus()
    return made


@pytest.fixture
def marks(edit):
    return Marks(edit)


@pytest.fixture
def layer(edit, marks):
    made = TokenLayer(edit, marks)
    made.add_tokens(0, [Chance("Once", 0.9), Chance(" upon", 0.3), Chance(" a", 0.1)])
    made.add_tokens(11, [Chance(" time", 0.004, TOP)])
    return made


def drawn(edit, marks):
    """(start, end, ground) of what lies over the text."""
    marks.lay()
    found = []
    for selection in edit.extraSelections():
        cursor = selection.cursor
        ground = selection.format.background().color().name()
        found.append((cursor.selectionStart(), cursor.selectionEnd(), ground))
    return found


# ---- marks


def test_only_marks_in_sight_are_laid(edit, marks):
    last = edit.document().characterCount() - 1
    marks.set("find", [Mark(0, 4, "found"), Mark(last - 3, last, "found")])
    assert [span[:2] for span in drawn(edit, marks)] == [(0, 4)]
    edit.moveCursor(QTextCursor.MoveOperation.End)
    assert [span[:2] for span in drawn(edit, marks)] == [(last - 3, last)]


def test_layers_lie_over_each_other(edit, marks):
    marks.set("one", [Mark(0, 4, "found")])
    marks.provide("two", lambda start, end: [Mark(5, 9, "found_here")] if start <= 5 < end else [])
    assert [span[:2] for span in drawn(edit, marks)] == [(0, 4), (5, 9)]
    marks.provide("two", None)
    marks.set("one")
    assert drawn(edit, marks) == []


def test_marks_change_with_the_theme(edit, marks):
    marks.set("one", [Mark(0, 4, "chance_5")])
    dark = drawn(edit, marks)[0][2]
    assert dark == color("chance_5").name()
    theme().choose("light")
    assert drawn(edit, marks)[0][2] == color("chance_5").name() != dark


def test_all_looks_can_be_drawn(edit, marks):
    marks.set("all", [Mark(place, place + 1, name) for place, name in enumerate(LOOKS)])
    assert len(drawn(edit, marks)) == len(LOOKS)


def test_marks_go_with_the_text_and_lose_what_is_typed_into(edit, marks):
    marks.set("one", [Mark(0, 4, "found"), Mark(5, 9, "found"), Mark(10, 11, "found")])
    cursor = edit.textCursor()
    cursor.setPosition(6)
    cursor.insertText("xy")
    assert [(m.start, m.end) for m in marks.of("one")] == [(0, 4), (12, 13)]


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ((0, 0, 3), [(5, 8), (8, 11)]),
        ((2, 0, 1), [(3, 6), (6, 9)]),
        ((3, 0, 1), [(6, 9)]),
        ((5, 0, 1), [(2, 5), (6, 9)]),
        ((0, 3, 0), [(2, 5)]),
        ((3, 4, 1), []),
        ((8, 0, 9), [(2, 5), (5, 8)]),
    ],
)
def test_moving(marks, change, left):
    marks.set("one", [Mark(2, 5, "found"), Mark(5, 8, "found")])
    marks._moved(*change)
    assert [(mark.start, mark.end) for mark in marks.of("one")] == left


def test_typing_here_and_there_moves_as_one_by_one(marks):
    """The number that stands for many moves says the same as moving every mark."""
    draw = random.Random(3)
    plain = [(a, a + 2) for a in range(0, 60, 3)]
    marks.set("one", [Mark(a, b, "found") for a, b in plain])
    for _ in range(200):
        position, removed, added = draw.randrange(70), draw.choice((0, 0, 1)), draw.randrange(1, 4)
        by, gone = added - removed, position + removed
        moved = [(a + by, b + by) if a >= gone else (a, b) for a, b in plain]
        kept = zip(plain, moved, strict=True)
        plain = [new for (a, b), new in kept if b <= position or a >= gone]
        marks._moved(position, removed, added)
        if draw.random() < 0.3 and plain:
            place = draw.choice(plain)[0]
            marks.cut("one", place, place + 1)
            marks.add("one", [Mark(place, place + 2, "found")])
        assert [(mark.start, mark.end) for mark in marks.of("one")] == plain


def test_a_mark_is_found_by_its_place(marks):
    marks.add("one", [Mark(5, 9, "found")])
    marks.add("one", [Mark(0, 4, "found")])  # before it
    assert marks.at("one", 3).start == 0
    assert marks.at("one", 4) is None
    assert marks.at("one", 8).start == 5
    assert marks.at("two", 0) is None
    assert [m.start for m in marks.between("one", 3, 6)] == [0, 5]
    assert marks.between("one", 4, 5) == []


# ---- colours


@pytest.mark.parametrize(
    ("p", "level", "words"),
    [
        (1.0, 1, "over 99 %"),
        (0.5, 1, "50 %"),
        (0.499, 2, "50 %"),
        (0.2, 2, "20 %"),
        (0.051, 3, "5.1 %"),
        (0.01, 4, "1.0 %"),
        (0.0, 5, "under 0.1 %"),
    ],
)
def test_levels(p, level, words):
    assert (level_of(p), percent(p)) == (level, words)


@pytest.mark.parametrize(
    ("text", "shown"),
    [(" the", "␣the"), ("a b ", "a b␣"), ("\n\n", "↵↵"), ("  ", "␣␣"), ("", "(nothing)")],
)
def test_spaces_can_be_seen(text, shown):
    assert visible(text) == shown


def test_colours_are_shown_while_they_are_wanted(edit, marks, layer):
    assert drawn(edit, marks) == []
    layer.set_on(True)
    levels = [ground for _, _, ground in drawn(edit, marks)]
    assert levels == [color(f"chance_{n}").name() for n in (1, 2, 3, 5)]
    layer.set_on(False)
    assert drawn(edit, marks) == []
    assert len(layer.tokens()) == 4  # still known


def test_new_tokens_take_the_place_of_old_ones(layer):
    assert layer.add_tokens(4, [Chance(" upon a", 0.7)]) == 11
    assert [token[:2] for token in layer.tokens()] == [(0, 4), (4, 11), (11, 16)]
    assert layer.token_at(5)[2].p == 0.7
    assert layer.token_at(200) is None


def test_positions_count_as_qt_counts(layer):
    assert layer.add_tokens(0, [Chance("😀", 0.5), Chance("é", 0.5), Chance("", 0.5)]) == 3


def test_typing_forgets_the_word_and_moves_the_rest(edit, layer):
    cursor = edit.textCursor()
    cursor.setPosition(2)
    cursor.insertText("!")
    assert [token[:2] for token in layer.tokens()] == [(5, 10), (10, 12), (12, 17)]


def test_what_a_word_hangs_on(edit, marks, layer):
    layer.show_weights((11, 16), [(0, 4, 2.0), (4, 9, 0.9), (9, 11, 0.1)])
    grounds = {span[:2]: span[2] for span in drawn(edit, marks)}
    assert grounds[(0, 4)] == color("heat_4").name()
    assert grounds[(4, 9)] == color("heat_2").name()
    assert (9, 11) not in grounds
    assert grounds[(11, 16)] == color("fill").name()
    layer.show_weights(None)
    assert drawn(edit, marks) == []


def test_weights_that_all_speak_against_it_are_blank(edit, marks, layer):
    layer.show_weights((11, 16), [(0, 4, -1.0), (4, 9, 0.0)])
    assert [span[:2] for span in drawn(edit, marks)] == [(11, 16)]


# ---- alternatives


def put_cursor(edit, place):
    cursor = edit.textCursor()
    cursor.setPosition(place)
    edit.setTextCursor(cursor)


def test_alternatives_by_keys(edit, layer, heard):
    branches, looks = heard(layer.branch_wanted), heard(layer.looked_at)
    put_cursor(edit, 13)
    QTest.keyClick(edit, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    popup = layer.popup()
    assert popup.words() == [" time", "time", "midnight", "day"]
    assert looks == [(11, 16)]
    for _ in range(2):
        QTest.keyClick(edit, Qt.Key.Key_Down)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert branches == [(11, 16, "midnight")]
    assert layer.popup() is None
    assert looks[-1] == (-1, -1)
    assert edit.toPlainText().startswith("Once upon a time")  # whoever listens changes it


def test_the_word_that_stands_there_is_no_choice(edit, layer, heard):
    branches = heard(layer.branch_wanted)
    layer.add_tokens(11, [Chance(" time", 0.6, ((" time", 0.6), (" day", 0.2)))])
    put_cursor(edit, 16)
    assert layer.open_at_cursor()
    popup = layer.popup()
    assert popup.words() == [" time", " day"]
    place = popup.visualItemRect(popup.item(0)).center()
    QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert branches == []
    popup.step(-1)
    assert not popup.take_current()
    place = popup.visualItemRect(popup.item(1)).center()
    QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert branches == [(11, 16, " day")]


def test_typing_closes_the_list_and_types(edit, layer):
    put_cursor(edit, 13)
    layer.open_at_cursor()
    QTest.keyClick(edit, Qt.Key.Key_X)
    assert layer.popup() is None
    assert "txime" in edit.toPlainText()


def test_esc_closes_the_list_and_nothing_else(edit, layer):
    put_cursor(edit, 13)
    layer.open_at_cursor()
    before = edit.toPlainText()
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert layer.popup() is None
    assert edit.toPlainText() == before


def test_words_that_nobody_knows_have_no_alternatives(edit, layer):
    put_cursor(edit, 60)
    assert not layer.open_at_cursor()
    assert layer.popup() is None


def test_the_mouse_rests_on_a_word(edit, layer, qtbot, heard):
    looks = heard(layer.looked_at)
    layer.set_on(True)
    put_cursor(edit, 13)
    QTest.mouseMove(edit.viewport(), edit.cursorRect().center() + QPoint(1, 0))
    qtbot.waitUntil(lambda: layer.popup() is not None)
    assert looks == [(11, 16)]
    layer.set_on(False)
    assert layer.popup() is None


def test_the_list_stays_within_the_window(edit, layer):
    edit.resize(320, 90)
    put_cursor(edit, 13)
    layer.open_at_cursor()
    popup = layer.popup()
    assert edit.rect().left() <= popup.x()
    assert popup.geometry().right() <= edit.rect().right()
    assert popup.y() >= 0


def test_the_legend_says_its_colours(qtbot):
    legend = Legend()
    qtbot.addWidget(legend)
    assert "surprising: under 1 %" in legend.accessibleDescription()
    assert legend.heightForWidth(legend.sizeHint().width()) == legend.sizeHint().height()
    assert legend.heightForWidth(150) > legend.sizeHint().height()
    legend.resize(150, legend.heightForWidth(150))
    image = legend.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(150) for y in range(image.height())}
    assert {color(f"chance_{level}").name() for level in range(1, 6)} <= colours
