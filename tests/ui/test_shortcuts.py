"""Keys: one table, remapping, the nearest widget wins."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from genstudio.ui.shortcuts import TABLE, bind, keys_text, shortcuts, spoken
from genstudio.ui.widgets.key_sheet import KeyButton, KeySheet


def test_every_key_is_one_that_qt_understands():
    for key in TABLE:
        for text in key.keys:
            assert QKeySequence(text)[0].key() != Qt.Key.Key_unknown, text


def test_names_are_unique():
    names = [key.name for key in TABLE]
    assert len(set(names)) == len(names)


def test_no_two_commands_of_one_place_share_a_key():
    for key in TABLE:
        for text in key.keys:
            assert shortcuts().clash(key.name, text) == "", f"{key.name}: {text}"


@pytest.mark.parametrize(
    ("key", "words"),
    [("Ctrl+Return", "Ctrl ↵"), ("Esc", "Esc"), ("Ctrl++", "Ctrl +"), ("Shift+?", "Shift ?")],
)
def test_keys_as_people_read_them(key, words):
    assert spoken(key) == words


def window_with(qtbot):
    window, inner = QWidget(), QWidget()
    field = QLineEdit()
    inner.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    column = QVBoxLayout(window)
    column.addWidget(inner)
    column.addWidget(field)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    inner.setFocus()
    return window, inner, field


def test_bound_key_calls_and_follows_remapping(qtbot):
    window, inner, _field = window_with(qtbot)
    calls = []
    bind(window, "star", lambda: calls.append(1))
    QTest.keyClick(inner, Qt.Key.Key_Period)
    assert calls == [1]
    shortcuts().remap("star", ("F7",))
    QTest.keyClick(inner, Qt.Key.Key_Period)
    assert calls == [1]
    QTest.keyClick(inner, Qt.Key.Key_F7)
    assert calls == [1, 1]
    assert shortcuts().mapped() == {"star": ["F7"]}
    assert keys_text("star") == "F7"


def test_typing_is_not_a_command(qtbot):
    window, _inner, field = window_with(qtbot)
    calls = []
    bind(window, "star", lambda: calls.append(1), window=True)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Period)
    assert (calls, field.text()) == ([], ".")


def test_nearest_widget_gets_the_key(qtbot):
    window, inner, _field = window_with(qtbot)
    calls = []
    bind(window, "undo", lambda: calls.append("window"), window=True)
    bind(inner, "undo", lambda: calls.append("inner"))
    QTest.keyClick(inner, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert calls == ["inner"]


def test_restore_ignores_nonsense(qtbot):
    shortcuts().restore({"star": ["F6"], "nothing": ["F5"], "undo": 7, "redo": [1]})
    assert shortcuts().mapped() == {"star": ["F6"]}
    shortcuts().remap("star", (".",))
    assert shortcuts().mapped() == {}


def test_a_widget_that_is_gone_is_forgotten(qtbot):
    widget = QWidget()
    bind(widget, "star", lambda: None)
    widget.deleteLater()
    qtbot.wait(1)
    shortcuts().remap("star", ("F8",))
    assert shortcuts().keys("star") == ("F8",)


# ---- the page of keys


@pytest.fixture
def sheet(qtbot):
    made = KeySheet()
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def button_of(sheet, name) -> KeyButton:
    return next(b for b in sheet.findChildren(KeyButton) if b.command.name == name)


def test_sheet_lists_every_command(sheet):
    assert {b.command.name for b in sheet.findChildren(KeyButton)} == {k.name for k in TABLE}


def test_sheet_takes_a_new_key(sheet):
    button = button_of(sheet, "star")
    button.click()
    assert button.text() == "Press a key…"
    QTest.keyClick(button, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert shortcuts().keys("star") == ("Ctrl+J",)
    assert "Ctrl J" in button.text()


def test_sheet_refuses_a_key_that_is_taken(sheet):
    button = button_of(sheet, "star")
    button.click()
    QTest.keyClick(button, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shortcuts().keys("star") == (".",)
    assert "taken" in sheet._hint.text()


def test_escape_leaves_the_key_as_it_is(sheet):
    button = button_of(sheet, "star")
    button.click()
    QTest.keyClick(button, Qt.Key.Key_Shift)
    QTest.keyClick(button, Qt.Key.Key_Escape)
    assert shortcuts().keys("star") == (".",)
    assert sheet.isVisible()


def test_search_and_reset(sheet, qtbot):
    sheet._search.setText("brush")
    shown = [b.command.name for b in sheet.findChildren(KeyButton) if not b.isHidden()]
    assert shown == ["brush", "smaller", "larger"]
    shortcuts().remap("star", ("F9",))
    reset = next(
        b
        for b in sheet.findChildren(type(sheet._rows[0][1]).__mro__[1])
        if b.text() == "Reset all keys"
    )
    reset.click()
    assert shortcuts().mapped() == {}
