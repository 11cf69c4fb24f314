"""The mouse on the roll: select, move, lengthen, draw, erase, and giving it up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio.ui.widgets.roll_canvas import RollCanvas
from genstudio.ui.widgets.roll_model import RollModel
from tests.helpers import rolls
from tests.helpers.rolls import LEFT, NOTES, QUARTER, drag, ground, middle, piece, shown, tuples

SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def canvas(qtbot) -> RollCanvas:
    model = RollModel()
    made = RollCanvas(model)
    model.setParent(made)
    model.set_piece(piece())
    shown(made, qtbot, 900, 700)
    made.set_playhead(None)
    return made


def notes(canvas) -> list[tuple]:
    return tuples(canvas.model.piece().notes)


def click(canvas, at: QPoint, keys=NONE) -> None:
    QTest.mouseClick(canvas.viewport(), LEFT, keys, at)


def double(canvas, at: QPoint) -> None:
    """QTest's own double click lets the button down for good."""
    QTest.mouseDClick(canvas.viewport(), LEFT, NONE, at)
    QTest.mouseRelease(canvas.viewport(), LEFT, NONE, at)


def quarter(canvas, count: float = 1) -> QPoint:
    return QPoint(round(count * QUARTER * canvas.view.scale), 0)


# ---- selecting


def test_a_click_selects_and_is_told(canvas, heard):
    clicks, sounds = heard(canvas.note_clicked), heard(canvas.heard)
    click(canvas, middle(canvas, 2))
    assert canvas.model.chosen().tolist() == [2]
    assert clicks == [2]
    assert sounds == [(74, 90, 0)]
    assert not canvas.model.undo_stack.canUndo()


def test_shift_adds_and_control_takes_away(canvas):
    click(canvas, middle(canvas, 2))
    click(canvas, middle(canvas, 3), SHIFT)
    assert canvas.model.chosen().tolist() == [2, 3]
    click(canvas, middle(canvas, 2), CONTROL)
    assert canvas.model.chosen().tolist() == [3]


def test_a_click_beside_all_notes_selects_nothing(canvas):
    click(canvas, middle(canvas, 2))
    click(canvas, ground(canvas, 100, 60))
    assert not len(canvas.model.chosen())


def test_a_rectangle_selects_what_it_touches(canvas):
    drag(canvas, ground(canvas, 400, 78), ground(canvas, 1100, 73))
    assert canvas.model.chosen().tolist() == [2, 3]
    assert canvas.rubber.isNull()
    drag(canvas, ground(canvas, 20, 51), ground(canvas, 600, 47), SHIFT)
    assert canvas.model.chosen().tolist() == [1, 2, 3]


def test_what_lies_under_is_the_voice_in_hand(canvas):
    both = [*NOTES, (0, 480, 72, 50, 1)]
    canvas.model.set_piece(piece(both))
    click(canvas, middle(canvas, 0))
    assert canvas.model.rows()["track"][canvas.model.chosen()].tolist() == [0]
    canvas.model.set_track(1)
    click(canvas, ground(canvas, 1000, 90))
    click(canvas, middle(canvas, 0))
    assert canvas.model.rows()["track"][canvas.model.chosen()].tolist() == [1]


# ---- moving


def test_a_drag_moves_on_the_raster_as_one_step(canvas):
    start = middle(canvas, 2)
    drag(canvas, start, start + quarter(canvas, 1.02) - QPoint(0, 2 * int(canvas.view.row)))
    assert (960, 480, 76, 90, 0) in notes(canvas)
    canvas.model.undo_stack.undo()
    assert notes(canvas) == list(NOTES)


def test_the_whole_selection_moves(canvas):
    canvas.model.select([0, 2])
    start = middle(canvas, 0)
    drag(canvas, start, start + QPoint(0, int(canvas.view.row)))
    assert {note[2] for note in notes(canvas) if note[0] in (0, 480) and note[4] == 0} == {71, 73}


def test_nothing_is_taken_while_the_drag_goes_on(canvas):
    at, port = middle(canvas, 2), canvas.viewport()
    QTest.mousePress(port, LEFT, NONE, at)
    rolls.move(port, at + quarter(canvas, 2))
    assert notes(canvas) == list(NOTES)
    assert canvas.model.shown()["start"][2] == 1440
    QTest.mouseRelease(port, LEFT, NONE, at + quarter(canvas, 2))
    assert notes(canvas) != list(NOTES)


