"""The notes as a table: words, walking, changing numbers by typing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.ui.widgets.note_table import COLUMNS
from genstudio.ui.widgets.piano_roll import PianoRoll
from tests.helpers.rolls import NOTES, many, piece, shown, tuples

EDIT = Qt.ItemDataRole.EditRole


@pytest.fixture
def roll(qtbot) -> PianoRoll:
    made = PianoRoll()
    made.set_piece(piece())
    shown(made, qtbot)
    made.canvas.setFocus()
    made.show_list(True)
    return made


def cells(roll, row: int) -> list[str]:
    model = roll.table.model()
    return [model.index(row, column).data() for column in range(len(COLUMNS))]


def write(roll, row: int, name: str, text: str) -> bool:
    index = roll.table.model().index(row, COLUMNS.index(name))
    return roll.table.model().setData(index, text, EDIT)


def test_every_note_is_a_row_in_words(roll):
    assert roll.table.model().rowCount() == len(NOTES)
    assert cells(roll, 3) == ["E5", "bar 1, beat 3", "half", "70", "Soprano", "", ""]
    drums = [cells(roll, row)[0] for row in range(8) if cells(roll, row)[4] == "Drums"]
    assert drums == ["Kick", "Snare"]


def test_columns_have_names(roll):
    heads = [
        roll.table.model().headerData(n, Qt.Orientation.Horizontal) for n in range(len(COLUMNS))
    ]
    assert heads == list(COLUMNS)
    assert roll.table.accessibleName() == "Notes as a list"


def test_locks_and_probabilities_are_told(roll):
    roll.set_locked([(480, 74, 0)])
    p = np.full(8, np.nan)
    p[2] = 0.381
    roll.set_chances(p)
    assert cells(roll, 2)[5:] == ["locked", "38 %"]


def test_the_list_takes_the_focus_and_gives_it_back(roll):
    assert roll.table.hasFocus()
    roll.show_list(False)
    assert roll.canvas.hasFocus()


def test_walking_selects_and_sounds(roll, heard):
    clicks = heard(roll.note_clicked)
    roll.table.selectRow(0)
    QTest.keyClick(roll.table, Qt.Key.Key_Down)
    QTest.keyClick(roll.table, Qt.Key.Key_Down)
    assert roll.selected() == [2]
    assert clicks[-1] == 2


def test_the_selection_is_one_for_both(roll):
    roll.select([2, 3, 5])
    rows = sorted(index.row() for index in roll.table.selectionModel().selectedRows())
    assert rows == [2, 3, 5]
    roll.show_list(False)
    roll.select([1])
    roll.show_list(True)
    rows = [index.row() for index in roll.table.selectionModel().selectedRows()]
    assert rows == [1]


@pytest.mark.parametrize(
    ("column", "text", "note"),
    [
        ("Note", "F#5", (480, 480, 78, 90, 0)),
        ("Velocity", "33", (480, 480, 74, 33, 0)),
        ("Length", "0.5", (480, 240, 74, 90, 0)),
        ("Length", "0,25", (480, 120, 74, 90, 0)),
    ],
)
def test_cells_are_changed_by_typing(roll, column, text, note):
    assert write(roll, 2, column, text)
    assert tuples(roll.piece().notes)[2] == note
    roll.undo()
    assert tuples(roll.piece().notes) == list(NOTES)


@pytest.mark.parametrize(
    ("column", "text"),
    [("Note", "H5"), ("Velocity", "0"), ("Velocity", "200"), ("Length", "0"), ("Length", "long"),
     ("Length", "nan"), ("Velocity", "")],
)  # fmt: skip
def test_what_cannot_be_read_changes_nothing(roll, column, text):
    assert not write(roll, 2, column, text)
    assert tuples(roll.piece().notes) == list(NOTES)


def test_a_drum_is_changed_by_its_number(roll):
    row = next(row for row in range(8) if cells(roll, row)[0] == "Kick")
    index = roll.table.model().index(row, 0)
    assert index.data(EDIT) == "36"
    assert write(roll, row, "Note", "38")
    assert cells(roll, row)[0] == "Snare"


def test_only_what_may_be_typed_can_be(roll):
    model = roll.table.model()
    editable = [
        COLUMNS[c] for c in range(len(COLUMNS))
        if model.flags(model.index(0, c)) & Qt.ItemFlag.ItemIsEditable
    ]  # fmt: skip
    assert editable == ["Note", "Length", "Velocity"]


def test_an_edit_keeps_the_place_in_the_list(roll):
    roll.table.selectRow(5)
    assert write(roll, 5, "Velocity", "10")
    assert roll.table.currentIndex().row() == 5
    roll.commands.erase()
    assert roll.table.model().rowCount() == 7
    assert roll.table.currentIndex().row() == 5


def test_another_piece_another_list(roll):
    roll.set_piece(many(500))
    assert roll.table.model().rowCount() == 500
    assert cells(roll, 0)[4].startswith("Voice ")
    roll.set_piece(piece([]))
    assert roll.table.model().rowCount() == 0


def test_a_note_and_a_selection_in_a_sentence(roll):
    roll.select([2])
    assert roll.canvas.accessibleDescription() == (
        "D5, bar 1, beat 2, quarter, velocity 90, Soprano"
    )
    roll.select([2, 3])
    assert roll.canvas.accessibleDescription() == "2 of 8 notes selected"
    roll.select([])
    assert roll.canvas.accessibleDescription() == "8 notes, none selected"
