"""Data in the whole window over real workers: dropped, added, edited, undone, kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from genstudio.core.paths import Home
from tests.helpers import shapes
from tests.helpers.drive import CTRL, press, rest, until
from tests.helpers.trainer_desk import Desk

KEY = Qt.Key


@pytest.fixture
def folder(tmp_path):
    return shapes.write(tmp_path / "shapes", per_class=6)


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


def quiet(desk: Desk) -> None:
    """No plan is measured: this is about the data alone."""
    desk.panel.hide()
    desk.state.training.plan.look = lambda _on: None
    desk.panel.show()


def idle(desk: Desk) -> None:
    until(lambda: not desk.state.data.looks.busy and not desk.state.queue.open_jobs, "rest", 60)


def words(desk: Desk) -> list[str]:
    return [toast.words() for toast in desk.app.window.toasts.toasts()]


def test_a_dropped_folder_becomes_data_that_is_edited_by_key(home, folder, qtbot):
    desk = Desk(home)
    quiet(desk)
    desk.drop(folder)
    until(lambda: desk.state.data.importing.phase == "ready", "the report", 60)
    page = desk.page("data")
    assert page.page == "import"
    press(page.sheet.about.name, KEY.Key_Return, CTRL)
    until(lambda: desk.state.data.mode == "browse", "the dataset", 60)
    idle(desk)
    view = page.browser
    grid = view.items.grid
    assert (desk.state.data.current, grid.count()) == ("shapes", 18)
    assert "Shapes was added: 18 pictures" in words(desk)

    grid.setFocus()
    grid.select([0, 1])
    press(grid, KEY.Key_X)
    idle(desk)
    until(lambda: desk.state.data.dataset.excluded == 2, "the edit on the shelf")
    press(grid, KEY.Key_Z, CTRL)
    idle(desk)
    until(lambda: desk.state.data.dataset.excluded == 0, "the edit taken back")
    press(grid, KEY.Key_L)
    line = view.item_side.label.lineEdit()
    for letter in "blob":
        press(line, getattr(KEY, f"Key_{letter.upper()}"))
    press(line, KEY.Key_Return)
    idle(desk)
    assert grid.cell(0).badge == "blob"
    until(lambda: "blob" in desk.state.data.dataset.facts.classes, "the class on the shelf")

    view.run("remove")
    assert page.page == "new"
    ground = desk.app.window.centralWidget()
    ground.setFocus()
    press(ground, KEY.Key_Z, CTRL)
    until(lambda: desk.state.data.current == "shapes", "the dataset back", 30)
    idle(desk)
    assert desk.windows.seen.count("QWidget") == 0
    desk.close()

    again = Desk(home)
    again.panel.hide()
    assert again.state.data.current == "shapes"
    assert again.state.data.mode == "browse"
    again.close()


def test_a_second_folder_is_added_behind_the_first_sheet(home, folder, tmp_path, qtbot):
    more = shapes.write(tmp_path / "more", per_class=3, size=32)
    desk = Desk(home)
    quiet(desk)
    state = desk.state.data
    state.look([folder])
    until(lambda: state.importing.phase == "ready", "the report", 60)
    sheet = desk.page("data").sheet
    sheet.run()
    state.look([more])
    until(lambda: "shapes" in state.names() and state.importing.phase == "ready", "both", 60)
    assert state.mode == "import"
    assert state.importing.report.total == 9
    sheet.leave.click()
    idle(desk)
    assert state.current == "shapes"
    rest(0.1)
    desk.close()
