"""What lies around the roll: bars above, rows at the left, the box, the tools."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.roll_frame import RollBox
from genstudio.ui.widgets.roll_side import KEYS, SOUNDS
from genstudio.ui.widgets.roll_tools import RollTools
from tests.helpers import rolls
from tests.helpers.rolls import BAR, LEFT, drag, many, piece, shown

ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def roll(qtbot) -> PianoRoll:
    made = PianoRoll()
    made.set_piece(piece())
    shown(made, qtbot)
    return made


def at(roll, bar: float) -> QPoint:
    return QPoint(round(float(roll.canvas.view.x(bar * BAR))), 12)


# ---- bars


def test_a_click_on_the_bars_plays_from_there(roll, heard):
    wanted, regions = heard(roll.seek), heard(roll.region_changed)
    QTest.mouseClick(roll.ruler, LEFT, NONE, at(roll, 1.02))
    assert wanted == [pytest.approx(BAR, abs=120)]
    assert wanted[0] % 120 == 0
    assert regions == []


def test_a_drag_over_bars_marks_them_whole(roll, heard):
    wanted = heard(roll.seek)
    drag(roll.ruler, at(roll, 1.4), at(roll, 2.6))
    assert roll.region() == (BAR, 3 * BAR, frozenset())
    drag(roll.ruler, at(roll, 2.9), at(roll, 0.2))
    assert roll.region() == (0, 3 * BAR, frozenset())
    assert wanted == []


def test_marking_other_bars_keeps_the_voices(roll):
    roll.set_region(0, BAR, (1,))
    drag(roll.ruler, at(roll, 2.1), at(roll, 2.9))
    assert roll.region() == (2 * BAR, 3 * BAR, frozenset({1}))


def test_alt_and_a_drag_loop_bars(roll):
    drag(roll.ruler, at(roll, 0.4), at(roll, 1.6), ALT)
    assert roll.loop() == (0, 2 * BAR)
    assert roll.region() is None


def test_the_bars_show_what_is_marked_and_played(roll):
    looks = [roll.ruler.grab().toImage()]
    for change in (
        lambda: roll.set_region(BAR, 2 * BAR),
        lambda: roll.set_loop(0, BAR),
        lambda: roll.set_playhead(3 * BAR),
    ):
        change()
        looks.append(roll.ruler.grab().toImage())
        assert looks[-1] != looks[-2]


def test_bars_of_a_long_piece_have_room_for_their_numbers(roll):
    roll.set_piece(many(8000))
    roll.canvas.fit()
    assert not roll.ruler.grab().isNull()


# ---- rows


def test_keys_sound_as_long_as_one_goes_over_them(roll, heard):
    sounds = heard(roll.heard)
    y = round(float(roll.canvas.view.y(60)) + 3)
    QTest.mousePress(roll.side, LEFT, NONE, QPoint(10, y))
    rolls.move(roll.side, QPoint(10, y))
    rolls.move(roll.side, QPoint(10, y - int(roll.canvas.view.row)))
    QTest.mouseRelease(roll.side, LEFT, NONE, QPoint(10, y))
    rolls.move(roll.side, QPoint(10, y))
    assert sounds == [(60, 90, 0), (61, 90, 0)]


def test_a_kit_has_room_for_its_names(roll):
    assert roll.side.width() == KEYS
    before = roll.side.grab().toImage()
    roll.set_track(2)
    assert roll.side.width() == SOUNDS
    assert roll.side.grab().toImage() != before
    roll.set_track(0)
    assert roll.side.width() == KEYS


def test_bars_velocities_and_notes_stand_under_each_other(roll):
    for track in (0, 2):
        roll.set_track(track)
        edges = {
            widget.mapTo(roll, QPoint(0, 0)).x()
            for widget in (roll.canvas.viewport(), roll.ruler, roll.lane)
        }
        assert len(edges) == 1
        widths = {widget.width() for widget in (roll.canvas.viewport(), roll.ruler, roll.lane)}
        assert len(widths) == 1


# ---- the box


def test_the_box_has_round_corners_in_the_windows_colour(qtbot):
    box = RollBox()
    box.grid.addWidget(QLabel())
    shown(box, qtbot, 200, 100)
    for name in ("dark", "light"):
        theme().choose(name)
        look = box.grab().toImage()
        assert look.pixelColor(0, 0) == color("window")
        assert look.pixelColor(100, 50) == color("panel")
        assert look.pixelColor(100, 0) != look.pixelColor(100, 50)


# ---- tools


@pytest.fixture
def tools(roll, qtbot) -> RollTools:
    made = RollTools(roll)
    qtbot.addWidget(made)
    made.resize(900, 40)
    made.show()
    return made


def test_tools_follow_the_roll_and_lead_it(tools, roll):
    tools.tools["draw"].click()
    assert roll.canvas.tool == "draw"
    roll.set_tool("erase")
    assert tools.tools["erase"].isChecked()
    assert not tools.tools["draw"].isChecked()


def test_the_raster_follows_and_leads(tools, roll):
    roll.set_snap("1/4")
    assert tools.snap.value() == "1/4"
    tools.snap.set_value("off")
    tools.snap.activated.emit(tools.snap.currentIndex())
    assert roll.snap() == "off"


def test_steps_are_named_and_only_there_when_there_are_any(tools, roll):
    assert not tools.undo.isEnabled()
    assert not tools.redo.isEnabled()
    roll.select([0])
    roll.commands.erase()
    assert tools.undo.isEnabled()
    assert tools.undo.toolTip().startswith("Undo: Erase notes")
    tools.undo.click()
    assert tools.redo.isEnabled()
    tools.redo.click()
    assert len(roll.piece().notes) == 7


def test_zoom_and_list(tools, roll):
    scale = roll.canvas.view.scale
    tools.closer.click()
    assert roll.canvas.view.scale > scale
    tools.wider.click()
    tools.whole.click()
    tools.list.click()
    assert roll.is_list()
    assert not tools.closer.isEnabled()
    roll.show_list(False)
    assert not tools.list.isChecked()
    assert tools.closer.isEnabled()


def test_the_menu_does_what_it_says(tools, roll):
    roll.select([0, 1])
    tools.more.click()
    menu = roll.findChild(QMenu)
    entries = {entry.text().split("\t")[0]: entry for entry in menu.actions() if entry.text()}
    assert entries["Erase"].isEnabled()
    entries["Erase"].trigger()
    assert len(roll.piece().notes) == 6
    menu.close()
    roll.select([])
    roll.open_menu(roll.mapToGlobal(QPoint(5, 5)))
    menu = roll.findChildren(QMenu)[-1]
    entries = {entry.text().split("\t")[0]: entry for entry in menu.actions() if entry.text()}
    assert not entries["Erase"].isEnabled()
    assert entries["Paste"].isEnabled()
    menu.close()


def test_what_has_no_room_is_left_out_from_the_end(tools):
    assert tools.sizeHint().width() <= 900
    assert tools.wider.isVisible()
    tools.resize(tools.sizeHint().width() - 4, 30)
    assert not tools.wider.isVisible()
    assert tools.closer.isVisible()
    tools.resize(tools.minimumSizeHint())
    assert tools.snap.isVisible()
    assert not tools.undo.isVisible()


def test_every_tool_has_a_name_and_says_its_key(tools):
    for button in tools.findChildren(QAbstractButton):
        assert button.accessibleName()
        assert button.toolTip()
    assert tools.snap.accessibleName()
