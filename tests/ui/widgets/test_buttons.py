"""Buttons, pills, switch, select, folds and the wrapping layout."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets import buttons
from genstudio.ui.widgets.buttons import Button, Pill, PillRow, Select, SureButton, Switch
from genstudio.ui.widgets.flow import FlowLayout
from genstudio.ui.widgets.folded import Folded

OPTIONS = (("a", "Alpha"), ("b", "Beta", "the second"), ("c", "Gamma"))


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_button_names_itself(qtbot):
    button = shown(qtbot, Button("Generate", "wand", "primary", "Ctrl ↵"))
    assert button.accessibleName() == "Generate"
    assert button.kind() == "primary"
    button.set_text("Fill")
    assert (button.text(), button.accessibleName()) == ("Fill", "Fill")


def test_key_takes_room_and_is_drawn(qtbot):
    plain, keyed = shown(qtbot, Button("Go", kind="primary")), shown(qtbot, Button("Go"))
    keyed.set_key("Ctrl ↵")
    assert keyed.sizeHint().width() > plain.sizeHint().width()
    with_key = keyed.grab().toImage()
    keyed.set_key("")
    assert keyed.grab().toImage() != with_key


def test_icon_is_drawn_and_follows_the_theme(qtbot):
    button = shown(qtbot, Button("Stop"))
    narrow, bare = button.sizeHint().width(), button.grab().toImage()
    button.set_icon("stop")
    assert button.sizeHint().width() > narrow
    dark = button.grab().toImage()
    assert dark != bare
    theme().choose("light")
    assert button.grab().toImage() != dark


def test_pill_row_chooses_one(qtbot, heard):
    row = shown(qtbot, PillRow(OPTIONS))
    said = heard(row.changed)
    assert row.value() == "a"
    row.pill("b").click()
    assert (row.value(), said) == ("b", ["b"])
    row.set_value("c")
    row.set_value("nothing")
    assert (row.value(), said) == ("c", ["b"])
    assert row.pill("b").toolTip() == "the second"


def test_pill_row_keeps_the_choice_when_options_change(qtbot):
    row = shown(qtbot, PillRow(OPTIONS))
    row.set_value("b")
    row.set_options([("b", "Beta"), ("d", "Delta")])
    assert row.value() == "b"
    row.set_options([("x", "X")])
    assert row.value() == "x"
    row.set_options([])
    assert row.value() == ""


def test_pills_by_keyboard(qtbot):
    row = shown(qtbot, PillRow(OPTIONS))
    row.resize(400, 40)
    row.activateWindow()
    qtbot.waitUntil(row.isActiveWindow)
    row.pill("a").setFocus()
    QTest.keyClick(row.pill("a"), Qt.Key.Key_Right)
    assert row.value() == "b"


def test_switch_by_mouse_and_key(qtbot, heard):
    switch = shown(qtbot, Switch("Loop"))
    said = heard(switch.toggled)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert said == [True, False]
    off = switch.grab().toImage()
    switch.setChecked(True)
    assert switch.grab().toImage() != off


def test_select(qtbot, heard):
    select = shown(qtbot, Select(OPTIONS))
    said = heard(select.chosen)
    select.set_value("c")
    select.set_value("nothing")
    assert (select.value(), said) == ("c", [])
    QTest.keyClick(select, Qt.Key.Key_Up)
    assert (select.value(), said) == ("b", ["b"])
    select.set_options([("b", "Beta"), ("z", "Zeta")])
    assert select.value() == "b"
    assert Select().value() == ""


def test_the_line_below_the_mouse_is_seen_in_a_select(qtbot):
    select = shown(qtbot, Select(OPTIONS))
    select.showPopup()
    view = select.view()
    view.setCurrentIndex(select.model().index(1, 0))
    ground = view.viewport().grab().toImage()
    rows = [view.visualRect(select.model().index(row, 0)) for row in range(2)]
    other, chosen = (ground.pixelColor(row.right() - 8, row.center().y()) for row in rows)
    assert chosen == color("wash")
    assert other == color("raised")
    assert view.parentWidget().frameShape() == QFrame.Shape.NoFrame
    select.hidePopup()


def test_sure_button_asks_first(qtbot, heard):
    button = shown(qtbot, SureButton("Empty", "Delete for good?"))
    said = heard(button.sure)
    button.click()
    assert (button.text(), said, button.asking()) == ("Delete for good?", [], True)
    button.click()
    assert (button.text(), len(said), button.asking()) == ("Empty", 1, False)


def test_sure_button_forgets(qtbot, heard, monkeypatch):
    monkeypatch.setattr(buttons, "ASK_MS", 1)
    button = shown(qtbot, SureButton("Empty", "Sure?"))
    said = heard(button.sure)
    button.click()
    qtbot.waitUntil(lambda: not button.asking())
    assert (button.text(), said) == ("Empty", [])


def test_fold(qtbot, heard):
    fold = shown(qtbot, Folded("More"))
    said = heard(fold.toggled)
    label = QLabel("inside")
    fold.body.addWidget(label)
    assert not label.isVisible()
    fold.set_open(True)
    assert label.isVisible()
    assert (fold.is_open(), said) == (True, [True])
    fold.set_text("Less")


def flow_of(qtbot, widths, gap=8):
    room = QWidget()
    qtbot.addWidget(room)
    flow = FlowLayout(room, gap)
    parts = []
    for width in widths:
        part = QWidget()
        part.setFixedSize(width, 20)
        flow.addWidget(part)
        parts.append(part)
    return room, flow, parts


def test_flow_wraps(qtbot):
    room, flow, parts = flow_of(qtbot, [60, 60, 60])
    assert flow.hasHeightForWidth()
    assert flow.heightForWidth(200) == 20
    assert flow.heightForWidth(130) == 48
    assert flow.heightForWidth(60) == 76
    room.resize(130, 100)
    room.show()
    flow.setGeometry(QRect(0, 0, 130, 100))
    assert [part.pos().toTuple() for part in parts] == [(0, 0), (68, 0), (0, 28)]


def test_flow_skips_what_is_hidden(qtbot):
    room, flow, parts = flow_of(qtbot, [60, 60])
    room.show()
    parts[0].hide()
    flow.setGeometry(QRect(0, 0, 200, 50))
    assert parts[1].x() == 0
    assert flow.count() == 2
    assert flow.takeAt(5) is None
    assert flow.takeAt(0) is not None
    assert flow.minimumSize().width() == 60


@pytest.mark.parametrize("kind", ["plain", "primary", "quiet", "danger", "fold"])
def test_disabled_looks_different(qtbot, kind):
    button = shown(qtbot, Button("Go", kind=kind, key="X" if kind == "primary" else ""))
    able = button.grab().toImage()
    button.setEnabled(False)
    assert button.grab().toImage() != able


def test_pill_can_be_a_plain_button(qtbot, heard):
    pill = shown(qtbot, Pill("Clear", checkable=False))
    said = heard(pill.clicked)
    pill.click()
    assert len(said) == 1
    assert not pill.isCheckable()
