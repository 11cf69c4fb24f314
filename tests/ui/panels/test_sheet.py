"""A sheet: who has the focus, and what keys do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from genstudio.ui.panels.sheet import Sheet
from genstudio.ui.widgets.buttons import Button


class Asking(Sheet):
    """A sheet with a field and a button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Asking", parent)
        self.field, self.go = QLineEdit(), Button("Go", kind="primary")
        self.column.addWidget(self.field)
        self.column.addWidget(self.go)


@pytest.fixture
def window(shown, qtbot) -> QWidget:
    made = shown(QWidget())
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def below(window) -> QPushButton:
    made = QPushButton("Below", window)
    made.show()
    made.setFocus()
    return made


@pytest.fixture
def sheet(window, below) -> Asking:
    made = Asking(window)
    made.open_sheet(made.go)
    return made


def test_the_focus_comes_in_and_goes_back(sheet, below):
    assert QApplication.focusWidget() is sheet.go
    QTest.keyClick(sheet.go, Qt.Key.Key_Escape)
    assert sheet.isHidden()
    assert QApplication.focusWidget() is below


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_press_the_button_in_hand_once(sheet, heard, key):
    pressed = heard(sheet.go.clicked)
    QTest.keyClick(sheet.go, key)
    assert len(pressed) == 1
    assert sheet.isVisible()


def test_enter_in_a_field_presses_nothing(sheet, heard):
    pressed = heard(sheet.go.clicked)
    sheet.field.setFocus()
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    assert pressed == []
    assert sheet.isVisible()


def test_the_focus_waits_in_the_sheet_for_a_button_that_is_held(sheet, below):
    sheet.hold(sheet.go, False)
    assert QApplication.focusWidget() is sheet
    assert not sheet.go.isEnabled()
    sheet.hold(sheet.go, True)
    assert QApplication.focusWidget() is sheet.go


def test_a_held_button_takes_the_focus_from_nobody(sheet):
    sheet.field.setFocus()
    sheet.hold(sheet.go, False)
    sheet.hold(sheet.go, True)
    assert QApplication.focusWidget() is sheet.field


def test_a_sheet_that_opens_takes_the_place_of_another(window, below):
    first, second = Asking(window), Asking(QWidget(window))
    second.parentWidget().show()
    first.open_sheet(first.field)
    second.open_sheet(second.field)
    assert second.isVisible()
    assert not first.isVisible()
    second.close_sheet()
    assert QApplication.focusWidget() is below, "the focus goes back to where it was before both"
