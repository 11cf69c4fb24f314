"""Everything on the roll by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.ui.widgets.piano_roll import PianoRoll
from tests.helpers.rolls import BAR, NOTES, piece, shown, tuples

KEY = Qt.Key
SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def roll(qtbot) -> PianoRoll:
    made = PianoRoll()
    made.set_piece(piece())
    shown(made, qtbot)
    made.canvas.setFocus()
    return made


def press(roll, *keys, with_=NONE) -> None:
    for key in keys:
        QTest.keyClick(roll.canvas, key, with_)


def notes(roll) -> list[tuple]:
    return tuples(roll.piece().notes)


# ---- walking


def test_arrows_walk_from_note_to_note_and_stop_at_the_ends(roll, heard):
    clicks, sounds = heard(roll.note_clicked), heard(roll.heard)
    press(roll, KEY.Key_Right)
    assert roll.selected() == [0]
    press(roll, *[KEY.Key_Right] * 9)
    assert roll.selected() == [5]
    press(roll, KEY.Key_Left)
    assert roll.selected() == [4]
    assert clicks[:3] == [0, 1, 2]
    assert sounds[0] == (72, 100, 0)


def test_up_and_down_go_to_what_sounds_with_it(roll):
    roll.select([3])
    press(roll, KEY.Key_Down)
    assert roll.selected() == [4]
    press(roll, KEY.Key_Down)
    assert roll.selected() == [4]
    press(roll, KEY.Key_Up)
    assert roll.selected() == [3]


def test_shift_adds_on_the_way(roll):
    roll.select([0])
    press(roll, KEY.Key_Right, KEY.Key_Right, with_=SHIFT)
    assert roll.selected() == [0, 1, 2]


def test_home_end_and_pages(roll):
    press(roll, KEY.Key_End)
    assert roll.selected() == [5]
    press(roll, KEY.Key_Home)
    assert roll.selected() == [0]
    press(roll, KEY.Key_PageDown)
    assert roll.selected() == [5]
    press(roll, KEY.Key_PageUp)
    assert roll.selected() == [0]


def test_enter_sounds_the_note_again(roll, heard):
    roll.select([3])
    sounds = heard(roll.heard)
    press(roll, KEY.Key_Return)
    assert sounds == [(76, 70, 0)]


def test_an_empty_piece_has_nowhere_to_go(roll):
    roll.set_piece(piece([]))
    press(roll, KEY.Key_Right, KEY.Key_Up, KEY.Key_Home, KEY.Key_PageDown, KEY.Key_Return)
    assert roll.selected() == []


# ---- changing


def test_alt_and_arrows_move_what_is_selected(roll):
    roll.select([2])
    press(roll, KEY.Key_Right, KEY.Key_Up, with_=ALT)
    assert (600, 480, 75, 90, 0) in notes(roll)
    press(roll, KEY.Key_Up, with_=ALT | SHIFT)
    assert (600, 480, 87, 90, 0) in notes(roll)
    press(roll, KEY.Key_Right, with_=ALT | SHIFT)
    assert (600, 600, 87, 90, 0) in notes(roll)
    assert roll.model.undo_stack.count() == 4


def test_alt_without_a_selection_does_nothing(roll):
    press(roll, KEY.Key_Right, KEY.Key_Up, with_=ALT)
    assert notes(roll) == list(NOTES)


def test_the_next_drawn_note_is_as_long_as_one_that_was_lengthened(roll):
    roll.select([2])
    press(roll, KEY.Key_Right, with_=ALT | SHIFT)
    assert roll.canvas.hands.length == 600


def test_undo_and_redo(roll):
    roll.select([2])
    press(roll, KEY.Key_Up, with_=ALT)
    press(roll, KEY.Key_Z, with_=CONTROL)
    assert notes(roll) == list(NOTES)
    press(roll, KEY.Key_Z, with_=CONTROL | SHIFT)
    assert notes(roll) != list(NOTES)


@pytest.mark.parametrize(
    ("key", "with_", "note"),
    [
        (KEY.Key_BracketRight, NONE, (480, 480, 74, 98, 0)),
        (KEY.Key_BracketLeft, NONE, (480, 480, 74, 82, 0)),
        (KEY.Key_Delete, NONE, None),
        (KEY.Key_Backspace, NONE, None),
    ],
)
def test_commands_have_keys(roll, key, with_, note):
    roll.select([2])
    press(roll, key, with_=with_)
    assert NOTES[2] not in notes(roll)
    assert note is None or note in notes(roll)


def test_copy_cut_and_paste(roll):
    roll.select([2])
    press(roll, KEY.Key_C, KEY.Key_V, with_=CONTROL)
    assert (960, 480, 74, 90, 0) in notes(roll)
    press(roll, KEY.Key_X, with_=CONTROL)
    assert (960, 480, 74, 90, 0) not in notes(roll)
    roll.set_playhead(2 * BAR)
    press(roll, KEY.Key_V, with_=CONTROL)
    assert (2 * BAR, 480, 74, 90, 0) in notes(roll)


def test_select_all_voice_and_nothing(roll):
    press(roll, KEY.Key_A, with_=CONTROL)
    assert roll.selected() == [0, 1, 2, 3, 4, 5]
    press(roll, KEY.Key_A, with_=CONTROL | SHIFT)
    assert roll.selected() == []
    roll.set_track(1)
    press(roll, KEY.Key_A, with_=CONTROL | ALT)
    assert roll.selected() == [1, 4]


# ---- bars


def test_marks_grow_and_move_by_bars(roll, heard):
    regions = heard(roll.region_changed)
    roll.select([5])
    press(roll, KEY.Key_Right, with_=CONTROL)
    assert roll.region() == (BAR, 2 * BAR, frozenset())
    press(roll, KEY.Key_Right, with_=CONTROL | SHIFT)
    assert roll.region() == (BAR, 3 * BAR, frozenset())
    press(roll, KEY.Key_Left, with_=CONTROL)
    assert roll.region() == (0, 2 * BAR, frozenset())
    press(roll, KEY.Key_Left, with_=CONTROL)
    assert roll.region() == (0, 2 * BAR, frozenset()), "there is no bar before the first"
    press(roll, *[KEY.Key_Left] * 5, with_=CONTROL | SHIFT)
    assert roll.region() == (0, BAR, frozenset())
    press(roll, *[KEY.Key_Right] * 30, with_=CONTROL)
    assert roll.region() == (7 * BAR, 8 * BAR, frozenset())
    assert regions[0] == (BAR, 2 * BAR, frozenset())
    assert roll.canvas.accessibleDescription() == "Marked: bar 8"


def test_the_selection_becomes_the_mark_and_the_loop(roll):
    roll.select([1, 4])
    press(roll, KEY.Key_R)
    assert roll.region() == (0, BAR, frozenset({1}))
    press(roll, KEY.Key_L, with_=SHIFT)
    assert roll.loop() == (0, BAR)
    press(roll, KEY.Key_L, with_=SHIFT)
    assert roll.loop() is None
    press(roll, KEY.Key_R, with_=SHIFT)
    assert roll.region() is None


# ---- pen and eraser


def test_with_the_pen_arrows_lead_a_cursor_and_enter_writes(roll, heard):
    press(roll, KEY.Key_B)
    assert roll.canvas.tool == "draw"
    assert roll.canvas.cursor_at == (0, 60)
    press(roll, *[KEY.Key_Right] * 4, KEY.Key_Up)
    assert roll.canvas.cursor_at == (480, 61)
    assert roll.canvas.accessibleDescription() == "C♯4, bar 1, beat 2"
    press(roll, KEY.Key_Return)
    assert (480, 120, 61, 90, 0) in notes(roll)
    assert roll.canvas.cursor_at == (600, 61), "the cursor goes on behind the note"
    press(roll, KEY.Key_Left, KEY.Key_Return)
    assert notes(roll) == list(NOTES), "on a note Enter erases it"


def test_with_the_eraser_enter_only_erases(roll):
    press(roll, KEY.Key_E, KEY.Key_Return)
    assert notes(roll) == list(NOTES)
    roll.canvas.cursor_at = (500, 74)
    press(roll, KEY.Key_Return)
    assert NOTES[2] not in notes(roll)


def test_the_cursor_stays_on_the_roll(roll):
    press(roll, KEY.Key_B, KEY.Key_Left)
    assert roll.canvas.cursor_at[0] == 0
    press(roll, KEY.Key_End, KEY.Key_PageDown)
    assert roll.canvas.cursor_at[0] == 3 * BAR
    press(roll, *[KEY.Key_PageDown] * 20, *[KEY.Key_Right] * 40)
    assert roll.canvas.cursor_at[0] < roll.model.grid.end
    press(roll, KEY.Key_Home, *[KEY.Key_Down] * 70)
    assert roll.canvas.cursor_at == (0, 0)


def test_the_cursor_walks_the_kit(roll):
    roll.set_track(2)
    press(roll, KEY.Key_B, *[KEY.Key_Down] * 40)
    assert roll.canvas.cursor_at[1] == 36
    press(roll, KEY.Key_Up)
    assert roll.canvas.cursor_at[1] == 37
    assert roll.canvas.accessibleDescription().startswith("Side stick")


def test_the_cursor_and_what_is_gone_to_are_in_sight(roll):
    roll.canvas.zoom_time(8)
    press(roll, KEY.Key_B, KEY.Key_End, *[KEY.Key_Up] * 60)
    box = roll.canvas.cursor_box()
    assert roll.canvas.viewport().rect().contains(box.center().toPoint())
    press(roll, KEY.Key_V, KEY.Key_Home)
    row = roll.model.rows()[0]
    assert 0 <= roll.canvas.view.x(int(row["start"])) < roll.canvas.viewport().width()


# ---- the view


def test_zoom_raster_list_and_colours_have_keys(roll, heard):
    listed, coloured = heard(roll.list_shown), heard(roll.coloured_changed)
    scale, row = roll.canvas.view.scale, roll.canvas.view.row
    press(roll, KEY.Key_Plus, with_=CONTROL)
    assert roll.canvas.view.scale > scale
    press(roll, KEY.Key_Minus, with_=CONTROL)
    assert roll.canvas.view.scale == pytest.approx(scale)
    press(roll, KEY.Key_Plus, with_=ALT)
    assert roll.canvas.view.row > row
    press(roll, KEY.Key_Minus, KEY.Key_Minus, with_=ALT)
    assert roll.canvas.view.row < row
    press(roll, KEY.Key_Period)
    assert roll.snap() == "1/16T"
    press(roll, KEY.Key_Comma, KEY.Key_Comma)
    assert roll.snap() == "1/8T"
    press(roll, KEY.Key_L, with_=CONTROL | SHIFT)
    press(roll, KEY.Key_T)
    assert (listed, coloured) == ([True], [True])


def test_play_from_the_selected_note_or_the_cursor(roll, heard):
    wanted = heard(roll.seek)
    roll.select([3])
    press(roll, KEY.Key_P)
    roll.select([])
    roll.canvas.cursor_at = (120, 60)
    press(roll, KEY.Key_P)
    assert wanted == [960, 120]


def test_other_keys_are_left_to_the_window(roll, heard):
    changed = heard(roll.changed)
    press(roll, KEY.Key_W, KEY.Key_Space, KEY.Key_F9)
    assert changed == []
