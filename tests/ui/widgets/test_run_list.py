"""Rows with a picture, words, a state and facts: chosen, opened, drawn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio.ui.theme import color, theme
from genstudio.ui.widgets.run_list import HEIGHT, Row, RowList

ROWS = [
    Row("c", "0003 · VAE · shapes", "on shapes", "training", "accent", ("step 3", "", "1 min")),
    Row("b", "0002 · GAN · shapes", "on shapes", "failed", "red", tip="It exploded."),
    Row("a", "0001 · GAN · cars", "on cars", "finished", "good", ("step 9", "best 0.1", "2 h")),
]


@pytest.fixture
def rows(qtbot):
    made = RowList("All runs")
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.set_rows(ROWS)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.setFocus()
    return made


def test_rows_are_read_out_whole(rows):
    index = rows.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "0003 · VAE · shapes, training, on shapes, step 3, 1 min"
    )
    assert rows.model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole) == "It exploded."
    assert rows.model().data(rows.model().index(7, 0)) is None
    assert QAccessible.queryAccessibleInterface(rows).text(QAccessible.Text.Name) == "All runs"


def test_choosing_by_keys(rows, heard):
    changed = heard(rows.selection_changed)
    rows.select(["c"])
    assert (rows.selected(), rows.current()) == (["c"], "c")
    QTest.keyClick(rows, Qt.Key.Key_Down)
    assert rows.selected() == ["b"]
    QTest.keyClick(rows, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert rows.selected() == ["b", "a"]
    assert changed


def test_choosing_by_mouse(rows):
    def click(place, modifier):
        QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, modifier,
                         QPoint(300, place * (HEIGHT + 8) + 30))  # fmt: skip

    click(0, Qt.KeyboardModifier.NoModifier)
    click(2, Qt.KeyboardModifier.ControlModifier)
    assert rows.selected() == ["c", "a"]


def test_enter_and_double_click_open(rows, heard):
    opened = heard(rows.opened)
    rows.select(["b"])
    QTest.keyClick(rows, Qt.Key.Key_Return)
    where = QPoint(300, 30)
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QTest.mouseDClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QTest.mouseRelease(rows.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert opened == ["b", "c"]


def test_nothing_opens_where_nothing_is(qtbot, heard):
    empty = RowList("All runs")
    qtbot.addWidget(empty)
    opened = heard(empty.opened)
    QTest.keyClick(empty, Qt.Key.Key_Return)
    assert opened == []
    assert (empty.current(), empty.selected(), empty.rows()) == ("", [], [])


def test_the_selection_stays_with_its_rows(rows, heard):
    rows.select(["b", "a"], current="a")
    rows.set_rows([Row("d", "0004"), *ROWS])
    assert rows.selected() == ["b", "a"]
    assert rows.current() == "a"
    rows.set_rows([ROWS[0], ROWS[2]])
    assert rows.selected() == ["a"]
    assert [row.key for row in rows.rows()] == ["c", "a"]


def test_the_same_rows_again_change_nothing(rows, heard):
    changed = heard(rows.model().modelReset)
    rows.set_rows(list(ROWS))
    assert changed == []


def test_the_menu_is_asked_for_at_the_mouse(rows, heard):
    wanted = heard(rows.menu_wanted)
    where = rows.mapToGlobal(QPoint(20, 20))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(20, 20), where)
    QApplication.sendEvent(rows.viewport(), event)
    assert wanted == [where]


@pytest.mark.parametrize("name", ["dark", "light"])
def test_pictures_and_states_are_drawn(rows, qtbot, name):
    theme().choose(name)
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(QColor("#12ab34"))
    rows.put("c", picture)
    rows.select(["a"])
    rows.clearFocus()

    def seen():
        image = rows.grab().toImage()
        step = range(0, image.width(), 2)
        return {image.pixelColor(x, y).name() for x in step for y in range(0, image.height(), 2)}

    qtbot.waitUntil(lambda: "#12ab34" in seen())
    found = seen()
    for token in ("accent", "red", "good", "wash", "panel"):
        assert color(token).name() in found, token


def test_narrow_lists_show_less(rows, qtbot):
    rows.resize(420, 300)
    QApplication.processEvents()
    assert not rows.grab().isNull()
    assert rows.visualRect(rows.model().index(0, 0)).width() <= 420


def test_pictures_of_rows_that_are_gone_are_let_go(rows):
    rows.put("b", QImage(4, 4, QImage.Format.Format_RGB32))
    rows.set_rows(ROWS[:1])
    assert "b" not in rows._pictures
    rows._later.stop()
