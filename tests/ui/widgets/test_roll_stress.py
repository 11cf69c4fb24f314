"""Hundreds of random actions: the piece stays music, and every step can be taken back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio.ui.widgets import roll_rows
from genstudio.ui.widgets.piano_roll import PianoRoll
from genstudio.ui.widgets.roll_grid import SNAPS
from tests.helpers import rolls
from tests.helpers.rolls import many, piece, shown, tuples

KEYS = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Delete,
    Qt.Key.Key_Q, Qt.Key.Key_L, Qt.Key.Key_R, Qt.Key.Key_V, Qt.Key.Key_B, Qt.Key.Key_E,
    Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight, Qt.Key.Key_Period, Qt.Key.Key_Comma,
)  # fmt: skip
MODIFIERS = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip


class Hand:
    """Does something at random with a roll."""

    def __init__(self, roll: PianoRoll, seed: int) -> None:
        self.roll, self.random = roll, np.random.default_rng(seed)

    def place(self) -> QPoint:
        port, rows = self.roll.canvas.viewport(), self.roll.model.rows()
        if len(rows) and self.random.random() < 0.6:
            index = int(self.random.integers(len(rows)))
            return rolls.middle(self.roll.canvas, index, float(self.random.random()))
        across, down = self.random.random(2)
        return QPoint(int(across * port.width()), int(down * port.height()))

    def any_of(self, things):
        return things[int(self.random.integers(len(things)))]

    def drag(self) -> None:
        target = self.any_of([self.roll.canvas, self.roll.canvas, self.roll.lane, self.roll.ruler])
        start = self.place()
        end = start + QPoint(*(int(n) for n in self.random.integers(-150, 150, 2)))
        rolls.drag(target, start, end, self.any_of(MODIFIERS), steps=3)

    def key(self) -> None:
        QTest.keyClick(self.roll.canvas, self.any_of(KEYS), self.any_of(MODIFIERS))

    def command(self) -> None:
        self.any_of(self.roll.commands.table).act()

    def setting(self) -> None:
        roll = self.roll
        self.any_of(
            [
                lambda: roll.set_track(int(self.random.integers(3))),
                lambda: roll.set_snap(self.any_of(list(SNAPS))),
                lambda: roll.set_tool(self.any_of(["select", "draw", "erase"])),
                lambda: roll.canvas.zoom_time(float(self.random.uniform(0.5, 2))),
                lambda: roll.canvas.zoom_pitch(float(self.random.uniform(0.7, 1.4))),
                lambda: roll.set_playhead(self.any_of([None, 0, 5000])),
                lambda: roll.show_list(False),
            ]
        )()

    def act(self) -> None:
        self.any_of([self.drag, self.drag, self.key, self.key, self.command, self.setting])()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_a_hand_does_can_be_taken_back(qtbot, seed):
    roll = PianoRoll()
    first = piece() if seed == 1 else many(60 * seed)
    roll.set_piece(first)
    shown(roll, qtbot, 700, 420)
    roll.canvas.setFocus()
    hand = Hand(roll, seed)
    for _ in range(90):
        hand.act()
        rows = roll.model.rows()
        assert tuples(roll_rows.notes_of(rows)) == tuples(roll.piece().notes)
        assert roll.model.shown() is rows, "nothing is left half done"
    while roll.model.undo_stack.canUndo():
        roll.undo()
    assert tuples(roll.piece().notes) == tuples(first.notes)
    last = roll.model.undo_stack.count()
    while roll.model.undo_stack.canRedo():
        roll.redo()
    assert roll.model.undo_stack.index() == last
    assert tuples(roll_rows.notes_of(roll.model.rows())) == tuples(roll.piece().notes)
