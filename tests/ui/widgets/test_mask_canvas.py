"""The mask canvas by itself: strokes, steps of undo, hands, edges, and what is read aloud."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from genstudio.ui.widgets import mask_layer
from genstudio.ui.widgets.mask_canvas import FAINTEST, LARGEST, SMALLEST, MaskCanvas
from genstudio.ui.widgets.mask_editor import MaskEditor, png_bytes

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def canvas(qtbot, picture):
    made = MaskCanvas()
    qtbot.addWidget(made)
    made.resize(416, 416)
    made.set_image(picture(40))
    made.show()
    return made


def grey(canvas, x: float, y: float) -> int:
    """The mask in the middle of a pixel of the 40-pixel picture."""
    mask = canvas.mask()
    scale = mask.width() / 40
    return mask.pixelColor(int((x + 0.5) * scale), int((y + 0.5) * scale)).red()


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
    monkeypatch.setattr(mask_layer, "KEPT", 3)
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
    assert canvas.mask().size().toTuple() == (520, 520)


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
    QTest.keyClick(canvas, Qt.Key.Key_W)
    assert changes == []


def test_shift_draws_a_straight_line_from_the_last_place(canvas):
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(canvas, LEFT, shift, at(5, 5))
    assert grey(canvas, 5, 5) == 255, "without a last place it is a spot"
    QTest.mouseClick(canvas, LEFT, shift, at(35, 35))
    assert (grey(canvas, 20, 20), grey(canvas, 30, 10)) == (255, 0)
    canvas.undo()
    assert (grey(canvas, 5, 5), grey(canvas, 20, 20)) == (255, 0), "one step"


def test_the_middle_button_paints_nothing(canvas):
    QTest.mouseClick(canvas, Qt.MouseButton.MiddleButton, pos=at(20, 20))
    assert canvas.is_empty()


def test_strokes_go_where_the_zoomed_picture_is(canvas):
    canvas.zoom_by(4, QPointF(at(10, 10)))
    QTest.mouseClick(canvas, LEFT, pos=at(10, 10))
    assert (grey(canvas, 10, 10), grey(canvas, 20, 20)) == (255, 0)
    assert canvas.brush_size() == 12, "the brush counts in the picture, not on the screen"


def test_arrows_lead_the_brush_out_of_sight_and_the_view_follows(canvas):
    canvas.zoom_by(4, QPointF(at(0, 0)))
    for _ in range(8):
        QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert grey(canvas, 39, 20) == 255
    assert canvas.rect().contains(canvas.to_widget(QPointF(40, 20)).toPoint())


# ---- how it looks


def test_the_wash_is_as_strong_as_wanted(canvas):
    canvas.invert()
    looks = []
    for percent in (0, 50, 100):
        canvas.set_opacity(percent)
        looks.append(canvas.grab().toImage().pixelColor(at(30, 10)).blue())
    assert canvas.opacity() == 100
    assert looks[0] < looks[1] < looks[2]
    canvas.set_opacity(0)
    assert canvas.opacity() == FAINTEST, "what is painted never goes out of sight"


def test_a_soft_edge_is_shown_once_the_hand_rests(canvas):
    canvas.set_brush_size(50)
    canvas.set_feather(4, 40)
    assert canvas.feather() == 4

    def shades() -> set[int]:
        drawn = canvas.grab().toImage()
        return {drawn.pixelColor(at(x + 0.5, 20)).blue() for x in range(10, 20)}

    QTest.mousePress(canvas, LEFT, pos=at(20, 20))
    hard = shades()
    QTest.mouseRelease(canvas, LEFT, pos=at(20, 20))
    assert len(shades()) >= len(hard) + 2
    assert grey(canvas, 12, 20) == 255, "the mask itself stays hard"


def test_what_will_be_cut_off_is_veiled(canvas):
    canvas.set_crop(QRectF(10, 0, 20, 40))
    drawn = canvas.grab().toImage()
    assert drawn.pixelColor(at(5, 10)) != drawn.pixelColor(at(15, 10))
    canvas.set_crop(QRectF(0, 0, 40, 40))
    drawn = canvas.grab().toImage()
    assert drawn.pixelColor(at(5, 10)) == drawn.pixelColor(at(15, 10))


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


# ---- the editor around it


@pytest.fixture
def editor(qtbot, picture):
    made = MaskEditor()
    qtbot.addWidget(made)
    made.resize(600, 560)
    made.set_image(picture(40))
    made.show()
    made.activateWindow()
    made.canvas.setFocus()
    return made


def test_tools_and_sizes_by_key(editor):
    canvas = editor.canvas
    QTest.keyClick(canvas, Qt.Key.Key_E)
    assert canvas.erasing()
    assert editor._eraser.isChecked()
    QTest.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert editor._number.text() == "15 %"
    QTest.keyClick(canvas, Qt.Key.Key_B)
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert (canvas.erasing(), canvas.brush_size()) == (False, 12)
    QTest.keyClick(canvas, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert canvas.share() == 1.0


def test_undo_and_redo_by_key(editor, heard):
    changes = heard(editor.changed)
    control = Qt.KeyboardModifier.ControlModifier
    editor.canvas.stroke([QPointF(8, 8)])
    QTest.keyClick(editor.canvas, Qt.Key.Key_Z, control)
    assert editor.is_empty()
    QTest.keyClick(editor.canvas, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert not editor.is_empty()
    assert len(changes) == 3


def test_buttons_do_the_same_and_know_when_there_is_nothing_to_do(editor):
    buttons = {b.text(): b for b in editor.findChildren(QPushButton)}
    assert not any(buttons[name].isEnabled() for name in ("Undo", "Redo", "Clear"))
    buttons["Invert"].click()
    assert buttons["Clear"].isEnabled()
    buttons["Undo"].click()
    assert editor.is_empty()
    buttons["Redo"].click()
    buttons["Clear"].click()
    assert editor.is_empty()
    buttons["Eraser"].click()
    assert editor.canvas.erasing()
    editor._slider.setValue(40)
    assert editor.canvas.brush_size() == 40
    editor.opacity.setValue(90)
    assert (editor.canvas.opacity(), editor._strength.text()) == (90, "90 %")


def test_loading_is_asked_for(editor, heard):
    wanted = heard(editor.load_wanted)
    editor.load.click()
    assert len(wanted) == 1


def test_the_mask_leaves_as_a_file(editor, picture):
    editor.canvas.stroke([QPointF(8, 8)])
    again = QImage.fromData(editor.mask_png(), "PNG")
    assert again.convertToFormat(QImage.Format.Format_Grayscale8) == editor.mask()
    assert png_bytes(picture()).startswith(b"\x89PNG")
