"""The waveform: going and choosing by hand and by key, words for all of it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio.ui.theme import color
from genstudio.ui.widgets.wave_view import HEIGHT, WaveView

RATE = 1000
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qtbot) -> WaveView:
    made = WaveView()
    qtbot.addWidget(made)
    made.resize(500, HEIGHT)
    made.set_sound(np.concatenate([np.zeros(500), np.tile([0.9, -0.9], 250)]).astype(np.float32), RATE)
    made.show()
    return made


def test_a_press_goes_there(view, heard):
    went, parts = heard(view.seek), heard(view.part_changed)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(250, 50))
    assert went == [pytest.approx(0.5)]
    assert parts == []
    assert "at 0.50" in view.accessibleDescription()


def test_a_drag_chooses_whichever_way_and_a_press_forgets_it(view, heard):
    parts = heard(view.part_changed)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(400, 50))
    QTest.mouseMove(view, QPoint(200, 50))
    QTest.mouseMove(view, QPoint(100, 60))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 60))
    assert view.part() == (pytest.approx(0.2), pytest.approx(0.8))
    assert "chosen from 0.20 to 0.80" in view.text()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert view.part() is None
    assert parts[-1] is None


def test_arrows_go_and_with_shift_they_choose(view, heard):
    went = heard(view.seek)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_End)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert went == [pytest.approx(0.02), 1.0, 1.0, 0.0]
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert view.part() == (0.0, pytest.approx(0.06))
    QTest.keyClick(view, Qt.Key.Key_Left, SHIFT)
    assert view.part() == (0.0, pytest.approx(0.04))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.part() is None


def test_another_sound_forgets_part_and_place(view):
    view.set_part((0.1, 0.2))
    view.set_place(0.5)
    view.set_sound(np.zeros((200, 2), np.float32), RATE)
    assert view.part() is None
    assert view.seconds() == 0.2
    view.set_place(9.0)
    assert "at 0.20" in view.text()


def test_loud_parts_are_drawn_and_silent_ones_are_not(view):
    shot = view.grab().toImage()
    ink = color("accent")

    def drawn(x: int) -> bool:
        return any(shot.pixelColor(x, y) == ink for y in range(20, 60))

    assert drawn(int(400 * shot.devicePixelRatio()))
    assert not drawn(int(100 * shot.devicePixelRatio()))


def test_a_sound_on_its_way_is_drawn_as_far_as_it_is(view, heard):
    went = heard(view.seek)
    view.grow([[-0.8, 0.8]] * 10, 1.0)
    shot, ink = view.grab().toImage(), color("accent")
    ratio = shot.devicePixelRatio()
    columns = [x for x in range(500) if shot.pixelColor(int(x * ratio), int(40 * ratio)) == ink]
    assert 40 < max(columns) < 130, "a fifth of a second of one"
    view.clear()
    assert view.text() == "No sound"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert went == []
