"""Sweeps and lists in the Image panel, by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow

from genstudio.core.events import Done, Failed
from genstudio.ui.panels.gallery import GalleryPanel
from genstudio.ui.panels.image import ImagePanel
from genstudio.ui.state.sweep_state import Draft
from tests.helpers import a11y
from tests.helpers.fake_studio import FakeModel, png, result
from tests.ui.state.test_list_state import TELL


@pytest.fixture
def panel(everything) -> ImagePanel:
    return everything.shown(ImagePanel(everything.state))


@pytest.fixture
def asking(panel):
    return panel.asking.many


def choose(panel, mode: str) -> None:
    QTest.mouseClick(panel.asking.many.modes.pill(mode), Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def setting(edit, name: str) -> None:
    edit.setting.setCurrentIndex(edit.setting.findData(name))
    edit.setting.activated.emit(edit.setting.currentIndex())


@pytest.fixture
def swept(panel, state, studio, asking):
    """A finished sweep of 2 × 2 cells."""
    choose(panel, "sweep")
    many = state.generation.many
    for which, name, values in (("x", "amount", "0, 1"), ("y", "kind", "boot, bag")):
        many.set_draft(which, Draft(name))
        many.set_draft(which, Draft(name, values))
    asked = state.generation.submit()
    for place in range(4):
        event = result(studio, asked.job, asked.series.request(place), 0)
        name = event.data["artifact"]
        made = studio.gallery.get(name).provenance
        group = made.model_copy(update={"group": asked.series.group(place)})
        studio.gallery._change(name, provenance=group)
        state.generation.on_event(event.model_copy(update={"index": place}))
    state.generation.on_event(Done(job=asked.job))
    return asked


def test_a_sweep_is_asked_by_hand(panel, asking, studio):
    assert not asking.axes["x"].isVisible()
    choose(panel, "sweep")
    across, down = asking.axes["x"], asking.axes["y"]
    assert across.isVisible()
    assert not panel.asking.times.isVisible()
    assert not panel.asking.generate.isEnabled()
    setting(across, "amount")
    QTest.keyClicks(across.values, "0-1 (3)")
    assert across.told.text() == "3 values: 0, 0.5, 1"
    assert panel.asking.generate.text() == "Sweep 3"
    setting(down, "kind")
    QTest.keyClicks(down.values, "boot, bag")
    assert panel.asking.hint.text() == "3 × 2 = 6 pictures, one seed"
    assert panel.asking.generate.text() == "Sweep 6"
    QTest.mouseClick(panel.asking.generate, Qt.MouseButton.LeftButton)
    assert studio.queue.last.work == "series"
    assert panel.results.page == "grid"
    assert panel.results.grid.count() == 6
    assert panel.answer.title.text() == "Amount × Kind · 0 of 6"
    assert panel.results.labelled.text().startswith("Across Amount: 0, 0.5, 1")


def test_a_fault_is_told_and_the_button_waits(panel, asking):
    choose(panel, "sweep")
    setting(asking.axes["x"], "amount")
    QTest.keyClicks(asking.axes["x"].values, "7")
    assert "from 0 to 1" in asking.axes["x"].told.text()
    assert asking.axes["x"].told.property("role") == "amber"
    assert not panel.asking.generate.isEnabled()
    choose(panel, "once")
    assert panel.asking.generate.text() == "Generate 4"
    assert panel.asking.generate.isEnabled()
    assert panel.asking.hint.text() == ""


def test_cells_say_their_values_and_stay_in_their_columns(panel, state, studio, swept):
    grid = panel.results.grid
    assert panel.answer.title.text() == "Amount × Kind"
    assert grid.cell(3).name.startswith("amount 1, kind bag, Result 4 of 4")
    assert grid.cell(3).label == ""
    assert not panel.results.bar.filter.isVisible()
    grid.select([1])
    panel.run("delete")
    assert grid.count() == 4
    assert grid.cell(1).badge == "in the trash"
    assert grid.cell(1).image is None


def test_a_click_on_a_cell_opens_it_and_its_settings_are_used(panel, state, swept):
    panel.results.grid.opened.emit(2)
    assert panel.results.page == "large"
    panel.results.show_grid()
    assert panel.results.labelled.isVisible()
    panel.results.grid.select([2])
    state.generation.ask.reset_values()
    panel.run("use_all")
    assert state.generation.ask.values["kind"] == "bag"
    assert state.generation.ask.values["amount"] == 0.0


def test_the_sheet_is_exported(panel, state, studio, swept, tmp_path, monkeypatch, heard):
    assert panel.actions.able("sheet")
    panel.run("sheet")
    sheet = panel.sheet
    assert sheet.isVisible()
    assert "All 4 cells are made" in sheet.about.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    sheet.choose.click()
    sheet.level.pill("label").click()
    QTest.mouseClick(sheet.go, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()
    body = studio.queue.last.body
    assert (body["target"], body["level"]) == (str(tmp_path), "label")
    assert body["series"] == swept.series.id
    said, problems = heard(state.said), heard(state.problem)
    state.generation.many.on_event(Failed(job=studio.queue.last.job, problem={"what": "Full"}))
    assert problems[0].what == "Full"
    panel.run("sheet")
    sheet.go.click()
    state.generation.many.on_event(Done(job=studio.queue.last.job))
    assert str(tmp_path) in said[-1][0]


def test_the_cells_are_exported_as_files(panel, swept):
    panel.run("sheet")
    assert panel.sheet.cells.text() == "4 files…"
    panel.sheet.cells.click()
    assert not panel.sheet.isVisible()
    assert panel.export.isVisible()
    assert "4" in panel.export.head.text()
    assert panel.cancel()
    panel.run("sheet")
    assert panel.cancel()
    assert not panel.sheet.isVisible()


def test_other_rounds_have_no_labels_and_no_sheet(panel, state, swept, rounds):
    state.generation.many.set_mode("once")
    rounds(3)
    assert panel.results.labelled.text() == ""
    assert not panel.actions.able("sheet")
    panel.run("sheet")
    assert not panel.sheet.isVisible()
    state.generation.step_round(-1)
    assert panel.results.labelled.text().startswith("Across Amount")
    assert panel.actions.able("sheet")


def test_the_gallery_shows_a_whole_sweep_again(everything, panel, state, studio, swept, heard):
    state.generation.rounds = []
    studio.gallery.list = lambda text="", **more: list(reversed(studio.gallery.items.values()))
    gallery = everything.shown(GalleryPanel(state))
    gallery.activated()
    gallery.view.grid.select([0])
    areas = heard(state.area_wanted)
    assert gallery.actions.able("group")
    gallery.run("group")
    assert areas == ["image"]
    assert state.generation.shown.series == swept.series
    assert panel.results.grid.count() == 4
    (studio.home.series / f"{swept.series.id}.json").unlink()
    state.generation.rounds = []
    gallery.run("group")
    assert gallery.search.text() == f"group:{swept.series.id}"


def test_prompts_are_typed_or_given_as_a_file(everything, panel, state, studio, tmp_path, qtbot):
    studio.library.models.insert(0, FakeModel("teller", "Teller", (TELL,)))
    state.generation.ask.reload_models()
    state.generation.ask.set_model("teller")
    choose(panel, "list")
    asking, many = panel.asking.many, state.generation.many
    assert asking.prompts.isVisible()
    assert asking.prompts.hasFocus() or not panel.isActiveWindow()
    QTest.keyClicks(asking.prompts, "a cat")
    qtbot.waitUntil(lambda: panel.asking.generate.text() == "Generate 2")
    path = tmp_path / "more.txt"
    path.write_text("a dog\n", encoding="utf-8")
    asking.file.dropped.emit([str(path)])
    qtbot.waitUntil(lambda: many.count() == 2)
    assert panel.asking.hint.text() == "2 prompts, 2 results each"
    asking.file.cleared.emit()
    assert many.count() == 1
    QTest.mouseClick(panel.asking.generate, Qt.MouseButton.LeftButton)
    assert panel.answer.title.text() == "a list of prompts · 0 of 2"


def test_a_folder_is_dropped_or_chosen(panel, state, tmp_path, qtbot, monkeypatch):
    pets = tmp_path / "pets"
    pets.mkdir()
    (pets / "cat.png").write_bytes(png(8))
    state.generation.ask.set_model("redoer")
    state.generation.ask.set_task("redo")
    choose(panel, "list")
    zone, many = panel.asking.many.folder, state.generation.many
    assert zone.isVisible()
    assert not zone.accepts([str(pets / "cat.png")])
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pets))])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(zone.rect().center(), copy, mime, left, none)
    zone.dragEnterEvent(enter)
    assert enter.isAccepted()
    zone.dropEvent(QDropEvent(QPointF(zone.rect().center()), copy, mime, left, none))
    qtbot.waitUntil(lambda: many.count() == 1)
    assert panel.asking.generate.text() == "Redo 1"
    assert panel.asking.generate.isEnabled()
    asked = state.generation.submit()
    state.generation.on_event(Done(job=asked.job))
    assert panel.results.grid.cell(0).badge == "cat: not made"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    zone.choose()
    qtbot.waitUntil(lambda: "no pictures" in panel.asking.hint.text())


@pytest.mark.parametrize("mode", ["sweep", "list"])
def test_all_of_it_can_be_used_without_mouse_or_eyes(panel, state, studio, qtbot, mode):
    studio.library.models.insert(0, FakeModel("teller", "Teller", (TELL,)))
    state.generation.ask.reload_models()
    state.generation.ask.set_model("teller")
    choose(panel, mode)
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(panel.size())
    window.setCentralWidget(panel)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    try:
        assert a11y.nameless(window) == []
        assert a11y.unreachable(window) == []
    finally:
        window.takeCentralWidget()
