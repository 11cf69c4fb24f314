"""The boxes of the page of a run, one by one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint

from genstudio.core.events import Advice, Remedy
from genstudio.core.run import Change
from genstudio.ui.panels.train_run_boxes import CurvesBox, DoctorBox, LogBox, NoticeBox
from genstudio.ui.state.run_reading import LogLine
from genstudio.ui.state.run_words import Notice
from tests.helpers import fake_runs

WORDS = {"resume": "Resume", "keep": "Stop and keep", "try": "Try it"}


@pytest.fixture
def made(qtbot):
    """`made(widget, width)` shows it."""

    def show(widget, width=800):
        qtbot.addWidget(widget)
        widget.resize(width, 240)
        widget.show()
        return widget

    return show


def curves(*names):
    return {name: ([1.0, 2.0, 3.0], [3.0, 2.0, 1.0 + place]) for place, name in enumerate(names)}


# ---- curves


def test_training_and_validation_have_colours_of_their_own(made):
    box = made(CurvesBox())
    box.show_curves(curves("loss/critic", "loss/generator", "valid/critic"), 2)
    drawn = box.chart.curves()
    assert [curve.token for curve in drawn] == ["series_1", "series_3", "series_2"]
    assert [curve.sparse for curve in drawn] == [False, False, True]
    assert "Best state at step 2." in box.chart.description()


def test_a_single_group_needs_no_choice(made):
    box = made(CurvesBox())
    box.show_curves(curves("loss/bound"), 0)
    assert not box.which.isVisible()
    assert box.chart.title.isVisible()
    box.show_curves(curves("loss/bound", "kl"), 0)
    assert box.which.isVisible()
    assert not box.chart.title.isVisible()


def test_a_group_that_is_gone_gives_way_to_the_first(made):
    box = made(CurvesBox())
    box.show_curves(curves("loss/bound", "kl"), 0)
    box.which.set_value("kl")
    box.show_curves(curves("loss/bound", "accuracy"), 0)
    assert box.which.value() == "loss"
    assert [curve.name for curve in box.chart.curves()] == ["training"]
    box.show_curves({}, 0)
    assert box.chart.curves() == []


# ---- doctor


def said(name, level, step=5):
    return Advice(step=step, name=name, level=level, text=f"{name} speaks.")


def test_warnings_stand_first_and_good_news_last(made):
    box = made(DoctorBox(), 300)
    box.show_advice([said("a", "good"), said("b", "note"), said("c", "warning")], able=True)
    rows = box.list.rows()
    assert [row.said.key for row in rows] == ["c", "b", "a"]
    assert [row.said.at for row in rows] == ["step 5", "step 5", ""]


def test_remedies_are_buttons(made, heard):
    box = made(DoctorBox(), 300)
    acted = heard(box.acted)
    remedy = Remedy(title="Half the rate", action="amend", settings={"learning_rate": 0.1})
    box.show_advice([said("a", "warning").model_copy(update={"remedies": (remedy,)})], able=True)
    box.list.rows()[0].buttons[0].click()
    assert acted == [("a", 0)]
    box.show_advice([], able=True)
    assert "watches" in box.list.accessibleDescription()


def test_much_advice_can_be_scrolled(made, qtbot):
    box = made(DoctorBox(), 300)
    box.show_advice([fake_runs.warning().model_copy(update={"name": str(n)}) for n in range(6)],
                    able=True)  # fmt: skip
    qtbot.waitUntil(lambda: box.list.height() > box.height())


# ---- notice


def test_a_notice_comes_and_goes(made):
    box = NoticeBox(WORDS)
    assert box.isHidden()
    made(box)
    box.show_notice(Notice("note", "Paused.", ("resume",)))
    assert box.isVisible()
    assert box.text() == "Paused."
    box.show_notice(None)
    assert box.isHidden()
    assert box.text() == ""


def test_actions_by_name(made, heard):
    box = made(NoticeBox(WORDS))
    acted = heard(box.acted)
    box.show_notice(Notice("note", "Paused.", ("resume", "keep", "try")))
    buttons = box.list.rows()[0].buttons
    assert [button.text() for button in buttons] == ["Resume", "Stop and keep", "Try it"]
    buttons[2].click()
    assert acted == ["try"]
    box._act("notice", 0)
    box.show_notice(None)
    box._act("notice", 0)
    assert acted == ["try", "resume"]


@pytest.mark.parametrize(("width", "beside"), [(900, True), (420, False)])
def test_buttons_stand_beside_the_words_where_there_is_room(made, qtbot, width, beside):
    box = made(NoticeBox(WORDS), width)
    box.show_notice(Notice("warning", "It was interrupted. " * 3, ("resume", "keep")))
    box.resize(width, 160)
    row = box.list.rows()[0]

    def is_beside():
        button = row.buttons[0].mapTo(row, QPoint(0, 0))
        return button.x() > row.width() // 3

    qtbot.waitUntil(lambda: is_beside() == beside)


# ---- log


LINES = [LogLine(0, "info", "Begins."), LogLine(9, "warning", "Memory ran out.")]


def test_lines_say_their_step_and_weight(made):
    box = made(LogBox())
    box.show_log(LINES, ())
    assert box.text() == "step 0  Begins.\nstep 9  Attention: Memory ran out."
    assert box.view.toPlainText() == box.text()
    assert box._button.text() == "Log · step 9  Attention: Memory ran out."


def test_new_lines_are_added_and_cut_ones_drawn_anew(made):
    box = made(LogBox())
    box.show_log(LINES, ())
    first = box.view.document().firstBlock()
    box.show_log([*LINES, LogLine(12, "info", "Goes on.")], ())
    assert box.view.document().firstBlock() == first
    assert box.view.toPlainText().endswith("Goes on.")
    box.show_log(LINES[:1], ())
    assert box.view.toPlainText() == "step 0  Begins."
    box.show_log([], ())
    assert box.view.toPlainText() == ""
    assert box._button.text() == "Log"


def test_changes_stand_first(made):
    box = made(LogBox())
    changes = (Change(step=4, what="By hand", options={"beta": 0.5}), Change(step=5, what="Again"))
    box.show_log(LINES, changes)
    assert box.text().splitlines()[:2] == [
        "step 4  Changed: By hand (beta 0.5)", "step 5  Changed: Again",
    ]  # fmt: skip


def test_tab_leaves_the_log(made):
    assert made(LogBox()).view.tabChangesFocus()