def test_a_trembling_hand_moves_nothing(canvas, heard):
    clicks = heard(canvas.note_clicked)
    at = middle(canvas, 2)
    drag(canvas, at, at + QPoint(2, 2))
    assert notes(canvas) == list(NOTES)
    assert clicks == [2]


def test_alt_leaves_the_raster(canvas):
    start = middle(canvas, 2)
    drag(canvas, start, start + QPoint(17, 0), ALT)
    moved = next(note for note in notes(canvas) if note[2] == 74)
    assert moved[0] == pytest.approx(480 + 17 / canvas.view.scale, abs=2)


@pytest.mark.parametrize(("far", "wanted"), [((60, 14), (True, False)), ((14, 60), (False, True))])
def test_shift_keeps_to_one_way(canvas, far, wanted):
    start = middle(canvas, 2)
    drag(canvas, start, start + QPoint(*far), SHIFT)
    moved = next(note for note in notes(canvas) if note[3] == 90)
    assert (moved[0] != 480, moved[2] != 74) == wanted


def test_control_moves_a_copy(canvas):
    click(canvas, middle(canvas, 2))
    click(canvas, middle(canvas, 2))
    start = middle(canvas, 2)
    canvas.model.select([])
    drag(canvas, start, start + quarter(canvas, 4), CONTROL)
    same = [note for note in notes(canvas) if note[2] == 74]
    assert [note[0] for note in same] == [480, 480 + 4 * QUARTER]
    assert canvas.model.rows()["start"][canvas.model.chosen()].tolist() == [480 + 4 * QUARTER]


def test_a_higher_pitch_is_heard_on_the_way(canvas, heard):
    sounds = heard(canvas.heard)
    start = middle(canvas, 2)
    drag(canvas, start, start - QPoint(0, 2 * int(canvas.view.row)), steps=2)
    assert [pitch for pitch, _velocity, _track in sounds] == [74, 75, 76]


# ---- lengths


def test_the_right_edge_changes_the_end(canvas):
    edge = middle(canvas, 2, 0.97)
    drag(canvas, edge, edge + quarter(canvas))
    assert (480, 960, 74, 90, 0) in notes(canvas)


def test_the_left_edge_changes_the_beginning(canvas):
    edge = middle(canvas, 3, 0.02)
    drag(canvas, edge, edge - quarter(canvas))
    assert (480, 1440, 76, 70, 0) in notes(canvas)


def test_no_note_is_shortened_to_nothing(canvas):
    edge = middle(canvas, 3, 0.99)
    drag(canvas, edge, edge - quarter(canvas, 5))
    assert min(note[1] for note in notes(canvas) if note[4] == 0) > 0


def test_the_mouse_shows_what_it_would_do(canvas):
    shapes = Qt.CursorShape

    def over(at) -> Qt.CursorShape:
        rolls.move(canvas.viewport(), at, button=Qt.MouseButton.NoButton)
        return canvas.viewport().cursor().shape()

    assert over(middle(canvas, 2, 0.98)) == shapes.SizeHorCursor
    assert over(middle(canvas, 2)) == shapes.SizeAllCursor
    assert over(ground(canvas, 100, 60)) == shapes.ArrowCursor
    canvas.set_tool("draw")
    assert over(ground(canvas, 100, 60)) == shapes.CrossCursor
    canvas.set_tool("erase")
    assert over(middle(canvas, 2)) == shapes.PointingHandCursor


# ---- drawing


def test_a_press_draws_a_note_in_the_voice_in_hand(canvas, heard):
    sounds = heard(canvas.heard)
    canvas.model.set_track(1)
    canvas.set_tool("draw")
    click(canvas, ground(canvas, 1020, 60))
    assert (960, 120, 60, 90, 1) in notes(canvas)
    assert sounds == [(60, 90, 1)]
    assert len(canvas.model.chosen()) == 1


def test_the_drag_gives_the_length_and_the_next_note_has_it(canvas):
    canvas.set_tool("draw")
    drag(canvas, ground(canvas, 30, 60), ground(canvas, 725, 60))
    assert (0, 720, 60, 90, 0) in notes(canvas)
    click(canvas, ground(canvas, 980, 62))
    assert (960, 720, 62, 90, 0) in notes(canvas)


