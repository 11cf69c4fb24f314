"""Sentences with a word and a dot, buttons that act; small facts in a row."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from genstudio.ui.theme import color
from genstudio.ui.widgets.advice_list import LEVELS, AdviceList, Said
from genstudio.ui.widgets.badges import BadgeRow

BAD = Said("overfitting", "warning", "It learns by heart.", "step 80", ("Stop at best", "Cut more"))
GOOD = Said("progress", "good", "Loss falls steadily.")


@pytest.fixture
def advice(qtbot):
    made = AdviceList("Nothing yet.", "Doctor")
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    return made


def test_silence_has_words(advice):
    assert advice.accessibleDescription() == "Nothing yet."
    advice.set_advice([GOOD])
    advice.set_advice([])
    assert advice.accessibleDescription() == "Nothing yet."
    advice.set_empty("It had nothing to say.")
    labels = [label.text() for label in advice.findChildren(QLabel) if label.isVisible()]
    assert labels == ["It had nothing to say."]


def test_levels_are_told_in_words_and_colours(advice):
    advice.set_advice([BAD, GOOD])
    rows = advice.rows()
    assert rows[0].accessibleName() == "Attention: It learns by heart."
    assert rows[1].accessibleName() == "Good: Loss falls steadily."
    assert advice.accessibleDescription() == (
        "Attention: It learns by heart.; Good: Loss falls steadily."
    )
    shot = rows[1].grab().toImage()
    seen = {shot.pixelColor(x, 9).name() for x in range(8)}
    assert color("good").name() in seen


def test_every_level_has_a_colour_of_the_theme(advice):
    for level, (word, token) in LEVELS.items():
        advice.set_advice([Said("a", level, "Words.")])
        assert advice.rows()[0].accessibleName() == f"{word}: Words."
        assert color(token).isValid()


def test_unknown_levels_are_notes(advice):
    advice.set_advice([Said("a", "shouting", "Words.")])
    assert advice.rows()[0].accessibleName() == "Note: Words."


def test_buttons_say_who_and_which(advice, heard, qtbot):
    acted = heard(advice.acted)
    advice.set_advice([GOOD, BAD])
    row = advice.rows()[1]
    assert [button.text() for button in row.buttons] == ["Stop at best", "Cut more"]
    assert row.buttons[0].accessibleDescription() == "It learns by heart."
    QTest.mouseClick(row.buttons[1], Qt.MouseButton.LeftButton)
    row.buttons[0].setFocus()
    QTest.keyClick(row.buttons[0], Qt.Key.Key_Space)
    assert acted == [("overfitting", 1), ("overfitting", 0)]


def test_buttons_can_be_switched_off(advice):
    advice.set_advice([BAD])
    advice.set_able(False)
    assert not any(button.isEnabled() for button in advice.rows()[0].buttons)
    advice.set_able(True)
    assert all(button.isEnabled() for button in advice.rows()[0].buttons)


def test_what_is_said_again_is_left_alone(advice):
    advice.set_advice([BAD, GOOD])
    bad, good = advice.rows()
    advice.set_advice([BAD, GOOD])
    assert advice.rows() == [bad, good]
    advice.set_advice([GOOD, Said("plateau", "note", "It is level.")])
    assert advice.rows()[0] is good
    assert len(advice.rows()) == 2


def test_the_order_given_is_the_order_shown(advice, qtbot):
    other = Said("plateau", "note", "It is level.")
    advice.set_advice([GOOD, other])
    advice.set_advice([BAD, other, GOOD])
    qtbot.wait(1)
    tops = [row.y() for row in advice.rows()]
    assert tops == sorted(tops)
    assert [row.said.key for row in advice.rows()] == ["overfitting", "plateau", "progress"]


def test_buttons_stand_beside_the_words_where_there_is_room(advice, qtbot):
    advice.resize(900, 200)
    advice.set_advice([BAD])
    row = advice.rows()[0]
    row.set_wide(True)
    qtbot.waitUntil(lambda: row.buttons[0].mapTo(row, row.buttons[0].rect().topLeft()).x() > 400)
    row.set_wide(False)
    qtbot.waitUntil(lambda: row.buttons[0].mapTo(row, row.buttons[0].rect().topLeft()).x() < 40)


def test_a_single_sentence_stands_at_the_top(advice, qtbot):
    advice.resize(300, 600)
    advice.set_advice([GOOD])
    row = advice.rows()[0]
    qtbot.waitUntil(lambda: row.height() < 100)
    assert row.text.mapTo(advice, row.text.rect().topLeft()).y() < 60


# ---- badges


def test_badges_tell_all_in_their_name(qtbot):
    row = BadgeRow("So far")
    qtbot.addWidget(row)
    assert row.accessibleName() == "So far: nothing yet"
    row.set_badges([("412 pictures/s", "Speed"), ("CPU", "")])
    assert row.texts() == ["412 pictures/s", "CPU"]
    assert row.accessibleName() == "So far: 412 pictures/s, CPU"


def test_badges_are_used_again(qtbot):
    row = BadgeRow("So far")
    qtbot.addWidget(row)
    row.set_badges([("a", ""), ("b", ""), ("c", "")])
    first = row._labels[0]
    row.set_badges([("longer words", "why")])
    assert row._labels == [first]
    assert first.toolTip() == "why"
    assert first.sizeHint().width() > first.fontMetrics().horizontalAdvance("longer words")


def test_badges_wrap(qtbot):
    row = BadgeRow("So far")
    qtbot.addWidget(row)
    row.set_badges([(f"fact number {n}", "") for n in range(8)])
    assert row.heightForWidth(2000) < row.heightForWidth(300)
    row.resize(300, row.heightForWidth(300))
    row.show()
    bottoms = [label.geometry().bottom() for label in row._labels]
    assert max(bottoms) < row.height()
