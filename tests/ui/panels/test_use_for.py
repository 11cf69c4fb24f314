"""Results go on: into any task of any model that takes a picture, and into training."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from genstudio.core.request import Request
from genstudio.ui.panels.gallery import GalleryPanel
from genstudio.ui.panels.image import ImagePanel
from tests.helpers.fake_studio import png


@pytest.fixture
def panel(everything) -> ImagePanel:
    everything.rounds(3)
    made = everything.shown(ImagePanel(everything.state))
    made.results.grid.select([1])
    made.results.grid.setFocus()
    return made


@pytest.fixture
def ask(state):
    return state.generation.ask


def words(menu: QMenu) -> list[str]:
    return [entry.text() for entry in menu.actions() if not entry.isSeparator()]


def entry(menu: QMenu, text: str):
    return next(found for found in menu.actions() if found.text() == text)


def inner(menu: QMenu, title: str) -> QMenu:
    return entry(menu, title).menu()


@pytest.fixture
def menu(panel, qtbot):
    """The menu for the selected result."""
    made = panel.use_for.menu(
        [place.path for place in panel.results.chosen()], panel.results.chosen_artifacts()[0]
    )
    yield made
    made.aboutToHide.emit()


def test_every_task_with_a_picture_is_there_by_model(menu):
    assert words(menu) == ["Redoer", "Critic", "Training data…"]
    assert words(inner(menu, "Redoer")) == ["Redo", "Fill"]
    assert words(inner(menu, "Critic")) == ["Recognise"]


def test_the_chosen_models_tasks_lie_open(panel, ask):
    ask.set_model("redoer")
    menu = panel.use_for.menu([Path("/x/a.png")])
    assert words(menu) == ["Redoer", "Redo", "Fill", "Critic", "Training data…"]
    assert not entry(menu, "Redoer").isEnabled(), "its name is a heading"
    menu.aboutToHide.emit()


def test_a_result_goes_where_it_was_sent(panel, menu, ask, heard):
    areas = heard(panel._all.area_wanted)
    path = panel.results.chosen()[0].path
    entry(inner(menu, "Redoer"), "Redo").trigger()
    assert (ask.model_id, ask.task_name) == ("redoer", "redo")
    assert ask.given("image") == path
    assert areas == ["image"]


def test_a_task_that_is_painted_on_opens_its_canvas(panel, menu, qtbot):
    entry(inner(menu, "Redoer"), "Fill").trigger()
    qtbot.waitUntil(lambda: panel.results.page == "mask")


def test_a_key_opens_it_and_arrows_walk_it(panel, ask):
    QTest.keyClick(panel.results.grid, Qt.Key.Key_U)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.activeAction() is None
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(menu, key)
    assert inner(menu, "Redoer").isVisible()
    QTest.keyClick(inner(menu, "Redoer"), Qt.Key.Key_Return)
    assert ask.task_name == "redo"
    assert QApplication.activePopupWidget() is None
    QTest.keyClick(panel.results.grid, Qt.Key.Key_U)
    menu = QApplication.activePopupWidget()
    assert menu.activeAction().text() == "Redo", "the chosen model has tasks to begin with"
    QTest.keyClick(menu, Qt.Key.Key_Escape)


def test_nothing_chosen_opens_nothing(panel):
    panel.results.grid.clearSelection()
    panel.run("use_for")
    assert QApplication.activePopupWidget() is None


def test_several_results_go_into_training(panel, heard, monkeypatch):
    looked: list = []
    monkeypatch.setattr(panel._all.data, "look", looked.append)
    areas = heard(panel._all.area_wanted)
    panel.results.grid.select([0, 2])
    assert panel.actions.able("use_for")
    paths = [place.path for place in panel.results.chosen()]
    menu = panel.use_for.menu(paths)
    entry(menu, "Training data (2 pictures)…").trigger()
    assert (looked, areas) == ([paths], ["train"])
    menu.aboutToHide.emit()


def test_the_same_region_is_filled_again_over_the_result(panel, state, ask, tmp_path, qtbot):
    mask = tmp_path / "mask.png"
    mask.write_bytes(png(16, "#ffffff"))
    inputs = {"image": str(tmp_path / "gone.png"), "mask": str(mask)}
    request = Request(model="redoer", task="fill", seed=5, inputs=inputs)
    made = panel._all.studio.gallery.make(request)
    path = state.gallery.path(made)
    menu = panel.use_for.menu([path], made)
    assert words(menu)[0] == "Fill the same region again"
    entry(menu, "Fill the same region again").trigger()
    assert (ask.model_id, ask.task_name) == ("redoer", "fill")
    assert ask.inputs == {"image": path, "mask": mask}
    qtbot.waitUntil(lambda: panel.results.page == "mask")
    qtbot.waitUntil(lambda: not panel.results.canvas.mask.editor.is_empty())
    menu.aboutToHide.emit()
    mask.unlink()
    menu = panel.use_for.menu([path], made)
    assert "Fill the same region again" not in words(menu)
    menu.aboutToHide.emit()


def test_the_gallery_has_the_same_menu(everything, ask, heard):
    everything.rounds(2)
    panel = everything.shown(GalleryPanel(everything.state))
    panel.activated()
    panel.view.grid.select([1])
    panel.activateWindow()
    everything.qtbot.waitUntil(panel.isActiveWindow)
    panel.view.grid.setFocus()
    areas = heard(everything.state.area_wanted)
    QTest.keyClick(panel.view.grid, Qt.Key.Key_U)
    menu = QApplication.activePopupWidget()
    assert words(menu) == ["Redoer", "Critic", "Training data…"]
    entry(inner(menu, "Redoer"), "Redo").trigger()
    menu.close()
    assert areas == ["image"]
    assert ask.given("image") == everything.state.gallery.path(panel.view.chosen()[0])


def test_it_opens_below_its_button_or_over_the_results(panel):
    actions, button = panel.actions, panel.actions.button("use_for")
    below = actions.place_of("use_for", panel.results.stack)
    assert below == button.mapToGlobal(button.rect().bottomLeft() + QPoint(0, 4))
    actions.set_hidden({"use_for"})
    stack = panel.results.stack
    assert actions.place_of("use_for", stack) == stack.mapToGlobal(stack.rect().center())
