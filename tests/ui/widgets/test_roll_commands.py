"""What can be done with selected notes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from genstudio.ui.shortcuts import TABLE
from genstudio.ui.widgets import roll_rows
from genstudio.ui.widgets.roll_canvas import RollCanvas
from genstudio.ui.widgets.roll_commands import RollCommands
from genstudio.ui.widgets.roll_grid import SNAPS
from genstudio.ui.widgets.roll_model import RollModel
from tests.helpers.rolls import BAR, NOTES, many, piece, tuples


@pytest.fixture
def model(qapp) -> RollModel:
    made = RollModel()
    made.set_piece(piece())
    return made


@pytest.fixture
def commands(model, qtbot) -> RollCommands:
    canvas = RollCanvas(model)
    qtbot.addWidget(canvas)
    canvas.resize(900, 500)
    return RollCommands(canvas)


def notes(model) -> list[tuple]:
    return tuples(model.piece().notes)


def test_every_command_has_a_key_and_its_own_words(commands):
    known = {key.name: key for key in TABLE}
    assert all(known[command.name].keys for command in commands.table)
    words = [command.words for command in commands.table]
    assert len(set(words)) == len(words)


def test_commands_that_need_notes_do_nothing_without(commands, model, heard):
    told = heard(model.edited)
    for command in commands.table:
        if command.needs and command.name != "quantise":
            command.act()
    assert told == []


# ---- clipboard


def test_what_others_put_on_the_clipboard_is_no_music(commands, model):
    QGuiApplication.clipboard().setText("[[0, 10, 60, 80, 0]]")
    commands.paste()
    data = QMimeData()
    data.setData(roll_rows.MIME, b"[[0, 10, 999, 80, 0]]")
    QGuiApplication.clipboard().setMimeData(data)
    commands.paste()
    assert notes(model) == list(NOTES)


def test_an_empty_selection_leaves_the_clipboard(commands, model):
    model.select([2])
    commands.copy()
    model.select([])
    commands.copy()
    commands.paste()
    assert len(notes(model)) == len(NOTES) + 1


def test_pasted_behind_the_selection_on_the_raster(commands, model):
    model.set_snap("1/4")
    model.select([2])
    commands.copy()
    model.apply(roll_rows.resized(model.rows(), 10, 1), "Longer")
    commands.paste()
    assert (970, 480, 74, 90, 0) in notes(model), "never into what is selected"


def test_duplicates_follow_in_whole_steps(commands, model):
    model.set_snap("bar")
    model.select([2, 3])
    commands.duplicate()
    assert {(480 + BAR, 480, 74, 90, 0), (960 + BAR, 960, 76, 70, 0)} <= set(notes(model))
    assert len(model.chosen()) == 2


# ---- quantise, transpose


def rough(model) -> None:
    model.set_piece(piece([(7, 110, 60, 80, 0), (475, 500, 62, 80, 0), (2, 50, 48, 80, 1)]))


def test_quantising_takes_the_selection_to_the_raster(commands, model):
    rough(model)
    model.select([2])
    commands.quantise()
    assert notes(model) == [(2, 50, 48, 80, 1), (7, 110, 60, 80, 0), (480, 500, 62, 80, 0)]


def test_quantising_without_a_selection_takes_the_voice(commands, model):
    rough(model)
    commands.quantise(lengths=True)
    assert notes(model) == [(0, 120, 60, 80, 0), (2, 50, 48, 80, 1), (480, 480, 62, 80, 0)]


def test_quantising_again_changes_nothing(commands, model, heard):
    rough(model)
    commands.quantise()
    told = heard(model.edited)
    commands.quantise()
    assert told == []


def test_transposing_leaves_drums_unless_they_are_meant(commands, model):
    commands.transpose(2)
    assert [note[2] for note in notes(model)] == [74, 50, 76, 78, 52, 74, 36, 38]
    model.select([7])
    commands.transpose(-2)
    assert notes(model)[7][2] == 36


def test_thousands_of_notes_are_one_step(commands, model):
    model.set_piece(many(4000))
    commands.select_all()
    commands.transpose(1)
    commands.quantise()
    commands.louder(5)
    commands.duplicate()
    assert model.undo_stack.count() <= 4
    assert len(notes(model)) >= 7900


# ---- locks


def test_locks_go_on_and_off_together(commands, model):
    model.select([0, 1])
    commands.toggle_lock()
    assert model.rows()["locked"].tolist()[:3] == [True, True, False]
    model.select([1, 2])
    commands.toggle_lock()
    assert model.rows()["locked"].tolist()[:3] == [True, True, True]
    commands.toggle_lock()
    assert model.rows()["locked"].tolist()[:3] == [True, False, False]


# ---- raster


def test_the_raster_has_ends(commands, model):
    for _ in range(20):
        commands.finer(1)
    assert model.snap == list(SNAPS)[-1]
    for _ in range(20):
        commands.finer(-1)
    assert model.snap == next(iter(SNAPS))


def test_only_marked_bars_are_looped(commands, model):
    commands.loop()
    assert model.loop is None
    model.set_region((0, BAR, frozenset()))
    commands.loop()
    model.set_region((BAR, 2 * BAR, frozenset()))
    commands.loop()
    assert model.loop == (BAR, 2 * BAR)
