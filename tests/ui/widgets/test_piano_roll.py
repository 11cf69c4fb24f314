"""The piano roll as panels use it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from genstudio.media.notes import NOTE, Piece, notes_of
from genstudio.ui.theme import VOICES, theme
from genstudio.ui.widgets.piano_roll import PianoRoll
from tests.helpers.rolls import BAR, NOTES, many, piece, shown, tuples


@pytest.fixture
def roll(qtbot) -> PianoRoll:
    made = PianoRoll()
    made.set_piece(piece())
    shown(made, qtbot)
    return made


def test_an_edit_gives_the_whole_piece_and_says_what_it_was(roll, heard):
    changed = heard(roll.changed)
    roll.select([0])
    roll.commands.erase()
    after, what = changed[0]
    assert what == "Erase notes"
    assert isinstance(after, Piece)
    assert after is roll.piece()
    assert tuples(after.notes) == list(NOTES[1:])
    assert after.tracks == piece().tracks


def test_showing_a_piece_is_no_change(roll, heard):
    changed = heard(roll.changed)
    roll.set_piece(many(100))
    assert changed == []
    roll.undo()
    roll.redo()
    assert changed == []


def test_a_piece_that_was_shown_before_the_window_is_fitted_in_it(qtbot):
    made = PianoRoll()
    made.set_piece(piece())
    shown(made, qtbot, 1100, 600)
    width = made.canvas.viewport().width()
    assert made.canvas.view.x(8 * BAR) == pytest.approx(width, abs=2)


def test_indexes_are_those_of_the_piece(roll, heard):
    told = heard(roll.selection_changed)
    roll.select([2, 5])
    assert roll.selected() == [2, 5]
    assert tuples(roll.piece().notes[roll.selected()]) == [NOTES[2], NOTES[5]]
    assert len(told) == 1


def test_a_kept_draft_can_be_undone_and_leaves_the_view(roll, heard):
    changed = heard(roll.changed)
    roll.canvas.zoom_time(5, 0)
    scale = roll.canvas.view.scale
    roll.replace_piece(piece([(0, 100, 60, 80, 0)]), "Keep the draft")
    assert len(roll.piece().notes) == 1
    roll.undo()
    assert tuples(roll.piece().notes) == list(NOTES)
    assert [what for _piece, what in changed] == ["Keep the draft", "Undo: Keep the draft"]
    assert roll.canvas.view.scale == scale


def test_undo_within_a_drag_gives_the_drag_up(roll):
    from PySide6.QtCore import QPoint
    from PySide6.QtTest import QTest

    from tests.helpers import rolls

    port, at = roll.canvas.viewport(), rolls.middle(roll.canvas, 2)
    QTest.mousePress(port, rolls.LEFT, pos=at)
    rolls.move(port, at + QPoint(100, 0))
    roll.undo()
    QTest.mouseRelease(port, rolls.LEFT, pos=at + QPoint(100, 0))
    assert tuples(roll.piece().notes) == list(NOTES)


@pytest.mark.parametrize("tool", ["select", "draw", "erase"])
@pytest.mark.parametrize("over", [True, False])
def test_a_piece_that_comes_within_a_drag_is_left_alone(roll, tool, over):
    from PySide6.QtCore import QPoint
    from PySide6.QtTest import QTest

    from tests.helpers import rolls

    roll.set_tool(tool)
    port = roll.canvas.viewport()
    at = rolls.middle(roll.canvas, 5) if over else rolls.ground(roll.canvas, 100, 60)
    for change in (roll.set_piece, lambda other: roll.replace_piece(other, "Keep the draft")):
        QTest.mousePress(port, rolls.LEFT, pos=at)
        rolls.move(port, at + QPoint(90, 20))
        change(piece(NOTES[:2]))
        rolls.move(port, at + QPoint(120, 20))
        QTest.mouseRelease(port, rolls.LEFT, pos=at + QPoint(120, 20))
        assert tuples(roll.piece().notes) == list(NOTES[:2])
        roll.set_piece(piece())


def test_a_piece_that_comes_while_velocities_are_drawn_is_left_alone(roll):
    from PySide6.QtCore import QPoint
    from PySide6.QtTest import QTest

    from tests.helpers import rolls

    QTest.mousePress(roll.lane, rolls.LEFT, pos=QPoint(5, 30))
    roll.set_piece(piece(NOTES[:2]))
    rolls.move(roll.lane, QPoint(60, 60))
    QTest.mouseRelease(roll.lane, rolls.LEFT, pos=QPoint(60, 60))
    assert tuples(roll.piece().notes) == list(NOTES[:2])


def test_region_and_loop_by_call(roll, heard):
    regions, loops = heard(roll.region_changed), heard(roll.loop_changed)
    roll.set_region(BAR, 2 * BAR, [0, 1])
    assert roll.region() == (BAR, 2 * BAR, frozenset({0, 1}))
    roll.set_region(5, 5)
    assert roll.region() is None
    roll.set_region(0, BAR)
    roll.clear_region()
    roll.set_loop(0, BAR)
    roll.set_loop(0, 0)
    assert roll.loop() is None
    assert len(regions) == 4
    assert loops == [(0, BAR), (0, 0)]


def test_locks_by_their_notes(roll):
    roll.set_locked([[480, 74, 0], (99, 99, 9)])
    assert roll.locked() == [(480, 74, 0)]
    roll.select([2])
    roll.commands.transpose(1)
    assert roll.locked() == [(480, 75, 0)], "a lock stays with its note"
    roll.set_locked([])
    assert roll.locked() == []


def test_probabilities_of_the_wrong_number_are_refused(roll):
    with pytest.raises(ValueError, match="broadcast"):
        roll.set_chances(np.zeros(3))


def test_colours_are_told_once(roll, heard):
    told = heard(roll.coloured_changed)
    roll.set_coloured(True)
    roll.set_coloured(True)
    roll.set_coloured(False)
    assert told == [True, False]


def test_ghosts_are_no_part_of_the_piece(roll):
    roll.set_ghosts(notes_of([(0, 480, 60, 80, 1)]))
    assert tuples(roll.piece().notes) == list(NOTES)
    assert not roll.grab().isNull()
    roll.set_ghosts(np.zeros(0, NOTE))


def test_the_playhead_does_not_turn_pages_under_a_drag(roll):
    from PySide6.QtTest import QTest

    from tests.helpers import rolls

    roll.canvas.zoom_time(8, 0)
    port, at = roll.canvas.viewport(), rolls.middle(roll.canvas, 0)
    QTest.mousePress(port, rolls.LEFT, pos=at)
    roll.set_playhead(7 * BAR)
    assert roll.canvas.view.left == 0
    QTest.mouseRelease(port, rolls.LEFT, pos=at)
    roll.set_playhead(7 * BAR)
    assert roll.canvas.view.left > 0


def test_tracks_are_told_and_kept_within_the_piece(roll, heard):
    told = heard(roll.track_changed)
    roll.set_track(2)
    assert roll.track() == 2
    roll.set_piece(piece([(0, 10, 60, 80, 0)], piece().tracks[:1]))
    assert roll.track() == 0
    assert told[0] == 2


@pytest.mark.parametrize(
    "strange",
    [
        piece([]),
        piece([(0, 1, 0, 1, 0), (0, 1, 127, 127, 0)]),
        piece([(2**30, 2**30, 60, 80, 0)], ppq=9600 * 3),
        piece([(0, 10, 60, 80, 0)], metres=((0, 1, 64), (1000, 255, 1))),
        piece([(0, 10, 60, 80, 0)], ppq=1),
        many(50).replaced(keys=((0, 3, True),), tempos=((0, 1.0), (5, 9999.0))),
    ],
)
def test_strange_pieces_are_shown(roll, strange):
    roll.set_piece(strange)
    assert not roll.grab().isNull()
    roll.canvas.fit()
    roll.canvas.zoom_time(1000)
    assert not roll.grab().isNull()
    roll.commands.select_all()
    roll.commands.quantise()
    roll.commands.transpose(1)
    roll.undo()
    roll.undo()
    assert tuples(roll.piece().notes) == tuples(strange.notes)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_it_is_dressed_in_both_themes(roll, name):
    theme().choose(name)
    look = roll.grab().toImage()
    colours = {look.pixelColor(x, y).name() for x in range(0, 900, 3) for y in range(0, 500, 3)}
    assert f"#{getattr(theme().tokens, VOICES[0])}" in colours
    assert f"#{theme().tokens.roll_black}" in colours


def test_everything_that_takes_the_focus_has_a_name(roll):
    from PySide6.QtCore import Qt

    for widget in roll.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.accessibleName() or widget.parentWidget().accessibleName(), widget
