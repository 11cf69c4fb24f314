"""The frame over a Studio without processes: areas, keys, drops, words, restart, accessibility."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from genstudio.core.errors import Problem
from genstudio.core.events import Cancelled, Done, Failed, Progress, Started
from genstudio.core.paths import Home
from genstudio.ui.main_window import AREAS, Area, MainWindow
from genstudio.ui.shortcuts import shortcuts
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.theme import theme
from genstudio.ui.widgets.banner import Banner
from genstudio.ui.widgets.error_dialog import ErrorDialog
from genstudio.ui.widgets.key_sheet import KeySheet
from tests.helpers import a11y
from tests.helpers.fake_studio import FakeBridge, FakeStudio, png


class Plain(QWidget):
    """A panel that notes what it is told."""

    cancels = False

    def __init__(self, state, parent=None):
        super().__init__(parent)
        self.state, self.shown, self.saved, self.asked = state, 0, 0, 0

    def activated(self):
        self.shown += 1

    def save_session(self):
        self.saved += 1

    def cancel(self):
        self.asked += 1
        return self.cancels


class Broken(QWidget):
    def __init__(self, state, parent=None):
        raise RuntimeError("no such luck")


TWO = (
    Area("image", "Image", "image", f"{__name__}:Plain"),
    Area("gallery", "Gallery", "gallery", f"{__name__}:Plain"),
    Area("settings", "Settings", "settings", f"{__name__}:Broken"),
)


class Studio(FakeStudio):
    def __post_init__(self):
        super().__post_init__()
        self.queue.clear_ended = lambda: None


def build(qtbot, tmp_path, areas=TWO, kept=None):
    studio = Studio(Home(tmp_path / "home"))
    studio.kept = kept or {}
    bridge = FakeBridge()
    state = StudioState(studio, bridge)
    window = MainWindow(areas)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.attach(state)
    bridge.event.connect(window.on_event)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return SimpleNamespace(window=window, state=state, studio=studio, bridge=bridge)


@pytest.fixture
def made(qtbot, tmp_path):
    built = build(qtbot, tmp_path)
    yield built
    built.window.close()
    built.state.close()


def settle(qtbot):
    qtbot.wait(90)  # the status line gathers changes for a moment


# ---- areas


def test_frame_is_there_before_the_studio(qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.painted):
        window.show()
    assert window.rail.width() == 76
    assert window.status.height() == 44
    window.show_area("image")
    assert window.panels == {}, "nothing can be shown without a state"


def test_table_names_areas_that_exist():
    keys = ["image", "text", "music", "sound", "gallery", "train", "models", "settings"]
    assert [area.key for area in AREAS] == keys
    assert all(":" in area.panel for area in AREAS)


def test_panels_are_built_at_their_first_showing(made):
    window = made.window
    assert (window.area(), list(window.panels)) == ("image", ["image"])
    window.rail._buttons["gallery"].click()
    assert (window.area(), list(window.panels)) == ("gallery", ["image", "gallery"])
    first = window.panels["image"]
    window.show_area("image")
    assert window.panels["image"] is first
    assert first.shown == 2
    window.show_area("nothing")
    assert window.area() == "image"
    assert window.rail.current() == "image"


def test_broken_panel_does_not_take_the_window_along(made):
    made.window.show_area("settings")
    panel = made.window.panels["settings"]
    assert any("cannot be opened" in label.text() for label in panel.findChildren(QLabel))
    panel.clicked.emit()
    dialog = made.window.findChild(ErrorDialog)
    assert "no such luck" in dialog._report
    dialog.close()


def test_state_can_ask_for_an_area(made):
    made.state.area_wanted.emit("gallery")
    assert made.window.area() == "gallery"


# ---- keys


def press(made, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(made.window.centralWidget(), key, modifier)


def test_keys_go_to_areas(made):
    made.window.centralWidget().setFocus()
    press(made, Qt.Key.Key_2)
    assert made.window.area() == "gallery"
    press(made, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert made.window.area() == "image"


def test_escape_asks_the_panel_then_the_queue(made, qtbot):
    made.window.centralWidget().setFocus()
    made.studio.queue.submit_work("files", "x", {}, "Work")
    panel = made.window.panels["image"]
    panel.cancels = True
    press(made, Qt.Key.Key_Escape)
    assert (panel.asked, made.studio.queue.cancelled) == (1, [])
    panel.cancels = False
    press(made, Qt.Key.Key_Escape)
    assert made.studio.queue.cancelled == ["running"]
    assert made.window.status.detail() == "Stopping…"


def test_escape_ends_no_training_by_the_way(made):
    made.window.centralWidget().setFocus()
    made.studio.queue.submit_work("train", "train", {"recipe": {}}, "Train boots")
    press(made, Qt.Key.Key_Escape)
    assert made.studio.queue.cancelled == []
    assert any("The training goes on" in t.words() for t in made.window.toasts.toasts())
    made.window.toasts.toasts()[-1].action.click()
    assert made.studio.queue.cancelled == ["j0"], "it has no run yet, so it is taken back"


def test_the_button_of_the_status_line_does_what_it_says(made):
    panel = made.window.panels["image"]
    panel.cancels = True
    made.studio.queue.submit_work("files", "x", {}, "Work")
    made.window._binding.refresh()
    made.window.status.cancel.click()
    assert (panel.asked, made.studio.queue.cancelled) == (1, [])
    made.studio.queue.submitted[0].state = "done"
    made.studio.queue.submit_work("train", "train", {"recipe": {}}, "Train boots")
    made.window._binding.refresh()
    assert made.window.status.cancel.text() == "Pause"
    made.window.status.cancel.click()
    assert (panel.asked, made.studio.queue.cancelled) == (1, ["j1"])


def test_undo_presses_the_toast(made):
    made.window.centralWidget().setFocus()
    done = []
    made.state.said.emit("3 moved to the trash", "Undo", lambda: done.append(1))
    press(made, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert done == [1]


def test_a_closed_window_leaves_no_toast_running(made):
    made.state.said.emit("3 moved to the trash", "Undo", lambda: None)
    made.state.said.emit("Copied", "", None)
    toasts = made.window.toasts.toasts()
    assert all(toast._timer.isActive() for toast in toasts)
    made.window.close()
    assert len(toasts) == 2
    assert not any(toast._timer.isActive() for toast in toasts)


def test_keys_page_opens_and_remaps_are_kept(made):
    made.window.centralWidget().setFocus()
    press(made, Qt.Key.Key_F1)
    sheet = made.window.findChild(KeySheet)
    assert sheet.isVisible()
    sheet.assign("star", "F6")
    assert made.state.session.get("keys") == {"star": ["F6"]}
    sheet.close()


def test_keys_of_the_last_session(qtbot, tmp_path):
    built = build(qtbot, tmp_path, kept={"keys": {"star": ["F6"]}, "window.area": "gallery"})
    assert shortcuts().keys("star") == ("F6",)
    assert built.window.area() == "gallery"
    built.window.close()
    built.state.close()


# ---- words


def test_problem_becomes_a_toast_with_a_report(made):
    problem = Problem(what="The disk is full", file="/a.png", next_step="Free some space.")
    made.state.problem.emit(problem)
    toast = made.window.toasts.toasts()[-1]
    assert toast.words() == problem.sentence
    toast.action.click()
    dialog = made.window.findChild(ErrorDialog)
    assert "disk is full" in dialog._report
    dialog.close()


def test_banner_leads_to_the_settings(made, qtbot):
    made.window.add_banner(Problem(kind="read-only", what="The data folder may only be read"))
    banner = made.window.findChild(Banner)
    qtbot.waitUntil(banner.isVisible)
    banner.acted.emit()
    assert made.window.area() == "settings"


def test_settings_change_the_look_at_once(made):
    made.state.settings.change("theme", "light")
    assert theme().name == "light"
    made.state.settings.change("motion", "off")
    assert theme().still


# ---- status


def test_status_follows_a_job(made, qtbot):
    queue, bridge, status = made.studio.queue, made.bridge, made.window.status
    job = queue.submit_work("files", "x", {}, "Avatars")
    bridge.changed.emit("queue")
    settle(qtbot)
    assert status.text() == "Avatars"
    bridge.event.emit(Started(job=job, device="CPU", reason="no CUDA driver found", threads=1))
    bridge.event.emit(Progress(job=job, done=9, total=12, text="step 9 of 12"))
    settle(qtbot)
    assert status.text() == "Avatars · step 9 of 12"
    assert status._bar.value() == 750
    assert "CPU" in status.device.text()
    assert "no CUDA driver found" in status.device.text()
    queue.last.state = "done"
    bridge.event.emit(Done(job=job, seconds=2.1))
    bridge.changed.emit("queue")
    settle(qtbot)
    assert (status.text(), status.detail()) == ("Avatars is done", "in 2.1 s")


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda job: Cancelled(job=job), "Avatars was stopped"),
        (lambda job: Failed(job=job, problem=Problem(what="Broken")), "Avatars failed"),
    ],
)
def test_status_says_how_it_ended(made, qtbot, end, words):
    job = made.studio.queue.submit_work("files", "x", {}, "Avatars")
    made.bridge.changed.emit("queue")
    settle(qtbot)
    made.studio.queue.last.state = "cancelled"
    made.bridge.event.emit(end(job))
    made.bridge.changed.emit("queue")
    settle(qtbot)
    assert made.window.status.text() == words


def test_queue_popup_acts(made, qtbot):
    queue = made.studio.queue
    for title in ("One", "Two", "Three"):
        queue.submit_work("files", "x", {}, title)
    for entry in queue.submitted[1:]:
        entry.state = "waiting"
    made.bridge.changed.emit("queue")
    settle(qtbot)
    assert made.window.status.queue.text() == "2 more in the queue"
    made.window.status.queue.click()
    popup = made.window._binding._popup
    assert [row.title for row in popup.rows()] == ["One", "Two", "Three"]
    popup.cancel_wanted.emit("j1")
    assert queue.cancelled == ["j1"]
    popup.pause_wanted.emit(True)
    assert queue.paused
    popup.close()


def test_device_before_the_first_run(made):
    made.state.settings.change("device", "cuda")
    assert "CUDA wanted" in made.window.status.device.text()
    made.state.settings.change("device", "cpu")
    assert "CPU" in made.window.status.device.text()


# ---- drops


def drag(window, *paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDragEnterEvent(
        QPoint(9, 9),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    window.dragEnterEvent(event)
    return event.isAccepted()


def test_drag_shows_where_files_may_go(made, qtbot, tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(png(8))
    assert drag(made.window, path)
    overlay = made.window._overlay
    assert overlay.isVisible()
    assert overlay.words() == "picture.png"
    qtbot.waitUntil(lambda: not overlay.is_asking())
    assert made.window._offer is not None
    overlay.hide()


def test_a_file_that_is_gone_is_told(made, qtbot, tmp_path):
    assert drag(made.window, tmp_path / "gone.mid")
    overlay = made.window._overlay
    mime = QMimeData()
    at, nothing = QPointF(9, 9), Qt.KeyboardModifier.NoModifier
    let_go = QDropEvent(at, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, nothing)
    overlay.dropEvent(let_go)  # before it is known what it is
    qtbot.waitUntil(lambda: bool(made.window.toasts.toasts()))
    (toast,) = made.window.toasts.toasts()
    assert toast.words().startswith("gone.mid is not there any more")
    assert not overlay.isVisible()


def test_drag_of_text_is_nothing_to_us(made):
    assert not drag(made.window)


def test_choice_is_handed_to_the_state(made, monkeypatch):
    accepted = []
    choice = SimpleNamespace(key="settings", title="Use", text="x", icon="settings", area="image")
    offer = SimpleNamespace(paths=("/a.png",), text="a.png", choices=(choice,))
    monkeypatch.setattr(made.state.drop, "describe", lambda paths: None)
    monkeypatch.setattr(made.state.drop, "accept", lambda o, key: accepted.append((o, key)))
    made.window.offer_files(["/a.png", "/b.png"])
    assert made.window._overlay.words() == "a.png and 1 more"
    made.state.drop.described.emit(offer)
    made.window._overlay.chosen.emit("settings")
    assert accepted == [(offer, "settings")]


def test_opening_a_file_offers_the_same(made, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(made.state.drop, "describe", asked.extend)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/x.zip", ""))
    made.window.open_file()
    assert asked == ["/x.zip"]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    made.window.open_file()
    assert asked == ["/x.zip"]


# ---- closing and coming back


def test_closing_keeps_window_and_area(made, heard):
    closing = heard(made.window.closing)
    made.window.show_area("gallery")
    made.window.resize(1000, 700)
    made.window.close()
    assert len(closing) == 1
    assert made.state.session.get("window.area") == "gallery"
    text = made.state.session.get("window.geometry")
    assert made.window.panels["gallery"].saved == 1
    other = MainWindow(TWO)
    other.restore_geometry(text)
    other.restore_geometry("nonsense")
    other.restore_geometry("")
    # The offscreen screen is small: Qt may fit the window into it.
    assert other.width() <= 1000
    other.deleteLater()


def test_comes_to_the_front(made):
    made.window.showMinimized()
    made.window.come_to_front()
    assert not made.window.isMinimized()
    assert made.window.isVisible()


# ---- without mouse or eyes: the real panels


@pytest.fixture
def real(qtbot, tmp_path):
    built = build(qtbot, tmp_path, AREAS)
    yield built
    built.window.close()
    built.state.close()


@pytest.mark.parametrize("area", [area.key for area in AREAS])
def test_every_control_has_a_name(real, qtbot, area):
    real.window.show_area(area)
    assert real.window.area() == area
    assert a11y.nameless(real.window) == []


@pytest.mark.parametrize("area", [area.key for area in AREAS])
def test_every_control_is_reached_by_tab(real, qtbot, area):
    real.window.show_area(area)
    qtbot.wait(20)
    assert a11y.unreachable(real.window) == []


@pytest.mark.parametrize("area", [area.key for area in AREAS])
def test_focus_is_always_seen(real, qtbot, area):
    real.window.show_area(area)
    qtbot.wait(20)
    assert a11y.silent_focus(real.window) == []
