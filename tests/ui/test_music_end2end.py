"""Composing with a small model by key: real window, real worker, real files."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.core.paths import Home
from genstudio.media import midi, music_made
from genstudio.ui.app import Application
from tests.helpers import players

LONG = 60_000


def start(qtbot, home: Home) -> Application:
    application = Application(home)
    qtbot.addWidget(application.window)
    application.show()
    qtbot.waitUntil(lambda: application.state is not None)
    application.window.activateWindow()
    qtbot.waitUntil(application.window.isActiveWindow)
    application.window.show_area("music")
    return application


def end(application: Application) -> None:
    application.window.close()
    application.stop()


@pytest.fixture
def home(tmp_path) -> Home:
    made = Home(tmp_path / "home")
    players.package(made.models / "player")
    return made


def test_the_first_piece_is_filled_compared_kept_found_again_and_exported(qtbot, home, tmp_path):
    running = start(qtbot, home)
    panel, music = running.window.panels["music"], running.state.music
    roll = panel.page.roll
    music.ask.set_model("player")
    music.ask.set_task("fill")
    music.ask.set_values({"count": 2})
    before = roll.piece()
    QTest.keyClick(roll.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert music.running
    settled = lambda: len(music.drafts) == 2 and all(d.finished for d in music.drafts)  # noqa: E731
    qtbot.waitUntil(settled, timeout=LONG)
    qtbot.waitUntil(lambda: not music.running, timeout=LONG)
    first, second = (draft.new_notes().tolist() for draft in music.drafts)
    assert first != second
    QTest.keyClick(roll.canvas, Qt.Key.Key_N)
    assert roll.model.ghosts.tolist() == second
    QTest.keyClick(roll.canvas, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    bars = before.bars()
    outside = roll.piece().notes
    outside = outside[(outside["start"] < bars[2]) | (outside["start"] >= bars[4])]
    kept = before.notes[(before.notes["start"] < bars[2]) | (before.notes["start"] >= bars[4])]
    assert outside.tolist() == kept.tolist(), "nothing else was touched"
    notes = roll.piece().notes.tolist()
    running.state.music_export.set_folder(tmp_path / "out")
    panel.export.click()
    with qtbot.waitSignal(running.state.music_export.written, timeout=LONG) as told:
        panel.sheet.go.click()
    (path,) = told.args
    assert midi.read(path.read_bytes()).notes.tolist() == notes
    assert music_made.read(path).provenance.request.model == "player"
    end(running)
    again = start(qtbot, home)
    assert again.window.panels["music"].page.roll.piece().notes.tolist() == notes
    assert again.state.music.pieces.current.made[0].bars == (3, 4)
    end(again)
