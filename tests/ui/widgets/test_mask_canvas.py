"""The mask canvas by itself: strokes, steps of undo, hands, edges, and what is read aloud."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from genstudio.ui.widgets import mask_canvas
from genstudio.ui.widgets.mask_canvas import LARGEST, SMALLEST, MaskCanvas

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def canvas(qtbot, picture):
    made = MaskCanvas()
    qtbot.addWidget(made)
    made.resize(416, 416)
    made.set_image(picture(40))
    made.show()
    return made


def grey(canvas, x: int, y: int) -> int:
    return canvas.mask().pixelColor(x, y).red()


def at(x: float, y: float) -> QPoint:
    """Where a point of the 40-pixel picture lies in the widget."""
    return QPoint(round(8 + x * 10), round(8 + y * 10))


# ---- strokes


def test_a_stroke_joins_its_points(canvas, heard):
    changes = heard(canvas.changed)
    canvas.stroke([QPointF(5, 5), QPointF(35, 5), QPointF(35, 35)])
    assert [grey(canvas, *spot) for spot in ((20, 5), (35, 20), (5, 35))] == [255, 255, 0]
    assert len(changes) == 1


def test_a_wide_stroke_is_one_step(canvas):
    canvas.stroke([QPointF(x, 20) for x in range(40)])
    canvas.undo()
    assert canvas.is_empty()


def test_a_stroke_of_nothing_is_no_step(canvas, heard):
    canvas.stroke([QPointF(5, 5)])
    changes = heard(canvas.changed)
    canvas.stroke([])
    assert changes == []
    canvas.undo()
    assert canvas.is_empty()


def test_the_brush_is_as_wide_as_it_says(canvas):
    canvas.set_brush_size(50)
    canvas.stroke([QPointF(20, 20)])
    painted = [x for x in range(40) if grey(canvas, x, 20) > 127]
    assert (painted[0], painted[-1]) == (10, 29)


def test_the_eraser_takes_only_what_it_touches(canvas):
    canvas.invert()
    canvas.set_erasing(True)
    canvas.stroke([QPointF(10, 10)])
    assert (grey(canvas, 10, 10), grey(canvas, 30, 30)) == (0, 255)


@pytest.mark.parametrize(
    ("wanted", "size"), [(0, SMALLEST), (-5, SMALLEST), (30, 30), (99, LARGEST)]
)
def test_the_brush_has_bounds(canvas, wanted, size):
    canvas.set_brush_size(wanted)
    assert canvas.brush_size() == size


def test_size_and_tool_are_told_only_when_they_change(canvas, heard):
    sizes, tools = heard(canvas.size_changed), heard(canvas.tool_changed)
    for size in (30, 30, 99, 98):
        canvas.set_brush_size(size)
    for erasing in (False, True, True, False):
        canvas.set_erasing(erasing)
    assert sizes == [30, LARGEST]
    assert tools == [True, False]


# ---- undo


def test_undo_and_redo_at_their_ends_say_nothing(canvas, heard):
    changes = heard(canvas.changed)
    canvas.undo()
    canvas.redo()
    assert changes == []


@pytest.mark.parametrize("change", ["clear", "invert", "set_mask"])
def test_every_change_can_be_undone_and_done_again(canvas, change):
    canvas.stroke([QPointF(20, 20)])
    before = canvas.mask()
    other = QImage(4, 4, QImage.Format.Format_Grayscale8)
    other.fill(200)
    getattr(canvas, change)(*([other] if change == "set_mask" else []))
    after = canvas.mask()
    assert after != before
    canvas.undo()
    assert canvas.mask() == before
    canvas.redo()
    assert canvas.mask() == after


def test_a_new_stroke_ends_what_could_be_done_again(canvas):
    canvas.stroke([QPointF(5, 5)])
    canvas.undo()
    canvas.stroke([QPointF(35, 35)])
    canvas.redo()
    assert (grey(canvas, 5, 5), grey(canvas, 35, 35)) == (0, 255)


def test_only_so_many_steps_are_kept(canvas, monkeypatch):
    monkeypatch.setattr(mask_canvas, "KEPT", 3)
    for x in (5, 12, 19, 26, 33):
        canvas.stroke([QPointF(x, 20)])
    for _ in range(10):
        canvas.undo()
    assert [grey(canvas, x, 20) for x in (5, 12, 19, 26, 33)] == [255, 255, 0, 0, 0]


def test_another_picture_starts_anew(canvas, picture):
    canvas.stroke([QPointF(20, 20)])
    canvas.set_image(picture(20))
    canvas.undo()
    assert canvas.is_empty()
    assert canvas.mask().size().toTuple() == (20, 20)


# ---- masks in and out


def test_the_mask_given_out_is_a_copy(canvas):
    canvas.mask().fill(255)
    assert canvas.is_empty()


def test_a_coloured_mask_becomes_grey_and_is_scaled(canvas):
    other = QImage(10, 10, QImage.Format.Format_RGB32)
    other.fill(QColor("black"))
    for y in range(10):
        for x in range(5):
            other.setPixelColor(x, y, QColor("white"))
    canvas.set_mask(other)
    assert canvas.mask().format() == QImage.Format.Format_Grayscale8
    assert (grey(canvas, 2, 20), grey(canvas, 37, 20)) == (255, 0)
    assert canvas.share() == pytest.approx(0.5, abs=0.02)


def test_no_mask_is_no_change(canvas, heard):
    canvas.stroke([QPointF(20, 20)])
    changes, before = heard(canvas.changed), canvas.mask()
    canvas.set_mask(QImage())
    assert (changes, canvas.mask() == before) == ([], True)


# ---- hands


def test_a_drag_is_told_at_its_end(canvas, heard):
    changes = heard(canvas.changed)
    QTest.mousePress(canvas, LEFT, pos=at(10, 20))
    QTest.mouseMove(canvas, at(30, 20))
    assert changes == []
    QTest.mouseRelease(canvas, LEFT, pos=at(30, 20))
    assert len(changes) == 1
    assert grey(canvas, 20, 20) == 255
    canvas.undo()
    assert canvas.is_empty()


def test_undo_within_a_drag_ends_the_stroke(canvas):
    QTest.mousePress(canvas, LEFT, pos=at(10, 20))
    canvas.undo()
    QTest.mouseMove(canvas, at(30, 20))
    QTest.mouseRelease(canvas, LEFT, pos=at(30, 20))
    assert canvas.is_empty()


def test_a_picture_that_goes_within_a_drag_ends_the_stroke(canvas):
    QTest.mousePress(canvas, LEFT, pos=at(10, 20))
    canvas.set_image(QImage())
    QTest.mouseMove(canvas, at(30, 20))
    QTest.mouseRelease(canvas, LEFT, pos=at(30, 20))
    assert canvas.mask().isNull()


def test_moving_without_a_button_paints_nothing(canvas):
    QTest.mouseMove(canvas, at(10, 10))
    QTest.mouseMove(canvas, at(30, 30))
    assert canvas.is_empty()


def test_the_right_button_changes_the_tool_and_paints_nothing(canvas, heard):
    tools, changes = heard(canvas.tool_changed), heard(canvas.changed)
    QTest.mouseClick(canvas, RIGHT, pos=at(20, 20))
    QTest.mouseClick(canvas, RIGHT, pos=at(20, 20))
    assert (tools, changes) == ([True, False], [])
    assert canvas.is_empty()


def test_arrows_stop_at_the_edge(canvas):
    canvas.setFocus()
    for _ in range(20):
        QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClick(canvas, Qt.Key.Key_Up)
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    painted = [x for x in range(40) if grey(canvas, x, 0) > 127]
    assert 4 <= sum(painted) / len(painted) <= 5, "one wide step of 5 pixels from the edge"


def test_space_paints_where_the_mouse_was(canvas):
    QTest.mouseMove(canvas, at(30, 10))
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert (grey(canvas, 30, 10), grey(canvas, 20, 20)) == (255, 0)


def test_other_keys_are_left_to_the_window(canvas, heard):
    changes = heard(canvas.changed)
    QTest.keyClick(canvas, Qt.Key.Key_Q)
    assert changes == []


# ---- read aloud


def test_the_description_follows_the_work(canvas):
    assert canvas.accessibleName().startswith("Mask")
    assert canvas.accessibleDescription().startswith("0 % painted; brush of 12 %")
    canvas.set_erasing(True)
    canvas.set_brush_size(20)
    canvas.invert()
    assert canvas.accessibleDescription().startswith("100 % painted; eraser of 20 %")
    canvas.clear()
    assert canvas.accessibleDescription().startswith("0 % painted")


def test_without_a_picture_every_tool_is_quiet(qtbot, heard):
    canvas = MaskCanvas()
    qtbot.addWidget(canvas)
    changes = heard(canvas.changed)
    for action in (canvas.clear, canvas.invert, canvas.undo, canvas.redo):
        action()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert (changes, canvas.share(), canvas.is_empty()) == ([], 0.0, True)
    assert not canvas.grab().isNull()
