"""Buttons beside a piece of work: the mouse leaves the keys to it, Tab still reaches them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from genstudio.ui.widgets.buttons import Pill
from genstudio.ui.widgets.keys_stay import keys_stay_with


@pytest.fixture
def desk(qtbot):
    made = QWidget()
    made.work, made.pill, made.other = QLineEdit(), Pill("Loop"), QLineEdit()
    column = QVBoxLayout(made)
    for widget in (made.work, made.pill, made.other):
        column.addWidget(widget)
    keys_stay_with(made.work, [made.pill])
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.work.setFocus()
    return made


def test_a_press_with_the_mouse_leaves_the_keys_to_the_work(desk, heard):
    toggled = heard(desk.pill.toggled)
    QTest.mouseClick(desk.pill, Qt.MouseButton.LeftButton)
    assert toggled == [True]
    assert desk.work.hasFocus()


def test_the_keys_come_to_the_work_from_anywhere_else(desk):
    desk.other.setFocus()
    QTest.mouseClick(desk.pill, Qt.MouseButton.LeftButton)
    assert desk.work.hasFocus()


def test_who_came_by_tab_stays_on_the_button(desk, heard):
    toggled = heard(desk.pill.toggled)
    QTest.keyClick(desk.work, Qt.Key.Key_Tab)
    assert desk.pill.hasFocus()
    QTest.keyClick(desk.pill, Qt.Key.Key_Space)
    QTest.keyClick(desk.pill, Qt.Key.Key_Space)
    assert toggled == [True, False]
    assert desk.pill.hasFocus()


def test_work_out_of_sight_takes_no_keys(desk):
    desk.other.setFocus()
    desk.work.hide()
    QTest.mouseClick(desk.pill, Qt.MouseButton.LeftButton)
    assert desk.other.hasFocus()
