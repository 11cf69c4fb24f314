"""Lanes of a tree, and the list that draws it."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.version_lanes import Lanes, lanes
from genstudio.ui.widgets.version_tree import HEIGHT, VersionRow, VersionTree


def test_a_line_has_one_lane():
    assert lanes([-1, 0, 1]) == [Lanes(0, False, True), Lanes(0, True, True), Lanes(0, True, False)]


def test_a_branch_leaves_its_parent_and_passes_by():
    # 0 - 1 - 2 and 3 from 0
    found = lanes([-1, 0, 1, 0])
    assert [row.lane for row in found] == [0, 0, 0, 1]
    assert found[0].out == (1,)
    assert found[1].through == found[2].through == (1,)
    assert found[3] == Lanes(1, True, False)


def test_lanes_are_used_again():
    # branches 2 and 4 do not live at the same time
    found = lanes([-1, 0, 0, 1, 3, 3])
    assert [row.lane for row in found] == [0, 0, 1, 0, 0, 1]


def test_branches_of_branches():
    found = lanes([-1, 0, 0, 2, 2, 0])
    assert [row.lane for row in found] == [0, 0, 1, 1, 0, 2]
    assert found[0].out == (1, 2)
    assert found[2].out == (0,)
    assert found[4].through == (2,)


@pytest.mark.parametrize("parents", [[], [-1], [-1, 0, 0, 0, 0, 1, 2, 3, 4, 1, 2]])
def test_lines_meet(parents):
    """Every lane that a row sends down is taken up by the next."""
    found = lanes(parents)
    for upper, lower in itertools.pairwise(found):
        down = {*upper.through, *upper.out, *([upper.lane] if upper.below else [])}
        up = {*lower.through, *([lower.lane] if lower.above else [])}
        assert down == up


ROWS = [
    VersionRow("Once", "you", -1, own=True),
    VersionRow("upon a time", "Stories", 0),
    VersionRow("upon a hill", "Stories", 0),
]


@pytest.fixture
def tree(qtbot):
    made = VersionTree()
    qtbot.addWidget(made)
    made.resize(300, 240)
    made.set_rows(ROWS, 2)
    made.show()
    return made


def test_the_version_in_use_is_chosen_and_said(tree):
    assert (tree.current(), tree.used()) == (2, 2)
    said = tree.model().index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "upon a hill, Stories, in use"
    assert tree.model().index(0, 0).data() == "Once, you"


def test_keys_and_mouse(tree, heard):
    chosen, opened = heard(tree.chosen), heard(tree.opened)
    QTest.keyClick(tree, Qt.Key.Key_Up)
    assert chosen == [1]
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert opened == [1]
    place = tree.visualRect(tree.model().index(0, 0)).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened[-1] == 0


def test_new_rows_do_not_say_that_somebody_chose(tree, heard):
    tree.set_rows(ROWS[:2], 1)
    assert tree.current() == 1
    assert len(tree.rows()) == 2
    tree.set_rows([], -1)
    assert (tree.current(), tree.used()) == (-1, -1)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_it_is_drawn(tree, name):
    theme().choose(name)
    image = tree.grab().toImage()
    dot = image.pixelColor(14 + 14, 2 * HEIGHT + HEIGHT // 2)
    assert dot.name() == color("accent").name()
    assert image.pixelColor(14, HEIGHT // 2).name() == color("window").name()  # a person's is open
