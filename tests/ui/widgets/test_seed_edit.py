"""Random and locked seeds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from genstudio.core.controls import MAX_SEED
from genstudio.ui.widgets.seed_edit import SeedEdit


@pytest.fixture
def edit(qtbot):
    made = SeedEdit()
    qtbot.addWidget(made)
    made.show()
    return made


def box(edit) -> QLineEdit:
    return edit.findChild(QLineEdit)


def toggle(edit) -> QPushButton:
    return edit.findChild(QPushButton)


def test_starts_random(edit):
    assert edit.seed() is None
    assert not edit.locked()
    assert toggle(edit).text() == "Random"


def test_typing_locks_and_emptying_unlocks(edit, heard):
    said = heard(edit.changed)
    QTest.keyClicks(box(edit), "12")
    assert (edit.seed(), toggle(edit).text()) == (12, "Locked")
    QTest.keyClick(box(edit), Qt.Key.Key_Backspace)
    QTest.keyClick(box(edit), Qt.Key.Key_Backspace)
    assert edit.seed() is None
    assert said == [1, 12, 1, None]


def test_letters_are_refused(edit):
    QTest.keyClicks(box(edit), "1a-b2")
    assert edit.seed() == 12


def test_too_large_a_number_becomes_the_largest(edit):
    QTest.keyClicks(box(edit), "9999999999")
    assert edit.seed() == MAX_SEED
    QTest.keyClick(box(edit), Qt.Key.Key_Return)
    assert box(edit).text() == str(MAX_SEED)


def test_locking_keeps_the_drawn_one(edit, heard):
    said = heard(edit.changed)
    edit.show_drawn(123)
    assert (edit.seed(), edit.shown()) == (None, 123)
    toggle(edit).click()
    assert edit.seed() == 123
    edit.show_drawn(456)
    assert edit.seed() == 123, "a locked seed stays"
    toggle(edit).click()
    assert edit.seed() is None
    assert said == [123, None]


def test_locking_an_empty_box_draws_one(edit):
    toggle(edit).click()
    assert edit.locked()
    assert 0 <= edit.seed() <= MAX_SEED


@pytest.mark.parametrize(
    ("seed", "lock", "locked"), [(5, None, True), (5, False, False), (None, True, False)]
)
def test_set_seed(edit, seed, lock, locked):
    edit.set_seed(seed, lock)
    assert edit.locked() is locked
    assert edit.shown() == seed


def test_says_what_it_does(edit):
    assert "new one" in toggle(edit).accessibleName()
    edit.set_seed(1)
    assert "same" in toggle(edit).accessibleName()
    assert box(edit).accessibleName() == "Seed"
