"""The ring around the focus: when it shows, what it follows, where it is cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QListView,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from genstudio.core.controls import Float
from genstudio.ui.widgets.focus_ring import OUTSIDE, FocusRing, ring_of
from genstudio.ui.widgets.number_edit import NumberEdit
from genstudio.ui.widgets.panel_frame import scrolled


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    page = QWidget()
    column = QVBoxLayout(page)
    made.buttons = [QPushButton(f"button {i}") for i in range(30)]
    for button in made.buttons:
        button.setFixedHeight(30)
        column.addWidget(button)
    ground = QWidget()
    made.area = scrolled(page)
    QVBoxLayout(ground).addWidget(made.area)
    made.setCentralWidget(ground)
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def place_of(widget, window) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_ring_lies_around_the_focus(window):
    window.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    ring = ring_of(window)
    wanted = place_of(window.buttons[0], window).adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE)
    assert ring.isVisible()
    assert ring.geometry() == wanted


def test_ring_moves_on_with_tab(window):
    window.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    for number in range(1, 4):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert ring_of(window).target() is window.buttons[number]


def test_ring_follows_scrolling_and_is_cut(window):
    window.buttons[1].setFocus(Qt.FocusReason.TabFocusReason)
    ring = ring_of(window)
    before = ring.geometry()
    bar = window.area.verticalScrollBar()
    bar.setValue(20)
    QApplication.processEvents()
    assert ring.geometry().top() < before.top()
    bar.setValue(bar.maximum())
    QApplication.processEvents()
    assert not ring.isVisible(), "what is scrolled away has no ring"
    bar.setValue(0)
    QApplication.processEvents()
    assert ring.geometry() == before


def test_ring_goes_with_its_widget(window):
    window.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    ring = ring_of(window)
    window.buttons[0].hide()
    QApplication.processEvents()
    assert ring.target() is not window.buttons[0] or not ring.isVisible()


def test_mouse_shows_no_ring(window, monkeypatch):
    window.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    from genstudio.ui.widgets import focus_ring

    monkeypatch.setattr(
        focus_ring.QGuiApplication, "mouseButtons", lambda: Qt.MouseButton.LeftButton
    )
    window.buttons[1].setFocus(Qt.FocusReason.MouseFocusReason)
    assert not ring_of(window).isVisible()
    assert ring_of(window).target() is None


def test_ground_has_no_ring(window):
    window.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    ground = window.centralWidget()
    ground.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    ground.setFocus()
    assert not ring_of(window).isVisible()


def test_ring_is_not_in_the_way_of_the_mouse(window, heard):
    window.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    clicked = heard(window.buttons[0].clicked)
    at = place_of(window.buttons[0], window).center()
    assert window.childAt(at) is window.buttons[0]
    QTest.mouseClick(window.buttons[0], Qt.MouseButton.LeftButton)
    assert len(clicked) == 1
    ring = ring_of(window)
    assert ring.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert ring.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_dialogs_have_their_own_ring(window, qtbot):
    dialog = QDialog(window)
    field = QLineEdit()
    QVBoxLayout(dialog).addWidget(field)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    ring = ring_of(dialog)
    assert isinstance(ring, FocusRing)
    assert ring is not ring_of(window)
    assert ring.target() is field
    dialog.close()


def test_box_and_slider_get_rings_of_their_own(window):
    control = Float(name="a", label="A", default=0.5, low=0.0, high=1.0)
    edit = NumberEdit(control)
    window.setCentralWidget(edit)
    edit.slider.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring_of(window).target() is edit.slider
    edit.box.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring_of(window).target() in (edit, edit.box)


def test_grids_show_the_focus_themselves(window):
    view = QListView()
    window.setCentralWidget(view)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    ring = ring_of(window)
    assert ring is None or not ring.isVisible()


def test_the_ring_lies_below_what_floats_over_its_widget(window):
    page = window.buttons[0].parentWidget()
    place = window.buttons[0].geometry()
    sheet = QWidget(page)
    sheet.setProperty("floats", True)
    sheet.setGeometry(place.center().x(), 0, 200, 200)
    inside = QLineEdit(sheet)
    window.buttons[1].setFocus()
    sheet.show()
    window.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    ring = ring_of(window)
    top = QPoint(OUTSIDE + 10, 1)
    assert ring.mask().contains(top)
    assert not ring.mask().contains(QPoint(place.width() - 10, 1)), "the sheet is there"
    inside.setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.mask().contains(ring.rect()), "its own sheet hides nothing"
    sheet.setGeometry(0, 0, 400, 200)
    window.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.isVisible(), "where the focus is must be seen, also behind a sheet"
    assert ring.mask().isEmpty()
    sheet.hide()
    window.buttons[1].setFocus(Qt.FocusReason.TabFocusReason)
    assert ring.isVisible()
    assert ring.mask().contains(ring.rect())
