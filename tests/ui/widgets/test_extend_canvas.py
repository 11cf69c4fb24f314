"""Pulling the frame in which a picture is to go on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtTest import QTest

from genstudio.ui.widgets.extend_canvas import SIDES, ExtendCanvas
from genstudio.ui.widgets.extend_editor import ExtendEditor

LEFT = Qt.MouseButton.LeftButton
NOTHING = dict.fromkeys(SIDES, 0)


@pytest.fixture
def editor(qtbot, picture) -> ExtendEditor:
    made = ExtendEditor()
    qtbot.addWidget(made)
    made.resize(700, 640)
    made.canvas.set_limits(dict.fromkeys(SIDES, (0, 128, 8)))
    made.set_image(picture(64), QSize(64, 64))
    made.show()
    made.activateWindow()
    made.canvas.setFocus()
    return made


@pytest.fixture
def canvas(editor) -> ExtendCanvas:
    return editor.canvas


def spot(canvas: ExtendCanvas, x: float, y: float) -> QPoint:
    """Where a picture point lies in the widget."""
    return canvas.to_widget(QPointF(x, y)).toPoint()


def pull(canvas: ExtendCanvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    begin, finish = spot(canvas, *start), spot(canvas, *end)
    QTest.mousePress(canvas, LEFT, pos=begin)
    QTest.mouseMove(canvas, (begin + finish) / 2)
    QTest.mouseMove(canvas, finish)
    QTest.mouseRelease(canvas, LEFT, pos=finish)


def test_a_side_is_pulled_in_whole_steps(canvas, heard):
    said = heard(canvas.changed)
    pull(canvas, (64, 32), (64 + 13, 40))
    assert canvas.values() == {**NOTHING, "right": 16}
    assert said[-1] == ("right", 16, False)
    assert all(held for _side, _value, held in said[:-1])


def test_a_corner_pulls_two_sides(canvas):
    pull(canvas, (0, 0), (-16, -8))
    assert canvas.values() == {"left": 16, "right": 0, "up": 8, "down": 0}
    assert canvas.extended().toTuple() == (80, 72)


def test_the_frame_stays_between_its_limits(canvas):
    canvas.extend({"down": 999, "up": -40})
    assert canvas.values() == {**NOTHING, "down": 128}
    pull(canvas, (32, 64 + 128), (32, 20))
    assert canvas.values() == NOTHING


def test_the_picture_moves_within_its_frame(canvas):
    canvas.extend({"left": 16, "right": 16, "down": 8})
    pull(canvas, (32, 32), (40, 90))
    assert canvas.values() == {"left": 24, "right": 8, "up": 8, "down": 0}
    pull(canvas, (32, 32), (32 - 90, 32))
    assert canvas.values() == {"left": 0, "right": 32, "up": 8, "down": 0}


def test_a_picture_without_a_frame_around_it_stays(canvas, heard):
    said = heard(canvas.changed)
    pull(canvas, (32, 32), (50, 50))
    assert (canvas.values(), said) == (NOTHING, [])


def test_outside_and_other_buttons_take_nothing(canvas):
    assert canvas.held_at(QPointF(2, 2)) == set()
    at = spot(canvas, 64, 32)
    QTest.mousePress(canvas, Qt.MouseButton.RightButton, pos=at)
    QTest.mouseMove(canvas, at + QPoint(90, 0))
    QTest.mouseRelease(canvas, Qt.MouseButton.RightButton, pos=at)
    assert canvas.values() == NOTHING


def test_a_double_click_folds_a_side(canvas):
    canvas.extend({"left": 16, "right": 32})
    QTest.mouseDClick(canvas, LEFT, pos=spot(canvas, 96, 32))
    assert canvas.values() == {**NOTHING, "left": 16}


def test_arrows_extend_and_take_back(canvas):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(canvas, key)
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.values() == {"left": 0, "right": 8, "up": 8, "down": 8}
    assert canvas.accessibleDescription().startswith("left 0, right 8, up 8, down 8; 72 × 80")


def test_all_of_the_frame_is_in_sight_when_the_hand_rests(canvas):
    pull(canvas, (64, 32), (70, 32))
    for _ in range(12):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    frame = canvas.shown(QRectF(0, 0, 64 + canvas.values()["right"], 64))
    assert QRectF(canvas.rect()).contains(frame)


def test_values_from_elsewhere_are_shown_without_a_word(editor, canvas, heard):
    said = heard(editor.changed)
    editor.set_values({"left": 8, "up": 16, "other": 3})
    assert canvas.values() == {"left": 8, "right": 0, "up": 16, "down": 0}
    assert editor.size_words.text() == "64 × 64  →  72 × 80 pixels"
    assert said == []


def test_the_mouse_tells_what_it_would_take(canvas):
    shape = Qt.CursorShape
    looks = {
        (0, 32): shape.SizeHorCursor,
        (32, 64): shape.SizeVerCursor,
        (0, 0): shape.SizeFDiagCursor,
        (64, 0): shape.SizeBDiagCursor,
        (32, 32): shape.ArrowCursor,
        (-8, -8): shape.ArrowCursor,
    }
    canvas.extend({"up": 0})
    for place, look in looks.items():
        QTest.mouseMove(canvas, spot(canvas, *place))
        assert canvas.cursor().shape() == look, place
    canvas.extend({"right": 8})
    QTest.mouseMove(canvas, spot(canvas, 33, 33))
    assert canvas.cursor().shape() == shape.SizeAllCursor, "now there is room to move it"


def test_ready_made_shapes(editor, canvas):
    assert editor.size_words.text() == "64 × 64 pixels"
    editor.ways["Wider"].click()
    assert canvas.values() == {"left": 32, "right": 32, "up": 0, "down": 0}
    editor.ways["All sides"].click()
    assert canvas.extended().toTuple() == (128, 128)
    editor.ways["Taller"].click()
    assert canvas.extended().toTuple() == (64, 128)
    editor.ways["Not at all"].click()
    assert canvas.values() == NOTHING


def test_the_new_ground_is_seen(canvas):
    before = canvas.grab().toImage()
    canvas.extend({"right": 32})
    after = canvas.grab().toImage()
    place = spot(canvas, 80, 60)
    assert after.pixelColor(place) != before.pixelColor(2, 2)


def test_without_a_picture_nothing_happens(qtbot):
    canvas = ExtendCanvas()
    qtbot.addWidget(canvas)
    QTest.mousePress(canvas, LEFT, pos=QPoint(20, 20))
    QTest.mouseMove(canvas, QPoint(90, 20))
    assert canvas.values() == NOTHING
    assert not canvas.grab().isNull()
