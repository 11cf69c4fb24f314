"""An axis: a setting, its values typed or picked, what they mean."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.ui.widgets.axis_edit import AxisEdit, AxisWords

KINDS = [("any", "Any"), ("boot", "Ankle boot"), ("bag,big", "Big bag")]


@pytest.fixture
def axis(qtbot):
    made = AxisEdit("Across")
    qtbot.addWidget(made)
    made.resize(290, 200)
    made.set_settings([("", "Nothing"), ("kind", "Kind"), ("prompt", "Prompt")])
    made.show()
    qtbot.waitExposed(made)
    return made


def test_typing_is_told_at_once(axis, heard):
    changes = heard(axis.changed)
    axis.show_words(AxisWords("kind"))
    axis.show_kind("all, or some", KINDS)
    assert changes == []
    QTest.keyClicks(axis.values, "boot")
    assert len(changes) == 4
    assert axis.words() == AxisWords("kind", "boot", "")


def test_fields_follow_the_kind_of_setting(axis):
    axis.show_words(AxisWords(""))
    axis.show_kind("")
    assert not axis.values.isVisible()
    axis.show_words(AxisWords("kind"))
    axis.show_kind("all", KINDS)
    assert axis.values.isVisible()
    assert axis.pick.isVisible()
    assert not axis.find.isVisible()
    assert axis.values.placeholderText() == "all"
    axis.show_words(AxisWords("prompt", "sad", "smiling"))
    axis.show_kind("one, another", text=True)
    assert axis.find.isVisible()
    assert not axis.pick.isVisible()
    assert axis.words() == AxisWords("prompt", "sad", "smiling")


def test_values_are_picked_from_a_menu_that_stays_open(axis, heard):
    changes = heard(axis.changed)
    axis.show_words(AxisWords("kind", "ANKLE BOOT"))
    axis.show_kind("", KINDS)
    menu = axis.menu()
    entries = [entry for entry in menu.actions() if entry.isCheckable()]
    assert [entry.isChecked() for entry in entries] == [False, True, False]
    menu.popup(axis.mapToGlobal(axis.rect().center()))
    menu.setActiveAction(entries[2])
    QTest.keyClick(menu, Qt.Key.Key_Space)
    assert axis.values.text() == 'boot, "bag,big"'
    assert menu.isVisible()
    rect = menu.actionGeometry(entries[1])
    QTest.mouseMove(menu, rect.center())
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=rect.center())
    assert axis.values.text() == '"bag,big"'
    assert menu.isVisible()
    menu.close()
    assert len(changes) == 2


def test_all_of_them_is_one_word(axis):
    axis.show_words(AxisWords("kind"))
    axis.show_kind("", KINDS)
    menu = axis.menu()
    menu.actions()[-1].trigger()
    assert axis.values.text() == "all"
    again = axis.menu()
    assert all(entry.isChecked() for entry in again.actions() if entry.isCheckable())
    for made in (menu, again):
        made.deleteLater()


def test_what_is_said_is_seen_and_read(axis):
    axis.say("5 values: 1, 2", fault=False)
    assert axis.told.isVisible()
    assert axis.told.property("role") == "dim"
    axis.say("Steps must be from 1 to 50", fault=True)
    assert axis.told.property("role") == "amber"
    assert axis.values.accessibleDescription() == "Steps must be from 1 to 50"
    axis.say("")
    assert not axis.told.isVisible()


def test_what_is_being_typed_is_left_alone(axis):
    axis.show_words(AxisWords("kind", "boot"))
    axis.values.setCursorPosition(2)
    axis.show_words(AxisWords("kind", "boot"))
    assert axis.values.cursorPosition() == 2


def test_everything_has_a_name(axis):
    for widget in (axis.setting, axis.find, axis.values, axis.pick):
        assert widget.accessibleName().startswith("Across")
