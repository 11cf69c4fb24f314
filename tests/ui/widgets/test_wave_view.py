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
    made.set_sound(
        np.concatenate([np.zeros(500), np.tile([0.9, -0.9], 250)]).astype(np.float32), RATE
    )
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


# ---- edges


def drag(view: WaveView, *xs: int) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(xs[0], 50))
    for x in xs[1:]:
        QTest.mouseMove(view, QPoint(x, 50))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(xs[-1], 50))


def test_a_drag_out_of_the_view_ends_at_the_end_of_the_sound(view):
    drag(view, 250, 450, 700)
    assert view.part() == (pytest.approx(0.5), 1.0)
    drag(view, 250, 50, -90)
    assert view.part() == (0.0, pytest.approx(0.5))


def test_a_part_without_length_is_no_part(view, heard):
    parts = heard(view.part_changed)
    drag(view, 0, -40)
    assert view.part() is None
    assert (0.0, 0.0) not in parts


def test_a_shaky_press_is_no_drag(view, heard):
    went, parts = heard(view.seek), heard(view.part_changed)
    drag(view, 250, 252, 253)
    assert went == [pytest.approx(0.506)]
    assert parts == []


def test_only_the_left_button_does_anything(view, heard):
    went = heard(view.seek)
    QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=QPoint(250, 50))
    assert went == []
    assert "at 0.00" in view.text()


def test_shift_turns_round_at_the_fixed_end(view):
    view.set_place(0.5)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert view.part() == (0.5, pytest.approx(0.52))
    QTest.keyClick(view, Qt.Key.Key_Left, SHIFT)
    assert view.part() is None, "nothing is left of it"
    QTest.keyClick(view, Qt.Key.Key_Home, SHIFT)
    assert view.part() == (0.0, pytest.approx(0.5))
    assert "at 0.00, chosen from 0.00 to 0.50" in view.text()


def test_what_is_set_by_program_is_told_to_nobody(view, heard):
    went, parts = heard(view.seek), heard(view.part_changed)
    view.set_place(0.25)
    view.set_part((0.1, 0.2))
    assert (went, parts) == ([], [])
    assert view.accessibleDescription() == view.text()
    view.set_place(-1.0)
    assert "at 0.00" in view.text()


def test_keys_that_mean_nothing_here_go_on_to_the_panel(view):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    for key in (Qt.Key.Key_Escape, Qt.Key.Key_A):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        view.keyPressEvent(event)
        assert not event.isAccepted()
    view.set_part((0.1, 0.2))
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    view.keyPressEvent(event)
    assert event.isAccepted(), "the first Esc takes the part away and stays here"
    assert view.part() is None


def test_a_sound_on_its_way_begins_at_its_beginning(view):
    view.set_place(0.9)
    view.set_part((0.1, 0.2))
    view.grow([[-0.5, 0.5]], 0.5)
    assert view.text() == "0.50 seconds, at 0.00"
    assert view.part() is None


def test_both_channels_are_seen_as_one(view):
    stereo = np.stack([np.full(1000, 0.8), np.full(1000, -0.8)], axis=1).astype(np.float32)
    view.set_sound(stereo, RATE)
    assert view.seconds() == 1.0
    assert float(np.abs(view._peaks).max()) == 0.0


def test_the_part_and_the_playhead_are_seen(view):
    looks = [view.grab().toImage()]
    for change in (lambda: view.set_place(0.3), lambda: view.set_part((0.0, 0.2))):
        change()
        looks.append(view.grab().toImage())
        assert looks[-1] != looks[-2]
    view.set_part(None)
    assert view.grab().toImage() == looks[1]


def test_a_narrower_view_keeps_the_part_in_seconds(view, heard):
    view.set_part((0.2, 0.4))
    view.resize(200, HEIGHT)
    assert len(view._peaks) == 200
    assert view.part() == (0.2, 0.4)
    went = heard(view.seek)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 50))
    assert went == [pytest.approx(0.5)]