def test_the_drag_may_find_another_pitch(canvas):
    canvas.set_tool("draw")
    drag(canvas, ground(canvas, 30, 60), ground(canvas, 40, 63))
    assert [note for note in notes(canvas) if note[2] == 63]
    assert not [note for note in notes(canvas) if note[2] == 60]


def test_the_pen_moves_notes_as_the_arrow_does(canvas):
    canvas.set_tool("draw")
    start = middle(canvas, 2)
    drag(canvas, start, start + quarter(canvas, 4))
    assert (480 + 1920, 480, 74, 90, 0) in notes(canvas)


def test_double_click_draws_and_erases(canvas):
    at = ground(canvas, 250, 60)
    double(canvas, at)
    assert (240, 120, 60, 90, 0) in notes(canvas)
    at = middle(canvas, 0)
    double(canvas, at)
    assert NOTES[0] not in notes(canvas)
    assert canvas.model.undo_stack.count() == 2


def test_hits_of_drums_are_drawn_and_moved_along_the_kit(canvas):
    canvas.model.set_track(2)
    canvas.set_tool("draw")
    drag(canvas, ground(canvas, 10, 42), ground(canvas, 800, 42))
    assert (0, 120, 42, 90, 2) in notes(canvas)
    hit = next(i for i, note in enumerate(notes(canvas)) if note[2] == 38)
    place = ground(canvas, 2400, 38) + QPoint(2, 0)
    drag(canvas, place, place - QPoint(0, int(canvas.view.row)))
    assert notes(canvas)[hit][2] == 39


# ---- erasing


def test_the_eraser_takes_what_it_goes_over(canvas):
    canvas.set_tool("erase")
    drag(canvas, middle(canvas, 2), middle(canvas, 3), steps=2)
    assert [note[:3] for note in notes(canvas) if note[4] == 0] == [NOTES[0][:3], NOTES[5][:3]]
    canvas.model.undo_stack.undo()
    assert notes(canvas) == list(NOTES)


def test_an_eraser_over_nothing_is_no_step(canvas):
    canvas.set_tool("erase")
    drag(canvas, ground(canvas, 100, 60), ground(canvas, 900, 62))
    assert not canvas.model.undo_stack.canUndo()


# ---- the view


def test_the_middle_button_moves_the_view(canvas):
    canvas.zoom_time(4, 0)
    before = canvas.view.left, canvas.view.top
    port = canvas.viewport()
    QTest.mousePress(port, rolls.MIDDLE, NONE, QPoint(400, 300))
    rolls.move(port, QPoint(350, 280), button=rolls.MIDDLE)
    QTest.mouseRelease(port, rolls.MIDDLE, NONE, QPoint(350, 280))
    assert (canvas.view.left, canvas.view.top) == (before[0] + 50, before[1] + 20)


# ---- giving up


@pytest.mark.parametrize("tool", ["select", "draw", "erase"])
@pytest.mark.parametrize("over", [True, False])
def test_escape_gives_up_whatever_goes_on(canvas, tool, over):
    canvas.set_tool(tool)
    canvas.setFocus()
    at, port = middle(canvas, 2) if over else ground(canvas, 100, 60), canvas.viewport()
    QTest.mousePress(port, LEFT, NONE, at)
    rolls.move(port, at + QPoint(120, 30))
    assert canvas.hands.busy()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.hands.busy()
    QTest.mouseRelease(port, LEFT, NONE, at + QPoint(120, 30))
    assert notes(canvas) == list(NOTES)
    assert canvas.model.shown() is canvas.model.rows()
    assert not canvas.model.undo_stack.canUndo()


def test_a_second_button_gives_up_the_first_ones_drag(canvas):
    at, port = middle(canvas, 2), canvas.viewport()
    QTest.mousePress(port, LEFT, NONE, at)
    rolls.move(port, at + QPoint(120, 30))
    QTest.mousePress(port, rolls.RIGHT, NONE, at)
    assert not canvas.hands.busy()
    QTest.mouseRelease(port, LEFT, NONE, at)
    assert notes(canvas) == list(NOTES)


def test_the_right_button_selects_what_the_menu_is_about(canvas, heard):
    wanted = heard(canvas.menu_wanted)
    from PySide6.QtGui import QContextMenuEvent
    from PySide6.QtWidgets import QApplication

    at = middle(canvas, 2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.mapToGlobal(at))
    QApplication.sendEvent(canvas.viewport(), event)
    assert canvas.model.chosen().tolist() == [2]
    assert len(wanted) == 1
