"""The form: every kind of control, values in and out, what it says while dragging."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton

from genstudio.core.controls import (
    Choice,
    FileInput,
    Float,
    ImageInput,
    Int,
    MaskInput,
    Option,
    Seed,
    Switch,
    Text,
    check_values,
)
from genstudio.ui.widgets.buttons import PillRow, Select
from genstudio.ui.widgets.buttons import Switch as SwitchButton
from genstudio.ui.widgets.control_form import WIDGETS, ControlForm
from genstudio.ui.widgets.drop_zone import DropZone
from genstudio.ui.widgets.help_sheet import HelpSheet
from genstudio.ui.widgets.number_edit import NumberEdit
from genstudio.ui.widgets.seed_edit import SeedEdit

CONTROLS = (
    Choice(name="kind", label="Kind", default="any", options=("any", "boot", "bag"), help="Which"),
    Int(name="count", label="Count", default=16, low=1, high=256),
    Float(name="amount", label="Amount", default=1.0, low=0.0, high=1.0, help="How much"),
    Text(name="words", label="Words", default="hello", multiline=True),
    Text(name="line", label="Line", max_length=5),
    Switch(name="loop", label="Loop", default=True),
    Seed(name="seed", label="Seed"),
    ImageInput(name="image", label="Picture"),
    MaskInput(name="mask", label="Mask"),
    FileInput(name="file", label="Code", suffixes=(".latent",)),
    Float(name="spice", label="Spice", default=0.0, low=0.0, high=2.0, more=True),
)


@pytest.fixture
def form(qtbot):
    made = ControlForm(CONTROLS)
    qtbot.addWidget(made)
    made.resize(288, 700)
    made.show()
    return made


def test_values_are_the_defaults_and_fit_the_controls(form):
    values = form.values()
    assert values == check_values(CONTROLS, {})
    assert "seed" not in values
    assert "image" not in values


def test_every_kind_of_value_has_its_widget(form):
    assert set(WIDGETS) == {"int", "float", "switch", "choice", "text", "seed"}
    kinds = {
        "kind": PillRow,
        "count": NumberEdit,
        "amount": NumberEdit,
        "words": QPlainTextEdit,
        "line": QLineEdit,
        "loop": SwitchButton,
        "seed": SeedEdit,
        "image": DropZone,
        "file": DropZone,
    }
    for name, kind in kinds.items():
        assert isinstance(form.field(name), kind), name


def test_long_choices_become_a_box(qtbot):
    many = Choice(name="c", label="C", default="1", options=tuple("123456"))
    long = Choice(
        name="d",
        label="D",
        default="a",
        options=(
            Option(value="a", label="A very long sentence about the first"),
            Option(value="b", label="Another one, as long as that"),
        ),
    )
    form = ControlForm((many, long))
    qtbot.addWidget(form)
    assert isinstance(form.field("c"), Select)
    assert isinstance(form.field("d"), Select)
    assert form.values() == {"c": "1", "d": "a"}


def test_set_values_is_silent_and_refuses_what_does_not_fit(form, heard):
    said = heard(form.changed)
    refused = form.set_values(
        {"kind": "bag", "count": 7, "amount": 5.0, "loop": False, "nothing": 1, "words": "new"}
    )
    assert refused == ["amount", "nothing"]
    values = form.values()
    assert (values["kind"], values["count"], values["loop"]) == ("bag", 7, False)
    assert (values["amount"], values["words"]) == (1.0, "new")
    assert said == []


def test_reset_gives_back_the_defaults(form):
    form.set_values({"count": 7, "kind": "boot", "loop": False, "spice": 2.0})
    form.reset()
    assert form.values() == check_values(CONTROLS, {})


def test_changes_are_told(form, heard):
    said = heard(form.changed)
    form.field("kind").pill("boot").click()
    form.field("loop").click()
    QTest.keyClicks(form.field("line"), "ab")
    assert said == [
        ("kind", "boot", False),
        ("loop", False, False),
        ("line", "a", False),
        ("line", "ab", False),
    ]


def test_a_drag_is_told_as_one(form, heard):
    said = heard(form.changed)
    slider = form.field("amount").slider
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(slider, QPoint(slider.width() // 4, middle.y()))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton)
    assert [dragging for _, _, dragging in said[:-1]] == [True] * (len(said) - 1)
    name, value, dragging = said[-1]
    assert (name, dragging) == ("amount", False)
    assert value == form.values()["amount"] < 0.5


def test_typing_a_number_moves_the_slider(form, heard):
    said = heard(form.changed)
    edit = form.field("amount")
    edit.box.setFocus()
    edit.box.selectAll()
    QTest.keyClicks(edit.box, edit.box.locale().toString(0.25, "f", 2))
    assert said == [], "nothing is told while typing"
    QTest.keyClick(edit.box, Qt.Key.Key_Return)
    assert said == [("amount", 0.25, False)]
    assert edit.slider.value() == 25


def test_seed_is_asked_for_apart(form, heard):
    said = heard(form.changed)
    assert form.seed() is None
    form.show_drawn_seed(77)
    assert form.seed() is None
    form.set_seed(42)
    assert form.seed() == 42
    form.set_seed(None)
    assert form.seed() is None
    assert said == []


def test_form_without_seed_says_none(qtbot):
    form = ControlForm(())
    qtbot.addWidget(form)
    form.set_seed(3)
    form.show_drawn_seed(3)
    assert form.seed() is None
    assert form.values() == {}


def test_inputs_have_places(form, heard, picture):
    said = heard(form.input_changed)
    form.field("image").dropped.emit(["/tmp/a.png"])
    form.set_input("file", "/tmp/b.latent")
    form.set_input("nothing", "/tmp/c")
    assert form.inputs() == {"image": "/tmp/a.png", "file": "/tmp/b.latent"}
    form.set_input("image", "/tmp/a.png", picture())
    form.field("image").cleared.emit()
    form.clear_input("file")
    assert said == [("image", "/tmp/a.png"), ("image", "")]
    assert "file" not in form.inputs()


def test_mask_asks_for_painting(form, heard):
    said = heard(form.mask_requested)
    button = next(b for b in form.findChildren(QPushButton) if "Paint" in b.text())
    button.click()
    assert said == ["mask"]


def test_more_is_folded_and_stays_open(form):
    spice = form.field("spice")
    assert not spice.isVisible()
    more = next(b for b in form.findChildren(QPushButton) if b.text() == "More")
    more.click()
    assert spice.isVisible()
    form.set_controls(CONTROLS)
    QApplication.processEvents()
    assert form.field("spice").isVisible()


def test_help_on_hover_and_as_a_page(form, qtbot):
    assert form.field("amount").toolTip() == "How much"
    button = next(b for b in form.findChildren(QPushButton) if b.text() == "Help")
    button.click()
    sheet = form.findChildren(HelpSheet)[0]
    assert sheet.isVisible()
    assert not sheet.isModal()
    sheet.close()


def test_form_without_help_has_no_help_button(qtbot):
    form = ControlForm((Int(name="n", label="N", default=1, low=0, high=9),))
    qtbot.addWidget(form)
    assert not [b for b in form.findChildren(QPushButton) if b.text() == "Help"]
    assert isinstance(form.controls()[0], Int)


def test_names_are_read_aloud(form):
    assert form.field("amount").box.accessibleName() == "Amount"
    assert form.field("amount").slider.accessibleName() == "Amount, slider"
    assert form.field("line").accessibleName() == "Line"
    assert form.field("kind").pill("bag").accessibleName() == "Kind: bag"


# ---- numbers


def test_wide_ranges_have_a_box_only(qtbot):
    edit = NumberEdit(Int(name="m", label="M", default=0, low=0, high=1_000_000, unit="MB"))
    qtbot.addWidget(edit)
    assert edit.slider is None
    assert edit.box.suffix() == " MB"


def test_a_whole_seed_fits(qtbot):
    edit = NumberEdit(Int(name="s", label="S", default=0, low=0, high=2**32 - 1))
    qtbot.addWidget(edit)
    edit.set_value(2**32 - 1)
    assert edit.value() == 2**32 - 1
    assert isinstance(edit.value(), int)


def test_slider_steps_as_declared(qtbot):
    edit = NumberEdit(Float(name="t", label="T", default=1.0, low=0.5, high=2.0, step=0.5))
    qtbot.addWidget(edit)
    assert edit.slider.maximum() == 3
    edit.slider.setValue(3)
    assert edit.value() == 2.0


def test_text_of_a_box_has_room(qtbot):
    edit = NumberEdit(Int(name="c", label="C", default=16, low=1, high=256))
    qtbot.addWidget(edit)
    edit.show()
    assert edit.box.lineEdit().width() > 30


def test_wheel_only_works_with_the_focus(form, qtbot):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent

    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    form.field("line").setFocus()
    for widget in (form.field("count").box, form.field("count").slider):
        here = QPointF(5, 5)
        event = QWheelEvent(
            here,
            widget.mapToGlobal(here),
            QPoint(0, 0),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)
        assert form.values()["count"] == 16
