"""The tools over the roll: what they lead, what they follow, what they say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.ui.shortcuts import keys_text
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.roll_grid import SNAPS
from genstudio.ui.widgets.roll_tools import RollTools
from tests.helpers.rolls import many, piece, shown


@pytest.fixture
def roll(qtbot) -> PianoRoll:
    made = PianoRoll()
    made.set_piece(piece())
    shown(made, qtbot)
    return made


@pytest.fixture
def tools(roll, qtbot) -> RollTools:
    made = RollTools(roll)
    qtbot.addWidget(made)
    made.resize(made.sizeHint().width(), 40)
    made.show()
    roll.activateWindow()
    qtbot.waitUntil(roll.isActiveWindow)
    return made


@pytest.mark.parametrize(("key", "tool"), [("B", "draw"), ("E", "erase"), ("V", "select")])
def test_keys_in_the_roll_move_the_pills(tools, roll, key, tool):
    roll.set_tool("erase" if tool == "draw" else "draw")
    roll.canvas.setFocus()
    QTest.keyClick(roll.canvas, getattr(Qt.Key, f"Key_{key}"))
    assert roll.canvas.tool == tool
    assert [name for name, pill in tools.tools.items() if pill.isChecked()] == [tool]
    assert f"({key})" in tools.tools[tool].toolTip()


def test_one_tool_is_always_in_hand(tools, roll):
    tools.tools["select"].click()
    assert tools.tools["select"].isChecked()
    assert roll.canvas.tool == "select"


@pytest.mark.parametrize("snap", SNAPS)
def test_every_raster_can_be_chosen_and_is_shown(tools, roll, snap):
    place = list(SNAPS).index(snap)
    tools.snap.setCurrentIndex(place)
    tools.snap.activated.emit(place)
    assert roll.snap() == snap
    roll.set_snap("1/4" if snap != "1/4" else "1/8")
    roll.set_snap(snap)
    assert tools.snap.value() == snap
    assert tools.snap.currentText().startswith("Snap ")


def test_a_finer_raster_by_key_is_shown(tools, roll):
    roll.set_snap("1/8")
    roll.canvas.setFocus()
    QTest.keyClick(roll.canvas, Qt.Key.Key_Period)
    assert tools.snap.value() == roll.snap() != "1/8"


def test_steps_say_what_they_would_take_back(tools, roll):
    assert tools.undo.toolTip() == f"Undo  ({keys_text('undo')})"
    roll.select([0])
    roll.commands.erase()
    roll.replace_piece(piece(notes=()), "Other notes")
    assert tools.undo.toolTip().startswith("Undo: Other notes")
    tools.undo.click()
    assert tools.undo.toolTip().startswith("Undo: Erase notes")
    assert tools.redo.toolTip().startswith("Redo: Other notes")
    tools.undo.click()
    assert not tools.undo.isEnabled()
    assert len(roll.piece().notes) == len(piece().notes)


def test_another_piece_has_no_steps(tools, roll):
    roll.select([0])
    roll.commands.erase()
    roll.set_piece(piece())
    assert not tools.undo.isEnabled()
    assert not tools.redo.isEnabled()


def test_fit_shows_all_of_a_long_piece(tools, roll):
    roll.set_piece(many(2000))
    roll.canvas.zoom_time(8.0)
    end = roll.piece().length
    assert roll.canvas.view.x(end) > roll.canvas.viewport().width()
    tools.whole.click()
    assert roll.canvas.view.x(end) <= roll.canvas.viewport().width()
    assert roll.canvas.view.tick(0) <= 0


def test_closer_and_wider_are_each_others_way_back(tools, roll):
    roll.set_piece(many(2000))
    before = roll.canvas.view.scale
    tools.closer.click()
    closer = roll.canvas.view.scale
    tools.wider.click()
    assert closer > before
    assert roll.canvas.view.scale == pytest.approx(before)


def test_in_the_list_only_what_means_something_there_is_there(tools, roll):
    roll.canvas.setFocus()
    QTest.keyClick(roll.canvas, Qt.Key.Key_T)
    assert tools.list.isChecked()
    off = (*tools.tools.values(), tools.closer, tools.wider, tools.whole)
    assert not any(widget.isEnabled() for widget in off)
    assert tools.list.isEnabled()
    tools.list.click()
    assert not roll.is_list()
    assert all(widget.isEnabled() for widget in off)


def test_room_that_comes_back_shows_the_tools_again(tools):
    full = tools.sizeHint().width()
    seen = []
    for width in (full, full // 2, full):
        tools.resize(width, 40)
        seen.append([widget.isVisible() for widget in tools._line])
    assert seen[0] == seen[2]
    assert all(seen[0])
    kept = seen[1].index(False)
    assert kept >= 4, "the tools and the raster stay"
    assert not any(seen[1][kept:]), "left out from the end, without gaps"
