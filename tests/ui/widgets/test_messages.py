"""Status line, queue popup, toasts, banners, reports, rail, focus ring, about."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from genstudio.core.errors import Problem, classify
from genstudio.ui.widgets import toast as toast_module
from genstudio.ui.widgets.about import OFFLINE, About, licence_files
from genstudio.ui.widgets.banner import Banner
from genstudio.ui.widgets.error_dialog import ErrorDialog, report, show_problem
from genstudio.ui.widgets.focus_ring import ring_of
from genstudio.ui.widgets.nav_rail import NavRail
from genstudio.ui.widgets.queue_popup import QueuePopup, QueueRow
from genstudio.ui.widgets.status_line import StatusLine
from genstudio.ui.widgets.toast import ToastArea


def shown(qtbot, widget, width=900, height=500):
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    return widget


def button(widget, text) -> QPushButton:
    return next(b for b in widget.findChildren(QPushButton) if b.text() == text)


# ---- status line


@pytest.fixture
def status(qtbot):
    return shown(qtbot, StatusLine(), 1000, 44)


def test_status_at_rest(status):
    assert status.text() == "Ready"
    assert not status.cancel.isVisible()
    assert not status.queue.isVisible()


def test_status_while_running(status, heard):
    cancelled = heard(status.cancel_wanted)
    status.set_running("Avatars · step 9 of 12", 9, 12, "about 4 s left")
    assert status._bar.value() == 750
    assert status.detail() == "about 4 s left"
    status.cancel.click()
    assert len(cancelled) == 1
    status.set_stopping()
    assert (status.detail(), status.cancel.isEnabled()) == ("Stopping…", False)
    status.set_can_cancel(True)
    status.set_running("Loading")
    assert status._bar.maximum() == 0, "unknown length"
    status.set_idle("Done", "in 2 s")
    assert (status.text(), status.detail(), status._bar.isVisible()) == ("Done", "in 2 s", False)


def test_status_of_the_queue(status, heard):
    wanted = heard(status.queue_wanted)
    status.set_queue(2, paused=True, failed=1)
    assert status.queue.text() == "2 more in the queue · 1 failed · paused"
    status.queue.click()
    status.set_queue(0, paused=False)
    assert (len(wanted), status.queue.isVisible()) == (1, False)


def test_device_tells_the_truth_with_a_word(status):
    badge = status.device
    colours = {}
    for state in ("gpu", "cpu", "trouble"):
        badge.set_device(f"{state}: words", state)
        colours[state] = badge.grab().toImage()
        assert badge.accessibleName() == f"Device: {state}: words"
    assert colours["gpu"] != colours["cpu"] != colours["trouble"]
    badge.set_device("")
    assert not badge.isVisible()


def test_long_words_are_cut_not_pushed(status):
    status.resize(500, 44)
    status.set_running("A" * 400, 1, 2, "about 3 h left")
    assert status.minimumSizeHint().width() < 900
    assert status._text.toolTip() == "A" * 400
    status.set_memory("1.1 GB of 24 GB")
    assert status._memory.isVisible()


# ---- queue popup

ROWS = (
    QueueRow("a", "Running one", "running", "step 3 of 6", 0.5),
    QueueRow("b", "Second", "waiting", "waits"),
    QueueRow("c", "Third", "waiting", "waits"),
    QueueRow("d", "Broken", "failed", "The disk is full"),
)


@pytest.fixture
def popup(qtbot):
    anchor = shown(qtbot, QPushButton("Queue"), 80, 30)
    made = QueuePopup()
    qtbot.addWidget(made)
    made.set_rows(ROWS, paused=False)
    made.open_above(anchor)
    return made


def press(popup, name):
    next(b for b in popup.findChildren(QPushButton) if b.accessibleName() == name).click()


def test_queue_can_be_changed(popup, heard):
    moved, cancelled = heard(popup.move_wanted), heard(popup.cancel_wanted)
    retried, paused = heard(popup.retry_wanted), heard(popup.pause_wanted)
    why, cleared = heard(popup.problem_wanted), heard(popup.clear_wanted)
    press(popup, "Move down: Second")
    press(popup, "Move up: Third")
    press(popup, "Cancel Running one")
    press(popup, "Try again: Broken")
    press(popup, "Why it failed: Broken")
    button(popup, "Pause").click()
    button(popup, "Clear").click()
    assert moved == [("b", 1), ("c", 0)]
    assert (cancelled, retried, why) == (["a"], ["d"], ["d"])
    assert (paused, len(cleared)) == ([True], 1)


def test_progress_changes_in_place(popup):
    bar = popup._bars["a"][0]
    rows = [QueueRow("a", "Running one", "running", "step 6", 1.0), *ROWS[1:]]
    popup.set_rows(rows, paused=False)
    assert popup._bars["a"][0] is bar
    assert bar.value() == 1000
    assert popup.rows()[0].share == 1.0


def test_queue_is_rebuilt_when_jobs_change(popup, heard):
    paused = heard(popup.pause_wanted)
    popup.set_rows((), paused=True)
    assert any(label.text() == "Nothing waits." for label in popup.findChildren(QLabel))
    button(popup, "Go on").click()
    assert paused == [False]
    assert not button(popup, "Clear").isEnabled()
    assert not popup.grab().isNull()


# ---- toasts


@pytest.fixture
def area(qtbot):
    host = shown(qtbot, QWidget())
    made = ToastArea(host)
    yield made
    for toast in made.toasts():
        toast.end()


def test_toast_with_undo(area):
    done = []
    toast = area.say("3 moved to the trash", "Undo", lambda: done.append(1))
    assert toast.isVisible()
    assert area.geometry().bottom() < area.parentWidget().height() - 44
    assert area.act_last()
    assert done == [1]
    assert not area.toasts()
    assert not area.act_last()


def test_only_three_and_no_doubles(area):
    for number in range(5):
        area.say(f"message {number}")
    area.say("message 4")
    assert [t.words() for t in area.toasts()] == ["message 2", "message 3", "message 4"]
    for toast in area.toasts():
        toast.close_button.click()
    assert area.toasts() == []


def test_toast_goes_by_itself_unless_looked_at(qtbot, monkeypatch):
    monkeypatch.setattr(toast_module, "SHORT_MS", 20)
    monkeypatch.setattr(toast_module.Toast, "underMouse", lambda self: False)
    host = shown(qtbot, QWidget())
    host.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    host.setFocus()
    area = ToastArea(host)
    area.say("passing")
    qtbot.waitUntil(lambda: not area.toasts())
    kept = area.say("kept", "Undo", lambda: None)
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    kept.action.setFocus()
    kept._time_over()
    assert area.toasts() == [kept]
    kept.end()


def test_problem_stays_longer_and_has_a_sign(area):
    toast = area.say("A long sentence about what went wrong " * 4, "Details", None, "problem")
    assert toast._timer.interval() == toast_module.LONG_MS
    assert not toast.grab().isNull()
    toast.action.click()
    assert area.toasts() == []


def test_area_follows_the_window(area):
    area.say("hello")
    area.parentWidget().resize(500, 300)
    QApplication.processEvents()
    assert area.geometry().right() < 500


def test_banner(qtbot, heard):
    banner = shown(qtbot, Banner("The data folder may only be read.", "Settings"))
    acted = heard(banner.acted)
    button(banner, "Settings").click()
    assert len(acted) == 1
    assert not banner.grab().isNull()
    button(banner, "Close").click()
    assert not banner.isVisible()


# ---- reports


def test_report_can_be_copied_and_names_no_home(qtbot):
    try:
        raise RuntimeError(f"bad thing in {Path.home()}/secret")
    except RuntimeError as error:
        problem = classify(error, "drawing")
    dialog = ErrorDialog(problem)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    assert not dialog.isModal()
    assert not dialog.findChild(QPlainTextEdit).isVisible()
    button(dialog, "Details").click()
    assert dialog.findChild(QPlainTextEdit).isVisible()
    button(dialog, "Copy report").click()
    text = QApplication.clipboard().text()
    assert "RuntimeError" in text
    assert "GenStudio" in text
    assert str(Path.home()) not in text
    button(dialog, "Go on").click()
    assert not dialog.isVisible()


def test_problem_in_words(qtbot):
    problem = Problem(what="The disk is full", file="/data/a.png", next_step="Free some space.")
    dialog = show_problem(None, problem)
    qtbot.addWidget(dialog)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert {"The disk is full", "/data/a.png", "Free some space."} <= set(words)
    assert "disk is full" in report(problem)


# ---- rail, ring, about


@pytest.fixture
def rail(qtbot):
    areas = (("image", "Image", "image"), ("gallery", "Gallery", "gallery"), ("s", "S", "settings"))
    made = shown(qtbot, NavRail(areas), 76, 600)
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_rail(rail, heard):
    chosen = heard(rail.chosen)
    rail.set_current("image")
    rail._buttons["gallery"].click()
    assert (rail.current(), chosen, rail.keys()) == (
        "gallery",
        ["gallery"],
        ["image", "gallery", "s"],
    )
    rail._buttons["gallery"].setFocus()
    QTest.keyClick(rail, Qt.Key.Key_Down)
    assert rail._buttons["s"].hasFocus()
    QTest.keyClick(rail, Qt.Key.Key_Down)
    assert rail._buttons["image"].hasFocus()
    rail.set_tip("image", "Image 1")
    rail.set_current("nothing")
    assert rail._buttons["s"].y() > 400, "settings stand at the foot"


def test_focus_ring_follows(qtbot):
    window = QMainWindow()
    ground = QWidget()
    column = QVBoxLayout(ground)
    first, second = QPushButton("one"), QPushButton("two")
    column.addWidget(first)
    column.addWidget(second)
    window.setCentralWidget(ground)
    shown(qtbot, window, 300, 200)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Tab)
    ring = ring_of(window)
    assert ring.target() is second
    assert ring.isVisible()
    assert ring.geometry().contains(second.geometry())
    second.move(second.x(), second.y() - 20)
    QApplication.processEvents()
    assert ring.geometry().center().y() == pytest.approx(second.geometry().center().y(), abs=1)
    second.hide()
    assert not ring.geometry().intersects(first.geometry()) or ring.target() is not second


def test_about_states_offline_and_licences(qtbot):
    about = About()
    qtbot.addWidget(about)
    about.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    about.show()
    assert any(label.text() == OFFLINE for label in about.findChildren(QLabel))
    assert "Inter (font)" in licence_files()
    about._select.set_value("Inter (font)")
    assert "SIL OPEN FONT LICENSE" in about._text.toPlainText()
    button(about, "Close").click()
