"""Templates beside the text: which model learned the form, and what a table comes to."""

from __future__ import annotations

import pytest

from genstudio.core import writing
from genstudio.core.paths import Home
from genstudio.ui.panels.text_inside import TEMPLATES
from tests.helpers.fake_studio import FakeModel
from tests.helpers.text_desk import CONFIG, TextDesk

LEARNER = "products-transformer"


@pytest.fixture
def desk(qtbot, tmp_path):
    made = TextDesk(qtbot, Home(tmp_path / "home"))
    made.panel.side.show_page(TEMPLATES)
    yield made
    made.window.close()
    made.close()


def read(desk, tmp_path, *rows: list[str]) -> None:
    """A table is dropped and then read, as in the window."""
    path = tmp_path / "shop.csv"
    path.write_text("x", encoding="utf-8")
    desk.inside.templates.zone.dropped.emit([str(path)])
    data = {"columns": ["Name", "Material"], "rows": list(rows), "separator": ","}
    desk.state.tables._read(path, data)


def test_the_model_that_learned_the_form_is_a_press_away(desk):
    tables, page = desk.state.tables, desk.inside.templates
    tables.choose("product-description")
    assert page.learned.isVisible()
    assert not page.switch.isVisible()  # nobody here learned it
    tasks = writing.tasks(CONFIG)
    model = FakeModel(LEARNER, "Products", tasks, modality="text", config=CONFIG)
    desk.studio.library.models.append(model)
    desk.state.writing.ask.reload_models()
    tables.changed.emit()
    assert page.switch.text() == "Use Products"
    page.switch.click()
    assert desk.state.writing.ask.model_id == LEARNER
    assert tables.template.id == "product-description"
    assert not page.learned.isVisible()
    assert not page.switch.isVisible()


def test_the_button_comes_into_sight_once_the_table_is_read(desk, tmp_path, qtbot):
    desk.state.tables.choose("product-description")
    desk.window.resize(1280, 560)
    page = desk.inside.templates
    read(desk, tmp_path, ["Mat", "foam"], ["Lamp", "paper"])

    def seen() -> bool:
        top = page.all.mapTo(page, page.all.rect().topLeft()).y()
        return 0 <= top <= page.height() - page.all.height()

    assert page.all.text() == "Write 2 texts"
    qtbot.waitUntil(seen)


def test_empty_cells_are_told(desk, tmp_path):
    desk.state.tables.choose("product-description")
    read(desk, tmp_path, ["Mat", "foam"], ["Lamp", "paper"])
    assert "Empty cells" not in desk.state.tables.told()
    read(desk, tmp_path, ["Mat", "foam"], ["  ", "paper"])
    assert desk.state.tables.told().endswith("Empty cells take the form's product.")


def test_a_table_that_came_back_leaves_the_page_where_it_is(desk, tmp_path):
    desk.state.tables.choose("product-description")
    data = {"columns": ["Name"], "rows": [["Mat"]], "separator": ","}
    desk.state.tables._read(tmp_path / "shop.csv", data)
    page = desk.inside.templates
    assert page.all.text() == "Write 1 text"
    assert not page._reveal.isActive()
