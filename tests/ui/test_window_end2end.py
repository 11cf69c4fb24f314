"""The window over a real Studio, real workers and really trained small models, by key and mouse."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio.studio import series as shelf
from genstudio.ui.app import Application
from genstudio.ui.state.sweep_state import Draft
from genstudio.ui.widgets.control_form import ControlForm
from genstudio.ui.widgets.model_cards import ModelCards
from genstudio.ui.widgets.result_grid import ResultGrid
from tests.helpers import leaks

CONTROL = Qt.KeyboardModifier.ControlModifier
LONG = 60_000


def start(qtbot, home) -> Application:
    application = Application(home)
    qtbot.addWidget(application.window)
    application.show()
    qtbot.waitUntil(lambda: application.state is not None)
    application.window.activateWindow()
    qtbot.waitUntil(application.window.isActiveWindow)
    return application


@pytest.fixture
def running(qtbot, tiny_copy):
    application = start(qtbot, tiny_copy)
    choose(application, "tiny-gan")
    yield application
    application.window.close()
    application.stop()


def part(application, kind):
    return next(w for w in application.window.findChildren(kind) if w.isVisible())


def choose(application, model: str) -> None:
    cards = part(application, ModelCards)
    cards._cards[model].click()
    QApplication.processEvents()


def set_count(application, count: int) -> None:
    form = part(application, ControlForm)
    form.field("count").box.setValue(count)


def generate(application) -> None:
    ground = application.window.centralWidget()
    ground.setFocus()
    QTest.keyClick(ground, Qt.Key.Key_Return, CONTROL)


def idle(application):
    return lambda: application.state.queue.running is None and not application.state.queue.open_jobs


def made(application) -> int:
    return len(application.studio.gallery.list(limit=1000))


def test_generate_by_key_fills_the_grid_and_the_gallery(running, qtbot):
    set_count(running, 3)
    generate(running)
    qtbot.waitUntil(lambda: made(running) == 3, timeout=LONG)
    qtbot.waitUntil(idle(running), timeout=LONG)
    grid = part(running, ResultGrid)
    qtbot.waitUntil(lambda: all(c.path and not c.passing for c in grid.cells()), timeout=LONG)
    assert grid.count() == 3
    assert len({cell.key for cell in grid.cells()}) == 3
    qtbot.waitUntil(lambda: "is done" in running.window.status.text(), timeout=LONG)
    assert "CPU" in running.window.status.device.text()


def test_results_are_starred_opened_and_thrown_away_by_key(running, qtbot):
    set_count(running, 2)
    generate(running)
    qtbot.waitUntil(lambda: made(running) == 2, timeout=LONG)
    qtbot.waitUntil(idle(running), timeout=LONG)
    grid = part(running, ResultGrid)
    qtbot.waitUntil(lambda: all(c.path and not c.passing for c in grid.cells()), timeout=LONG)
    grid.setFocus()
    grid.select([0])
    QTest.keyClick(grid, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: len(running.studio.gallery.list(starred=True)) == 1)
    QTest.keyClick(grid, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: made(running) == 1)
    ground = running.window.centralWidget()
    ground.setFocus()
    QTest.keyClick(ground, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: made(running) == 2)


def test_a_sweep_fills_its_cells_and_its_sheet(running, qtbot, tmp_path):
    many = running.state.generation.many
    many.set_mode("sweep")
    for which, name, values in (("x", "truncation", "0, 1"), ("y", "class", "disc, square")):
        many.set_draft(which, Draft(name))
        many.set_draft(which, Draft(name, values))
    generate(running)
    qtbot.waitUntil(lambda: made(running) == 4, timeout=LONG)
    qtbot.waitUntil(idle(running), timeout=LONG)
    grid = part(running, ResultGrid)
    qtbot.waitUntil(lambda: all(c.path and not c.passing for c in grid.cells()), timeout=LONG)
    assert [cell.name.partition(", Result")[0] for cell in grid.cells()] == [
        f"truncation {amount}, class {kind}" for kind in ("disc", "square") for amount in (0, 1)
    ]
    asked = running.state.generation.shown
    found = shelf.results(running.studio.gallery, asked.series)
    values = [artifact.provenance.request.values for artifact in found]
    assert [(v["class"], v["truncation"]) for v in values] == [
        ("disc", 0.0), ("disc", 1.0), ("square", 0.0), ("square", 1.0),
    ]  # fmt: skip
    many.export_sheet(asked.series, tmp_path / "out", "full")
    qtbot.waitUntil(lambda: len(list((tmp_path / "out").glob("*-sweep.png"))) == 1, timeout=LONG)
    qtbot.waitUntil(idle(running), timeout=LONG)


def test_escape_stops_what_runs(running, qtbot):
    set_count(running, 256)
    generate(running)
    qtbot.waitUntil(lambda: running.state.queue.running is not None, timeout=LONG)
    ground = running.window.centralWidget()
    ground.setFocus()
    QTest.keyClick(ground, Qt.Key.Key_Escape)
    qtbot.waitUntil(idle(running), timeout=LONG)
    assert made(running) <= 256


def test_a_killed_worker_is_a_sentence_and_the_next_job_works(running, qtbot):
    before = leaks.children()
    set_count(running, 1)
    generate(running)
    qtbot.waitUntil(lambda: made(running) == 1, timeout=LONG)
    qtbot.waitUntil(idle(running), timeout=LONG)
    for pid in leaks.children() - before or leaks.children():
        os.kill(pid, signal.SIGKILL)
    generate(running)
    qtbot.waitUntil(lambda: made(running) >= 2 or bool(failed(running)), timeout=LONG)
    if failed(running):
        generate(running)
        qtbot.waitUntil(lambda: made(running) >= 2, timeout=LONG)
    qtbot.waitUntil(idle(running), timeout=LONG)
    assert running.window.isVisible()


def failed(application) -> list:
    return [job for job in application.state.queue.jobs() if job.state == "failed"]


def test_fields_model_and_panel_come_back(qtbot, tiny_copy):
    first = start(qtbot, tiny_copy)
    choose(first, "tiny-vae")
    set_count(first, 7)
    first.window.show_area("gallery")
    first.window.close()
    first.stop()
    again = start(qtbot, tiny_copy)
    assert again.window.area() == "gallery"
    again.window.show_area("image")
    assert part(again, ModelCards).current() == "tiny-vae"
    assert part(again, ControlForm).values()["count"] == 7
    again.window.close()
    again.stop()


def test_queue_survives_a_restart(qtbot, tiny_copy):
    first = start(qtbot, tiny_copy)
    first.state.queue.pause(True)
    choose(first, "tiny-gan")
    set_count(first, 1)
    generate(first)
    qtbot.waitUntil(lambda: len(first.state.queue.open_jobs) == 1, timeout=LONG)
    first.window.close()
    first.stop()
    again = start(qtbot, tiny_copy)
    assert again.state.queue.paused
    assert len(again.state.queue.open_jobs) == 1
    qtbot.waitUntil(lambda: "paused" in again.window.status.queue.text(), timeout=LONG)
    again.state.queue.pause(False)
    qtbot.waitUntil(lambda: made(again) == 1, timeout=LONG)
    qtbot.waitUntil(idle(again), timeout=LONG)
    again.window.close()
    again.stop()
