"""The Gallery panel by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from genstudio.core import writing
from genstudio.core.request import Request
from genstudio.media import midi
from genstudio.ui.panels.gallery import GalleryPanel
from tests.helpers.composers import add_composers
from tests.helpers.fake_studio import FakeModel
from tests.helpers.pieces import chorale


@pytest.fixture
def panel(everything) -> GalleryPanel:
    for number in range(6):
        model = "shapes" if number % 2 else "redoer"
        everything.studio.gallery.make(Request(model=model, task="make", seed=number), number)
    made = everything.shown(GalleryPanel(everything.state))
    made.activated()
    return made


def _press(widget, key) -> None:
    QTest.keyClick(widget, key)


def test_everything_is_there_newest_first(panel):
    assert [cell.key for cell in panel.view.grid.cells()] == ["a5", "a4", "a3", "a2", "a1", "a0"]
    assert panel.answer.title.text() == "6 results"


def test_thumbnails_come_where_one_looks(panel, qtbot):
    grid = panel.view.grid
    qtbot.waitUntil(lambda: all(cell.image is not None for cell in grid.cells()), timeout=5000)


def test_typing_searches(panel, qtbot):
    QTest.keyClicks(panel.search, "redoer")
    qtbot.waitUntil(lambda: panel.view.grid.count() == 3, timeout=5000)
    panel.search.setText("nothing like this")
    qtbot.waitUntil(lambda: panel.view.page == "empty", timeout=5000)
    panel.view.empty.clicked.emit()
    qtbot.waitUntil(lambda: panel.view.grid.count() == 6, timeout=5000)
    assert panel.search.text() == ""


def test_a_model_pill_writes_the_search(panel, state):
    assert panel.models.isVisible()
    panel.models.changed.emit("redoer")
    assert panel.search.text() == "model:redoer"
    panel.models.changed.emit("")
    assert panel.search.text() == ""


def test_stars_and_filters(panel, studio):
    panel.view.grid.select([0])
    panel.view.grid.setFocus()
    _press(panel.view.grid, Qt.Key.Key_Period)
    assert studio.gallery.get("a5").starred
    panel.filter.changed.emit("starred")
    assert panel.view.grid.count() == 1
    assert panel.actions.able("star")


def test_delete_undo_and_restore(panel, state, studio, heard):
    said = heard(state.said)
    grid = panel.view.grid
    grid.select([0, 1])
    grid.setFocus()
    _press(grid, Qt.Key.Key_Delete)
    assert grid.count() == 4
    said[-1][2]()
    assert grid.count() == 6
    grid.select([0])
    panel.run("delete")
    panel.filter.changed.emit("trash")
    assert [cell.key for cell in grid.cells()] == ["a5"]
    grid.select([0])
    assert panel.actions.able("restore")
    assert not panel.actions.able("delete")
    assert not panel.use.isEnabled()
    panel.run("restore")
    assert panel.view.page == "empty"
    assert not studio.gallery.get("a5").trashed


def test_the_selection_survives_a_new_result(panel, state, studio):
    panel.view.grid.select([1])
    studio.gallery.make(Request(model="shapes", task="make"))
    state.gallery.reload()
    assert [a.id for a in panel.view.chosen()] == ["a4"]
    assert panel.view.grid.count() == 7


@pytest.mark.parametrize(
    ("name", "seeded"), [("use_all", True), ("use_seed", True), ("remix", False)]
)
def test_making_again_goes_to_the_image_panel(panel, state, heard, name, seeded):
    areas = heard(state.area_wanted)
    panel.view.grid.select([0])
    panel.run(name)
    assert areas == ["image"]
    assert state.generation.ask.seed_locked is seeded
    assert state.generation.ask.model_id == "shapes"


def test_variations_start_at_once(panel, state, studio, heard):
    areas = heard(state.area_wanted)
    panel.view.grid.select([0])
    panel.run("variations")
    assert studio.queue.last.request.values["variation_of"] == 5
    assert areas == ["image"]


def test_a_result_goes_into_a_slot(panel, state, heard):
    areas = heard(state.area_wanted)
    panel.view.grid.select([0])
    path = panel.view.chosen()[0]
    slot = state.generation.ask.slot_for("image")
    panel.use_for.take(slot, state.gallery.path(path))
    assert state.generation.ask.inputs["image"].is_file()
    assert areas == ["image"]


def test_large_compare_and_back(panel):
    view = panel.view
    view.grid.select([0])
    view.grid.setFocus()
    _press(view.grid, Qt.Key.Key_Return)
    assert view.page == "large"
    _press(view.large, Qt.Key.Key_Right)
    assert view.grid.selected() == [1]
    assert panel.cancel()
    assert view.page == "grid"
    view.grid.select([0, 1])
    panel.run("compare")
    assert view.page == "compare"
    assert view.compare_view.names() == ("5 · 5", "4 · 4")
    view.back.click()
    assert view.page == "grid"
    assert not panel.cancel()


def test_reports_open_as_bars(panel, state, studio):
    studio.gallery.make(Request(model="critic", task="judge"), 0, "report", Boot=0.9, Bag=0.1)
    state.gallery.reload()
    panel.view.open_row(0)
    assert panel.view.page == "report"
    assert panel.view.report.head.text() == "Boot, 90% sure"


def test_details_tell_how_it_was_made(panel):
    panel.view.grid.select([0])
    panel.run("details")
    facts = dict(panel.view.details.facts.facts())
    assert facts["Model"] == "Shapes"
    assert facts["Seed"] == "5"
    assert facts["Size"] == "16 × 16 px"


def test_pages_follow_when_one_scrolls(everything, monkeypatch):
    from genstudio.ui.state import gallery_state

    monkeypatch.setattr(gallery_state, "PAGE", 50)
    for number in range(120):
        everything.studio.gallery.make(Request(model="shapes", task="make", seed=number))
    panel = everything.shown(GalleryPanel(everything.state))
    panel.activated()
    assert panel.view.grid.count() == 50
    assert panel.answer.title.text() == "50+ results"
    panel.view.grid.reached_end.emit()
    panel.view.grid.reached_end.emit()
    panel.view.grid.reached_end.emit()
    assert panel.view.grid.count() == 120
    assert panel.answer.title.text() == "120 results"


def test_an_empty_gallery_says_what_it_is_for(everything):
    panel = everything.shown(GalleryPanel(everything.state))
    areas = everything.heard(everything.state.area_wanted)
    panel.activated()
    assert panel.view.page == "empty"
    panel.view.empty.clicked.emit()
    assert areas == ["image"]


def test_ctrl_f_goes_to_the_search(panel):
    panel.activateWindow()
    QTest.keyClick(panel, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert panel.search.hasFocus()


STORY = "Once upon a time there was a wolf."


@pytest.fixture
def told(everything) -> GalleryPanel:
    """A gallery whose newest result is a text, which the installed "writer" wrote."""
    studio, state = everything.studio, everything.state
    studio.library.models.append(
        FakeModel("writer", "Writer", writing.tasks({}), modality="text", config={})
    )
    state.writing.ask.reload_models()
    values = {"prompt": "Once upon", "temperature": 1.5}
    request = Request(model="writer", task="sample", values=values, seed=77)
    made = studio.gallery.make(request, output="text", start=9, written=len(STORY) - 9)
    studio.gallery.texts[made.id] = STORY
    shown = everything.shown(GalleryPanel(state))
    shown.activated()
    shown.view.grid.select([0])
    return shown


def test_a_text_has_a_page_and_is_read(told, qtbot):
    grid = told.view.grid
    qtbot.waitUntil(lambda: grid.cell(0).image is not None, timeout=5000)
    told.view.open_row(0)
    assert told.view.page == "text"
    assert told.view.text.edit.toPlainText() == STORY
    _press(told.view.text.edit, Qt.Key.Key_Escape)
    assert told.view.page == "grid"


def test_what_can_be_done_with_a_text(told, heard):
    assert all(told.actions.able(name) for name in ("open_text", "copy", "star", "export"))
    assert not any(told.actions.able(name) for name in ("variations", "use_for", "compare"))
    told.run("copy")
    assert QGuiApplication.clipboard().text() == STORY
    told.filter.changed.emit("trash")
    assert not told.actions.able("open_text")


def test_a_text_is_opened_in_the_text_panel(told, state, heard):
    areas = heard(state.area_wanted)
    told.run("open_text")
    assert state.writing.documents.current.text == STORY
    assert areas[-1] == "text"


def test_settings_of_a_text_are_used_without_its_words(told, state, heard):
    areas = heard(state.area_wanted)
    told.run("use_all")
    asked = state.writing.ask
    assert asked.model_id == "writer"
    assert asked.values["temperature"] == 1.5
    assert asked.values.get("prompt", "") == ""
    assert asked.next_seed() == 77
    assert areas[-1] == "text"


def test_pictures_are_not_opened_as_texts(panel):
    panel.view.grid.select([0])
    assert not panel.actions.able("open_text")


def test_music_is_opened_as_a_piece_and_its_settings_are_used(state, studio, everything, heard):
    add_composers(studio)
    state.music.ask.reload_models()
    request = Request(model="voices", task="fill", values={"temperature": 1.5}, seed=7)
    made = studio.gallery.make(request, output="music")
    studio.gallery.path(made).write_bytes(midi.write(chorale()))
    panel = everything.shown(GalleryPanel(state))
    panel.activated()
    panel.view.grid.select([0])
    areas = heard(state.area_wanted)
    assert panel.actions.able("open_music")
    panel.run("open_music")
    state.music.opening.wait()
    everything.qtbot.waitUntil(lambda: state.music.pieces.current.title == "Chorale")
    panel.run("use_all")
    assert (state.music.task.name, state.music.ask.seed) == ("fill", 7)
    panel.view.open_row(0)
    assert areas == ["music", "music", "music"]
    state.music.opening.wait()
