"""The strip of bars: where a press goes, what a drag marks, at edges and in other metres."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio.ui.theme import color
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.roll_ruler import HEIGHT, NEAR
from tests.helpers import rolls
from tests.helpers.rolls import BAR, LEFT, RIGHT, drag, many, piece, shown

NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def roll(qtbot) -> PianoRoll:
    made = PianoRoll()
    made.set_piece(piece())
    shown(made, qtbot)
    return made


def at(roll, tick: float) -> QPoint:
    return QPoint(round(float(roll.canvas.view.x(tick))), HEIGHT // 2)


def press(roll, tick: float, button=LEFT) -> None:
    QTest.mouseClick(roll.ruler, button, NONE, at(roll, tick))


@pytest.mark.parametrize(("snap", "tick"), [("bar", BAR), ("1/4", 1440), ("1/8", 1680)])
def test_a_press_goes_to_the_raster(roll, heard, snap, tick):
    went = heard(roll.seek)
    roll.set_snap(snap)
    press(roll, 1640)
    assert went == [tick]


def test_nobody_goes_before_the_beginning(roll, heard):
    went = heard(roll.seek)
    QTest.mouseClick(roll.ruler, LEFT, NONE, QPoint(0, 5))
    assert went == [0]


def test_a_shaky_hand_presses_and_marks_nothing(roll, heard):
    went, marked = heard(roll.seek), heard(roll.region_changed)
    start = at(roll, BAR)
    drag(roll.ruler, start, start + QPoint(NEAR, 0))
    assert len(went) == 1
    assert marked == []
    drag(roll.ruler, start, start + QPoint(NEAR + 2, 0))
    assert len(went) == 1
    assert roll.region() == (BAR, 2 * BAR, frozenset())


def test_other_buttons_and_a_mere_move_do_nothing(roll, heard):
    went, marked = heard(roll.seek), heard(roll.region_changed)
    press(roll, BAR, RIGHT)
    rolls.move(roll.ruler, at(roll, 2 * BAR), button=Qt.MouseButton.NoButton)
    assert (went, marked) == ([], [])


def test_a_drag_to_the_left_of_everything_begins_at_the_first_bar(roll):
    drag(roll.ruler, at(roll, 1.5 * BAR), QPoint(-200, 5))
    assert roll.region() == (0, 2 * BAR, frozenset())


def test_each_bar_that_is_touched_is_marked_whole(roll, heard):
    marked = heard(roll.region_changed)
    drag(roll.ruler, at(roll, 0.5 * BAR), at(roll, 1.5 * BAR))
    assert roll.region() == (0, 2 * BAR, frozenset())
    assert marked[-1] == (0, 2 * BAR, frozenset())
    assert len(marked) == 2, "told where it changed, not at each pixel"


def test_bars_of_other_metres_are_whole_too(roll):
    roll.set_piece(piece(metres=((0, 3, 4), (1440, 6, 8))))
    drag(roll.ruler, at(roll, 100), at(roll, 200))
    assert roll.region() == (0, 1440, frozenset())
    drag(roll.ruler, at(roll, 1540), at(roll, 1440 + 1500))
    assert roll.region()[0] == 1440
    assert (roll.region()[1] - 1440) % 1440 == 0


def test_a_drag_beyond_the_edge_scrolls_and_keeps_its_beginning(roll):
    roll.set_piece(many(4000))
    grid, view = roll.canvas.model.grid, roll.canvas.view
    first = int(grid.bars[grid.bar_at(view.tick(300))])
    before = roll.canvas.view.tick(0)
    start, out = QPoint(300, 5), QPoint(roll.ruler.width() + 400, 5)
    QTest.mousePress(roll.ruler, LEFT, NONE, start)
    for _ in range(3):
        rolls.move(roll.ruler, out)
    QTest.mouseRelease(roll.ruler, LEFT, NONE, out)
    assert roll.canvas.view.tick(0) > before, "it scrolled"
    assert roll.region()[0] == first
    assert roll.region()[1] > first + BAR


def test_a_loop_and_a_region_are_told_apart(roll, heard):
    looped, marked = heard(roll.loop_changed), heard(roll.region_changed)
    drag(roll.ruler, at(roll, 100), at(roll, 0.9 * BAR), ALT)
    assert looped[-1] == (0, BAR)
    assert marked == []
    drag(roll.ruler, at(roll, 1.1 * BAR), at(roll, 1.9 * BAR))
    assert roll.region() == (BAR, 2 * BAR, frozenset())
    assert roll.loop() == (0, BAR)


def test_marked_bars_have_a_line_in_the_accent_and_looped_ones_in_green(roll):
    def inks(y: int) -> set[str]:
        shot = roll.ruler.grab().toImage()
        row = int(y * shot.devicePixelRatio())
        return {shot.pixelColor(x, row).name() for x in range(shot.width())}

    assert color("accent").name() not in inks(HEIGHT - 3)
    assert color("good").name() not in inks(3)
    roll.set_region(0, BAR)
    roll.set_loop(BAR, 2 * BAR)
    assert color("accent").name() in inks(HEIGHT - 3)
    assert color("good").name() in inks(3)
    roll.clear_region()
    roll.set_loop(0, 0)
    assert color("accent").name() not in inks(HEIGHT - 3)
    assert color("good").name() not in inks(3)


def test_it_says_what_it_is_for(roll):
    assert roll.ruler.accessibleName() == "Bars"
    assert "Alt" in roll.ruler.toolTip()
