"""Velocities as bars: set by dragging across them, by key, read aloud."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio.ui.theme import color
from genstudio.ui.widgets import velocity_lane
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.roll_marks import mixed, voice
from tests.helpers import rolls
from tests.helpers.rolls import LEFT, NOTES, drag, many, piece, shown

NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def roll(qtbot) -> PianoRoll:
    made = PianoRoll()
    made.set_piece(piece())
    shown(made, qtbot)
    return made


def at(roll, tick: int, velocity: int) -> QPoint:
    lane = roll.lane
    room = lane.height() - 2 * velocity_lane.PAD
    y = lane.height() - velocity_lane.PAD - room * velocity / 127
    return QPoint(round(float(roll.canvas.view.x(tick))) + 2, round(y))


def velocities(roll) -> list[int]:
    return roll.piece().notes["velocity"].tolist()


def test_heights_are_velocities(roll):
    lane = roll.lane
    assert [lane.velocity(at(roll, 0, v).y()) for v in (1, 127)] == [1, 127]
    assert lane.velocity(-50) == 127
    assert lane.velocity(500) == 1


def test_a_press_sets_the_voice_in_hand(roll):
    QTest.mouseClick(roll.lane, LEFT, NONE, at(roll, 480, 30))
    assert velocities(roll)[2] == pytest.approx(30, abs=2)
    assert [v for i, v in enumerate(velocities(roll)) if i != 2] == [
        note[3] for i, note in enumerate(NOTES) if i != 2
    ]


def test_a_drag_sets_all_on_the_way_as_one_step(roll):
    drag(roll.lane, at(roll, 0, 20), at(roll, 960, 100), steps=3)
    found = velocities(roll)
    assert found[0] < found[2] < found[3]
    assert found[3] == pytest.approx(100, abs=3)
    assert found[2] == pytest.approx(60, abs=6), "a straight line between the two places"
    assert found[1] == NOTES[1][3], "another voice"
    roll.undo()
    assert velocities(roll) == [note[3] for note in NOTES]


def test_where_notes_are_selected_only_those_change(roll):
    roll.select([3])
    drag(roll.lane, at(roll, 0, 20), at(roll, 960, 20), steps=3)
    assert velocities(roll)[:3] == [100, 80, 90]
    assert velocities(roll)[3] == pytest.approx(20, abs=2)


def test_nothing_is_taken_before_the_button_is_let_go(roll, heard):
    changed = heard(roll.changed)
    QTest.mousePress(roll.lane, LEFT, NONE, at(roll, 480, 30))
    rolls.move(roll.lane, at(roll, 480, 50))
    assert changed == []
    assert roll.model.shown()["velocity"][2] == pytest.approx(50, abs=2)
    QTest.mouseRelease(roll.lane, LEFT, NONE, at(roll, 480, 50))
    assert len(changed) == 1


def test_keys_change_and_walk(roll):
    roll.select([2])
    roll.lane.setFocus()
    QTest.keyClick(roll.lane, Qt.Key.Key_Up)
    QTest.keyClick(roll.lane, Qt.Key.Key_Down)
    QTest.keyClick(roll.lane, Qt.Key.Key_Down)
    assert velocities(roll)[2] == 90 - velocity_lane.STEP
    QTest.keyClick(roll.lane, Qt.Key.Key_Right)
    assert roll.selected() == [3]


def test_it_says_what_is_selected(roll):
    lane = roll.lane
    assert lane.accessibleName() == "Velocities"
    roll.select([2])
    assert lane.accessibleDescription().startswith("Velocity 90 of 127")
    roll.select([2, 3])
    assert lane.accessibleDescription().startswith("Velocity 70 to 90 of 127")
    roll.select([])
    assert lane.accessibleDescription() == "No note is selected"


@pytest.mark.parametrize("most", [0, 400])
def test_bars_have_their_voices_colour_and_height(roll, monkeypatch, most):
    monkeypatch.setattr(velocity_lane, "MOST_ROUND", most)
    look = roll.lane.grab().toImage()
    low = at(roll, 480, 40) + QPoint(-1 if most == 0 else 1, 0)
    assert look.pixelColor(low) == color(voice(0))
    assert look.pixelColor(at(roll, 480, 110)) == color("roll_white")
    roll.set_track(1)
    look = roll.lane.grab().toImage()
    assert look.pixelColor(low) == mixed(voice(0), "roll_white", 0.32)


def test_thousands_of_bars_are_pixels(roll):
    roll.set_piece(many(6000))
    roll.canvas.fit()
    look = roll.lane.grab().toImage()
    foot = look.height() - velocity_lane.PAD - 4
    inks = {look.pixelColor(x, foot).name() for x in range(look.width())}
    assert color(voice(0)).name() in inks


def test_the_wheel_scrolls_the_roll(roll):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    roll.canvas.zoom_time(8, 0)
    event = QWheelEvent(
        QPointF(50, 20), QPointF(50, 20), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ShiftModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(roll.lane, event)
    assert roll.canvas.view.left > 0
