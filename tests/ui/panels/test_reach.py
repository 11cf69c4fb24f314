"""Every control of every panel has a name, is reached by Tab and shows its focus."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMainWindow

from genstudio.core.manifest import Score
from genstudio.core.request import Request
from genstudio.ui.panels.gallery import GalleryPanel
from genstudio.ui.panels.image import ImagePanel
from genstudio.ui.panels.models import ModelsPanel
from genstudio.ui.panels.text import TextPanel
from genstudio.ui.panels.train import TrainPanel
from tests.helpers import a11y
from tests.helpers.fake_data import keep, row
from tests.helpers.fake_studio import png
from tests.helpers.writing import add_writers, words


def _image(everything):
    everything.rounds(4)
    panel = everything.shown(ImagePanel(everything.state))
    panel.results.grid.select([1])
    return panel


def _inputs(everything):
    picture = everything.studio.home.root / "a.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(png(32))
    everything.state.generation.ask.set_model("redoer")
    everything.state.generation.ask.set_task("fill")
    everything.state.generation.ask.set_input("image", picture)
    panel = everything.shown(ImagePanel(everything.state))
    panel.results.canvas.open()
    everything.qtbot.waitUntil(lambda: panel.results.page == "mask")
    return panel


def _export(everything):
    panel = _image(everything)
    panel.run("details")
    panel.run("export")
    panel.export.shown.set_open(True)
    return panel


def _compare(everything):
    panel = _image(everything)
    panel.results.compare_rows([0, 1])
    return panel


def _gallery(everything):
    for number in range(4):
        model = "shapes" if number % 2 else "redoer"
        everything.studio.gallery.make(Request(model=model, task="make"), number)
    panel = everything.shown(GalleryPanel(everything.state))
    panel.activated()
    panel.view.grid.select([1])
    return panel


def _models(everything):
    return everything.shown(ModelsPanel(everything.state))


def _measured(everything, page: str):
    for name in ("shapes", "redoer"):
        everything.state.models.find(name).scores = tuple(
            Score(metric=metric, value=0.5, low=0.4, high=0.6, settings={"by_class": {"a": 1}})
            for metric in ("frechet", "recall", "copies", "nearest")
        )
    panel = everything.shown(ModelsPanel(everything.state))
    panel.cards.chosen.emit("redoer")
    panel.show_page(page)
    return panel


def _quality(everything):
    panel = _measured(everything, "quality")
    everything.state.quality.evaluate("redoer", "toys", 100)
    return panel


def _scores_compared(everything):
    return _measured(everything, "compare")


def _evaluate(everything):
    keep(everything.studio.home, "toys")
    panel = _measured(everything, "quality")
    panel.run("evaluate")
    panel.evaluate.picks.set_open(True)
    return panel


def _card(everything):
    panel = _measured(everything, "page")
    panel.run("card")
    return panel


def _rename(everything):
    panel = _measured(everything, "page")
    panel.run("rename")
    return panel


MODELS = (_models, _quality, _scores_compared, _evaluate, _card, _rename)


def _train(everything):
    keep(everything.studio.home, "cars", 12, title="Cars")
    everything.studio.data_looker.rows["cars"] = [row(n) for n in range(12)]
    everything.state.data.refresh()
    panel = everything.shown(TrainPanel(everything.state), height=1800)
    panel.asking.advanced.set_open(True)
    everything.state.training.set_setting("batch", 8)
    return panel


def _text(everything):
    add_writers(everything.studio)
    writing = everything.state.writing
    writing.ask.reload_models()
    panel = everything.shown(TextPanel(everything.state), height=1800)
    writing.ask.set_model("stories")
    writing.ask.set_values({"count": 2})
    panel.page.edit.set_content("Once upon a time")
    panel.write()
    writing.on_event(words(writing.job, " there was", 0))
    panel.page.edit.accept_draft()  # else Tab would do that
    return panel


def _documents(everything):
    panel = _text(everything)
    panel.open_documents.click()
    return panel


SCENES = (_text, _documents, _image, _inputs, _export, _compare, _gallery, *MODELS, _train)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__.strip("_"))
def test_panels_can_be_used_without_mouse_or_eyes(everything, scene, qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    panel = scene(everything)
    window.resize(panel.size())
    window.setCentralWidget(panel)
    window.show()
    window.activateWindow()
    qtbot.wait(50)
    try:
        assert a11y.nameless(window) == []
        assert a11y.unreachable(window) == []
        assert a11y.silent_focus(window) == []
    finally:
        window.takeCentralWidget()
