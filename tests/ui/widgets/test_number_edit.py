"""Numbers: slider and box agree, whatever the range, the step and the unit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.core.controls import Float, Int
from genstudio.ui.widgets.number_edit import MOST_STEPS, NumberEdit, Slider


def edit_of(qtbot, control) -> NumberEdit:
    made = NumberEdit(control)
    qtbot.addWidget(made)
    made.resize(240, 34)
    made.show()
    return made


CONTROLS = [
    Int(name="count", label="Count", default=16, low=1, high=256),
    Int(name="threads", label="Threads", default=0, low=0, high=256),
    Int(name="even", label="Even", default=4, low=2, high=100, step=2),
    Int(name="signed", label="Signed", default=0, low=-50, high=50),
    Float(name="truncation", label="Truncation", default=1.0, low=0.0, high=1.0),
    Float(name="psi", label="Psi", default=0.7, low=-1.0, high=2.0, step=0.1, decimals=1),
    Float(name="fine", label="Fine", default=0.5, low=0.0, high=1.0, step=0.001, decimals=3),
]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.name)
def test_starts_with_the_default(qtbot, control):
    edit = edit_of(qtbot, control)
    assert edit.value() == control.default
    assert type(edit.value()) is type(control.default)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.name)
def test_slider_reaches_both_ends(qtbot, control, heard):
    edit = edit_of(qtbot, control)
    said = heard(edit.changed)
    edit.slider.setValue(edit.slider.maximum())
    assert edit.value() == pytest.approx(control.high)
    edit.slider.setValue(0)
    assert edit.value() == pytest.approx(control.low)
    assert [dragging for _, dragging in said] == [False] * len(said)
    assert all(control.check(value) == value for value, _ in said)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.name)
def test_every_step_of_the_slider_is_allowed(qtbot, control):
    edit = edit_of(qtbot, control)
    for place in range(0, edit.slider.maximum() + 1, max(1, edit.slider.maximum() // 25)):
        edit.slider.setValue(place)
        assert control.check(edit.value()) == edit.value()


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.name)
def test_set_value_moves_the_slider_silently(qtbot, control, heard):
    edit = edit_of(qtbot, control)
    said = heard(edit.changed)
    edit.set_value(control.high)
    assert edit.slider.value() == edit.slider.maximum()
    edit.set_value(control.low)
    assert edit.slider.value() == 0
    assert said == []


def test_values_outside_are_held(qtbot):
    edit = edit_of(qtbot, CONTROLS[0])
    edit.set_value(10_000)
    assert edit.value() == 256
    edit.set_value(-3)
    assert edit.value() == 1


def test_arrows_step_the_box(qtbot, heard):
    edit = edit_of(qtbot, CONTROLS[5])
    said = heard(edit.changed)
    QTest.keyClick(edit.box, Qt.Key.Key_Up)
    assert edit.value() == pytest.approx(0.8)
    QTest.keyClick(edit.box, Qt.Key.Key_Down)
    QTest.keyClick(edit.box, Qt.Key.Key_Down)
    assert edit.value() == pytest.approx(0.6)
    assert len(said) == 3


def test_arrows_and_pages_step_the_slider(qtbot):
    edit = edit_of(qtbot, CONTROLS[0])
    edit.slider.setFocus()
    QTest.keyClick(edit.slider, Qt.Key.Key_Right)
    assert edit.value() == 17
    QTest.keyClick(edit.slider, Qt.Key.Key_PageUp)
    assert edit.value() == 17 + 25
    QTest.keyClick(edit.slider, Qt.Key.Key_Home)
    assert edit.value() == 1
    QTest.keyClick(edit.slider, Qt.Key.Key_End)
    assert edit.value() == 256


def test_nonsense_in_the_box_is_refused(qtbot, heard):
    edit = edit_of(qtbot, CONTROLS[0])
    said = heard(edit.changed)
    edit.box.setFocus()
    edit.box.selectAll()
    QTest.keyClicks(edit.box, "abc")
    QTest.keyClick(edit.box, Qt.Key.Key_Return)
    assert 1 <= edit.value() <= 256
    assert all(1 <= value <= 256 for value, _ in said)


@pytest.mark.parametrize(
    ("control", "slider"),
    [
        (Int(name="a", label="A", default=0, low=0, high=MOST_STEPS), True),
        (Int(name="a", label="A", default=0, low=0, high=MOST_STEPS + 1), False),
        (Int(name="a", label="A", default=0, low=0, high=10 * MOST_STEPS, step=10), True),
        (Float(name="a", label="A", default=0.0, low=0.0, high=1.0, step=0.0001), False),
    ],
)
def test_only_wide_ranges_do_without_a_slider(qtbot, control, slider):
    assert (edit_of(qtbot, control).slider is not None) is slider


def test_unit_is_shown_and_has_room(qtbot):
    edit = edit_of(
        qtbot, Int(name="d", label="Days", default=30, low=1, high=90, unit="days", help="How long")
    )
    assert edit.box.text().endswith(" days")
    plain = edit_of(qtbot, Int(name="d", label="Days", default=30, low=1, high=90))
    assert edit.box.width() > plain.box.width()
    assert edit.box.accessibleDescription() == "How long"


def test_focus_goes_to_the_box(qtbot):
    room = QWidget()
    qtbot.addWidget(room)
    edit = NumberEdit(CONTROLS[0], room)
    QVBoxLayout(room).addWidget(edit)
    room.show()
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow)
    edit.setFocus()
    assert edit.box.hasFocus()


# ---- the slider itself


@pytest.fixture
def slider(qtbot):
    made = Slider()
    qtbot.addWidget(made)
    made.setRange(0, 100)
    made.resize(214, 32)
    made.show()
    return made


def test_knob_follows_the_value(slider):
    assert slider.knob().left() == 0
    slider.setValue(100)
    assert slider.knob().right() == pytest.approx(214)
    slider.setValue(50)
    assert slider.knob().center().x() == pytest.approx(107)


@pytest.mark.parametrize(("x", "value"), [(-50, 0), (7, 0), (107, 50), (207, 100), (900, 100)])
def test_value_below_the_mouse(slider, x, value):
    assert slider.value_at(x) == value


def test_press_takes_the_knob_there(slider, heard):
    moved = heard(slider.valueChanged)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(107, 16))
    assert slider.isSliderDown()
    assert slider.value() == 50
    QTest.mouseMove(slider, QPoint(207, 16))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton)
    assert not slider.isSliderDown()
    assert moved == [50, 100]


def test_other_buttons_do_nothing(slider):
    QTest.mouseClick(slider, Qt.MouseButton.RightButton, pos=QPoint(107, 16))
    assert slider.value() == 0


def test_states_look_different(slider):
    calm = slider.grab().toImage()
    slider.setValue(60)
    moved = slider.grab().toImage()
    slider.setEnabled(False)
    off = slider.grab().toImage()
    assert calm != moved != off


def test_a_number_typed_again_is_told_too(qtbot, heard):
    edit = edit_of(qtbot, CONTROLS[0])
    said = heard(edit.changed)
    edit.box.selectAll()
    QTest.keyClicks(edit.box, "16")
    QTest.keyClick(edit.box, Qt.Key.Key_Return)
    assert said == [(16, False)]
    QTest.keyClick(edit.box, Qt.Key.Key_Return)
    assert len(said) == 1, "only passing through is no choice"
    edit.box.selectAll()
    QTest.keyClicks(edit.box, "20")
    QTest.keyClick(edit.box, Qt.Key.Key_Return)
    assert said[1:] == [(20, False)], "and a new one is told once"


def test_what_is_being_typed_is_not_taken_away(qtbot):
    edit = edit_of(qtbot, CONTROLS[0])
    edit.box.selectAll()
    QTest.keyClicks(edit.box, "12")
    edit.set_value(99)
    assert edit.box.text() == "12"
    QTest.keyClick(edit.box, Qt.Key.Key_Return)
    assert edit.value() == 12
    edit.set_value(99)
    assert edit.value() == 99
