"""The window under load: floods of events, strange drops, long words."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest

from genstudio.core.errors import Problem
from genstudio.core.events import Done, Heartbeat, Progress, Started
from genstudio.core.paths import Home
from genstudio.ui.bridge import Bridge
from genstudio.ui.main_window import AREAS, MainWindow
from genstudio.ui.state.studio_state import StudioState
from genstudio.ui.widgets.key_sheet import KeySheet
from tests.helpers.fake_studio import FakeStudio, png, preview


@pytest.fixture
def made(qtbot, tmp_path):
    studio = FakeStudio(Home(tmp_path / "home"))
    bridge = Bridge()
    state = StudioState(studio, bridge)
    window = MainWindow(AREAS)
    qtbot.addWidget(window)
    window.show()
    window.attach(state)
    bridge.event.connect(window.on_event)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield SimpleNamespace(window=window, state=state, studio=studio, bridge=bridge)
    bridge.close()
    window.close()
    state.close()


def test_ten_thousand_events_from_threads(made, qtbot):
    """Workers talk as fast as they can; the window ends with the newest state."""
    job = made.studio.queue.submit_work("files", "x", {}, "Flood")
    made.bridge.post(Started(job=job, device="CPU", reason="chosen", threads=1))
    made.bridge.post_change("queue")
    qtbot.waitUntil(lambda: made.window.status.text().startswith("Flood"))

    def talk(part: int) -> None:
        for number in range(2500):
            made.bridge.post(Progress(job=job, done=number, total=2500, text=f"{number}"))
            made.bridge.post(Heartbeat(job=job, memory=part))
            made.bridge.post(preview(job, number % 8))

    threads = [threading.Thread(target=talk, args=(part,)) for part in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended, told = [], []
    made.state.queue.progressed.connect(lambda _job, done, _total, _text: told.append(done))
    made.bridge.event.connect(lambda e: ended.append(e) if isinstance(e, Done) else None)
    made.bridge.post(Done(job=job, seconds=1.0))
    qtbot.waitUntil(lambda: bool(ended))
    assert told[-1] == 2499
    made.studio.queue.last.state = "done"
    made.bridge.post_change("queue")
    qtbot.waitUntil(lambda: made.window.status.text() == "Flood is done")


def test_a_hundred_problems_do_not_cover_the_window(made):
    for number in range(100):
        made.state.problem.emit(Problem(what=f"Problem {number}"))
    assert len(made.window.toasts.toasts()) == 3
    for toast in made.window.toasts.toasts():
        toast.end()


def test_endless_words_do_not_widen_the_window(made, qtbot):
    width = made.window.minimumSizeHint().width()
    job = made.studio.queue.submit_work("files", "x", {}, "W" * 300)
    made.bridge.post(Progress(job=job, done=1, total=2, text="Ω" * 300))
    made.bridge.post_change("queue")
    qtbot.waitUntil(lambda: "W" in made.window.status.text())
    assert made.window.minimumSizeHint().width() <= max(width, 1280)


def drag(window, *paths) -> bool:
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


@pytest.mark.parametrize(
    "name", ["名前 ünï 🎹 мод.png", "a" * 200 + ".png", "two\nlines.png", "no suffix", ".hidden"]
)
def test_strange_names_can_be_dropped(made, qtbot, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(png(8))
    assert drag(made.window, path)
    overlay = made.window._overlay
    qtbot.waitUntil(lambda: not overlay.is_asking())
    assert overlay.words()
    overlay.hide()


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\x00" * 4096])
def test_broken_files_can_be_dropped(made, qtbot, tmp_path, content):
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    assert drag(made.window, path)
    overlay = made.window._overlay
    qtbot.waitUntil(lambda: not overlay.is_asking())
    overlay.hide()


def test_a_file_that_vanished_can_be_dropped(made, qtbot, tmp_path):
    assert drag(made.window, tmp_path / "gone.png")
    overlay = made.window._overlay
    qtbot.waitUntil(lambda: not overlay.is_asking())
    assert overlay._choices == []
    overlay.hide()


def test_the_last_drop_counts(made, qtbot, tmp_path):
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(png(8))
        drag(made.window, tmp_path / name)
    overlay = made.window._overlay
    qtbot.waitUntil(lambda: not overlay.is_asking())
    assert made.window._offer.paths[0].name == "two.png"
    overlay.hide()


def test_question_mark_shows_the_keys(made):
    ground = made.window.centralWidget()
    ground.setFocus()
    QTest.keyClick(ground, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    sheet = made.window.findChild(KeySheet)
    assert sheet is not None
    assert sheet.isVisible()
    sheet.close()


def test_walking_through_all_areas_again_and_again(made, qtbot):
    for _ in range(5):
        for key in made.window.areas:
            made.window.show_area(key)
            qtbot.wait(1)
            assert made.window.area() == key
    assert set(made.window.panels) == set(made.window.areas)
