"""Zooming and moving over a picture by hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio.ui.widgets.picture_space import EDGE, MOST, PictureSpace
from genstudio.ui.widgets.zoom_row import ZoomRow

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


class Told(PictureSpace):
    """Writes down what is handed on."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def pressed(self, _event, at: QPointF) -> None:
        self.said.append(f"pressed {at.x():.0f} {at.y():.0f}")

    def moved(self, _event, _at: QPointF) -> None:
        self.said.append("moved")

    def released(self, _event, _at: QPointF) -> None:
        self.said.append("released")

    def space_tapped(self) -> None:
        self.said.append("tapped")


@pytest.fixture
def space(qtbot) -> Told:
    made = Told()
    qtbot.addWidget(made)
    made.resize(400 + 2 * EDGE, 400 + 2 * EDGE)
    made.set_ground(QRectF(0, 0, 40, 40))
    made.show()
    made.setFocus()
    return made


def wheel(space: PictureSpace, turns: int, at: QPointF) -> None:
    event = QWheelEvent(
        at,
        at,
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(space, event)


def key(space: PictureSpace, kind: QEvent.Type, repeat: bool = False) -> None:
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(space, QKeyEvent(kind, Qt.Key.Key_Space, none, " ", repeat))


def test_all_is_in_sight_at_first_and_after_a_new_size(space):
    assert space.zoom() == pytest.approx(10)
    assert space.shown(QRectF(0, 0, 40, 40)).topLeft().toTuple() == pytest.approx((EDGE, EDGE))
    space.resize(200 + 2 * EDGE, 400 + 2 * EDGE)
    assert space.zoom() == pytest.approx(5)
    assert space.fitted()


def test_points_go_there_and_back(space):
    wheel(space, 3, QPointF(100, 300))
    at = QPointF(13.25, 31.5)
    assert space.to_picture(space.to_widget(at)).toTuple() == pytest.approx(at.toTuple())


def test_the_point_under_the_mouse_stays(space):
    mouse = QPointF(108, 208)
    before = space.to_picture(mouse)
    wheel(space, 4, mouse)
    assert space.zoom() > 20
    assert not space.fitted()
    assert space.to_picture(mouse).toTuple() == pytest.approx(before.toTuple())


def test_zoom_has_ends(space):
    wheel(space, 60, QPointF(200, 200))
    assert space.zoom() == MOST
    wheel(space, -90, QPointF(200, 200))
    assert space.zoom() == pytest.approx(0.5)
    assert space.to_widget(QPointF(20, 20)).toTuple() == pytest.approx((208, 208)), "centred"


def test_fit_and_actual_size_by_key_and_button(qtbot, space):
    row = ZoomRow(space, space)
    qtbot.addWidget(row)
    assert row.number.text() == "1000 %"
    QTest.keyClick(space, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert row.number.text() == "100 %"
    QTest.keyClick(space, Qt.Key.Key_Plus)
    assert row.number.text() == "125 %"
    QTest.keyClick(space, Qt.Key.Key_Minus)
    row.fit.click()
    assert space.fitted()
    row.actual.click()
    assert space.zoom() == 1.0
    QTest.keyClick(space, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert row.number.text() == "1000 %"


def test_the_middle_button_moves_the_ground_and_is_not_handed_on(space):
    wheel(space, 5, QPointF(208, 208))
    before = space.to_picture(QPointF(208, 208))
    QTest.mousePress(space, MIDDLE, pos=QPoint(208, 208))
    QTest.mouseMove(space, QPoint(238, 208))
    QTest.mouseRelease(space, MIDDLE, pos=QPoint(238, 208))
    after = space.to_picture(QPointF(208, 208))
    assert (before - after).x() == pytest.approx(30 / space.zoom())
    assert space.said == []


def test_the_ground_does_not_leave_the_view(space):
    wheel(space, 3, QPointF(208, 208))
    space.pan_by(QPointF(9000, 9000))
    assert space.to_widget(QPointF(0, 0)).toTuple() == pytest.approx((EDGE, EDGE))


def test_space_and_the_left_button_move_the_ground(space):
    wheel(space, 5, QPointF(208, 208))
    key(space, QEvent.Type.KeyPress)
    assert space.cursor().shape() == Qt.CursorShape.OpenHandCursor
    QTest.mousePress(space, LEFT, pos=QPoint(200, 200))
    QTest.mouseMove(space, QPoint(220, 210))
    QTest.mouseRelease(space, LEFT, pos=QPoint(220, 210))
    key(space, QEvent.Type.KeyRelease)
    assert space.said == [], "neither a press nor a tap"
    assert space.cursor().shape() == Qt.CursorShape.CrossCursor


def test_a_tap_of_space_is_handed_on_once(space):
    key(space, QEvent.Type.KeyPress)
    key(space, QEvent.Type.KeyPress, repeat=True)
    key(space, QEvent.Type.KeyRelease, repeat=True)
    key(space, QEvent.Type.KeyRelease)
    assert space.said == ["tapped"]


def test_space_is_let_go_where_the_focus_goes(space):
    key(space, QEvent.Type.KeyPress)
    space.clearFocus()
    QTest.mousePress(space, LEFT, pos=QPoint(108, 208))
    assert space.said == ["pressed 10 20"]


def test_a_point_is_brought_into_sight(space):
    wheel(space, 8, QPointF(EDGE, EDGE))
    space.reveal(QPointF(35, 35))
    inside = QRectF(space.rect())
    assert inside.contains(space.to_widget(QPointF(35, 35)))
    centre = space.to_picture(QPointF(208, 208))
    space.reveal(QPointF(35, 35))
    assert space.to_picture(QPointF(208, 208)) == centre, "no move without need"


def test_other_ground_is_fitted_and_none_does_no_harm(space):
    wheel(space, 8, QPointF(208, 208))
    space.set_ground(QRectF(-10, 0, 100, 50))
    assert space.zoom() == pytest.approx(4)
    assert space.to_widget(QPointF(-10, 0)).x() == pytest.approx(EDGE)
    space.set_ground(QRectF())
    wheel(space, 2, QPointF(208, 208))
    assert space.zoom() == 1.0
