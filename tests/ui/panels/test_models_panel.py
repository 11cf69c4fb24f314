"""The Models panel: list, card, scores, check, import, export, remove."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from genstudio.core import files
from genstudio.core.errors import Problem
from genstudio.core.events import Done, Failed
from genstudio.core.manifest import Score
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.ui.panels.model_page import CardView, model_facts, quality
from genstudio.ui.panels.models import ModelsPanel
from tests.helpers.fake_data import keep


@pytest.fixture
def studio(studio):
    """One model of three is the user's own."""
    studio.library.models[1].bundled = False
    return studio


@pytest.fixture
def panel(everything) -> ModelsPanel:
    return everything.shown(ModelsPanel(everything.state))


def test_models_are_listed_and_the_chosen_one_is_shown(panel, state):
    assert panel.cards.ids() == ["critic", "redoer", "shapes"]
    panel.cards.chosen.emit("redoer")
    assert panel.answer.title.text() == "Redoer"
    assert panel.page.about.text() == "Redoer draws shapes."
    assert ("Licence", "MIT") in panel.page.facts.facts()


def test_bundled_models_cannot_be_removed(panel, state):
    panel.cards.chosen.emit("shapes")
    assert not panel.actions.able("remove")
    panel.run("remove")
    assert "shapes" in panel.cards.ids()
    panel.cards.chosen.emit("redoer")
    assert panel.actions.able("remove")


def test_removing_can_be_undone(panel, state, heard):
    said = heard(state.said)
    panel.cards.chosen.emit("redoer")
    panel.run("remove")
    assert panel.cards.ids() == ["critic", "shapes"]
    said[-1][2]()
    assert panel.cards.ids() == ["critic", "redoer", "shapes"]
    assert panel.cards.current() == "redoer"


@pytest.mark.parametrize(
    ("end", "words", "role"),
    [
        (Done(data={"ok": True, "text": "Agrees"}), "Sound", "good"),
        (Failed(problem=Problem(what="weights are damaged")), "Not sound", "red"),
    ],
)
def test_a_check_says_what_it_found(panel, state, studio, end, words, role):
    panel.cards.chosen.emit("shapes")
    panel.run("verify")
    assert panel.page.verdict.text() == "Checking"
    assert not panel.actions.able("verify")
    state.models.on_event(end.model_copy(update={"job": studio.queue.last.job}))
    assert panel.page.verdict.text() == words
    assert panel.page.verdict.property("role") == role
    assert panel.actions.able("verify")


def test_a_dropped_package_is_imported(panel, studio, state):
    panel.drop.dropped.emit(["/x/boots.zip", "/x/bags"])
    assert [e.body["path"] for e in studio.queue.submitted] == ["/x/boots.zip", "/x/bags"]
    assert panel.working.isVisible()
    for entry in studio.queue.submitted:
        state.models.on_event(Done(job=entry.job, data={"model": "shapes"}))
    assert not panel.working.isVisible()
    assert panel.cards.current() == "shapes"


def test_a_folder_is_imported_from_the_menu(panel, studio, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    panel.run("folder")
    assert studio.queue.submitted == []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/x/bags")
    panel.run("folder")
    assert studio.queue.last.body == {"path": "/x/bags"}


def test_an_export_goes_where_one_says(panel, studio, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/x/mine", ""))
    panel.cards.chosen.emit("shapes")
    panel.run("export")
    assert studio.queue.last.body == {"model": "shapes", "target": "/x/mine.zip"}


def test_broken_packages_say_why(panel, studio, state):
    assert not panel.broken.isVisible()
    studio.library.problems = [
        Problem(what="model.json is missing", file="/x/odd", next_step="Get a whole copy.")
    ]
    state.models.refresh()
    assert panel.broken.isVisible()
    texts = [label.text() for label in panel.broken.findChildren(QLabel)]
    assert "odd" in texts
    assert "model.json is missing" in texts


def test_use_goes_to_the_image_panel(panel, state, heard):
    areas = heard(state.area_wanted)
    panel.cards.chosen.emit("redoer")
    panel.use.click()
    assert state.generation.ask.model_id == "redoer"
    assert areas == ["image"]


def test_without_models_there_is_a_next_step(everything):
    everything.studio.library.models.clear()
    everything.state.models.refresh()
    panel = everything.shown(ModelsPanel(everything.state))
    assert panel.answer.page() == "empty"
    assert not panel.use.isEnabled()
    panel.empty.dropped.emit(["/x/boots.zip"])
    assert everything.studio.queue.last.work == "import_model"


# ---- the user's own models


def test_pages_are_chosen_with_pills(panel):
    assert panel.answer.page() == "page"
    panel.pages.pill("quality").click()
    assert panel.answer.page() == "quality"
    panel.cards.chosen.emit("redoer")
    assert panel.answer.page() == "quality", "another model, the same question"
    panel.pages.pill("compare").click()
    assert panel.answer.page() == "compare"


def test_all_pills_stand_in_one_row(panel):
    pills = [panel.pages.pill(name) for name in ("page", "quality", "compare")]
    assert len({pill.y() for pill in pills}) == 1


def test_a_title_is_written_anew_in_its_place(panel, studio, qtbot):
    panel.cards.chosen.emit("shapes")
    panel.run("rename")
    assert panel.title_edit.isHidden(), "models of the program keep their title"
    panel.cards.chosen.emit("redoer")
    panel.run("rename")
    assert panel.title_edit.isVisible()
    assert panel.answer.title.isHidden()
    qtbot.keyClicks(panel.title_edit, "Old  boots")
    qtbot.keyClick(panel.title_edit, Qt.Key.Key_Return)
    assert studio.queue.last.body == {"model": "redoer", "title": "Old boots"}
    assert panel.title_edit.isHidden()
    assert panel.answer.title.isVisible()


def test_a_title_can_be_left_as_it_was(panel, studio, qtbot):
    panel.cards.chosen.emit("redoer")
    panel.run("rename")
    qtbot.keyClicks(panel.title_edit, "x")
    qtbot.keyClick(panel.title_edit, Qt.Key.Key_Escape)
    assert panel.title_edit.isHidden()
    panel.run("rename")
    panel.title_edit.setText("   ")
    qtbot.keyClick(panel.title_edit, Qt.Key.Key_Return)
    panel.run("rename")
    assert panel.cancel()
    panel.run("rename")
    panel.cards.chosen.emit("shapes")
    assert panel.title_edit.isHidden()
    assert studio.queue.submitted == []


def test_long_titles_are_cut_and_read_in_full(panel, state):
    state.models.find("redoer").title = "A very long title that somebody gave a model " * 2
    panel.cards.chosen.emit("redoer")
    assert panel.answer.title.text().endswith("…")
    assert panel.answer.title.toolTip() == state.models.find("redoer").title
    panel.cards.chosen.emit("shapes")
    assert panel.answer.title.toolTip() == ""


def test_training_goes_on_from_a_model(panel, state, heard, monkeypatch):
    asked, areas = [], heard(state.area_wanted)
    monkeypatch.setattr(state.training, "continue_from", asked.append)
    panel.cards.chosen.emit("redoer")
    panel.train.click()
    assert asked == ["redoer"]
    assert areas == ["train"]
    panel.cards.chosen.emit("shapes")
    assert not panel.train.isEnabled()
    assert panel.train.toolTip() == "Its package holds nothing to train on from"


def test_where_a_model_came_from_is_a_click_away(panel, state, studio, heard, monkeypatch):
    keep(studio.home, "toys")
    recipe = Recipe(family="shapes", model="redoer", data="toys")
    run = Run(id="0001-redoer", recipe=recipe, state="done")
    files.write_bytes(studio.home.runs / run.id / "run.json", run.to_bytes())
    state.models.find("redoer").parent = "shapes"
    areas, followed, chosen, pages = heard(state.area_wanted), [], [], []
    monkeypatch.setattr(state.run, "follow", followed.append)
    monkeypatch.setattr(state.data, "choose", chosen.append)
    monkeypatch.setattr(state.training, "show_page", pages.append)
    panel.cards.chosen.emit("redoer")
    ways = panel.page.ways
    assert all(way.isVisible() for way in ways.values())
    ways["run"].click()
    ways["data"].click()
    assert (followed, chosen) == (["0001-redoer"], ["toys"])
    assert pages == ["run", "data"]
    assert areas == ["train", "train"]
    ways["parent"].click()
    assert panel.cards.current() == "shapes"
    assert not panel.page.links.isVisible(), "nothing of the bundled model's making is here"


def test_what_a_model_continues_stands_among_its_facts(panel, state):
    state.models.find("redoer").parent = "shapes"
    panel.cards.chosen.emit("redoer")
    assert ("Continued from", "shapes") in panel.page.facts.facts()


# ---- the page of one model


def test_the_first_number_of_each_question_stands_among_the_facts():
    names = ("recall", "frechet", "kernel", "copies", "speed", "reconstruction")
    scores = tuple(Score(metric=name, value=0.25, unit="") for name in names)
    assert quality(scores) == (
        "Fréchet distance 0.25 · Recall 0.25 · Possible copies 0.25 · Reconstruction error 0.25"
    )
    assert quality(()) == ""


def test_cards_are_rendered_without_title_scores_or_resources(qtbot, tmp_path):
    picture = tmp_path / "spy.png"
    picture.write_bytes(b"x")
    view = CardView()
    qtbot.addWidget(view)
    view.resize(500, 100)
    view.set_card(
        f"# Title\n\nWords.\n\n## Scores\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## Data\n\n- boots\n"
        f"![spy](file://{picture})\n"
    )
    text = view.toPlainText()
    assert "Title" not in text
    assert "Scores" not in text
    assert "Words." in text
    assert "boots" in text
    assert view.loadResource(2, str(picture)) is None
    assert view.height() >= 60


def test_facts_leave_out_what_is_not_known():
    manifest = SimpleNamespace(
        config={"size": 28, "channels": 1, "class_names": ["Boot", "Bag"]},
        training=SimpleNamespace(steps=0, batch=0, seconds=0.0, device="", machine=""),
        trained_on=(SimpleNamespace(name="fashion", count=60_000, licence="MIT"),),
        licence="MIT",
        files=(SimpleNamespace(size=1_000_000), SimpleNamespace(size=2_400_000)),
        created="",
    )
    facts = dict(model_facts(manifest, "GAN", bundled=True))
    assert facts["Kind"] == "GAN · came with GenStudio"
    assert facts["Pictures"] == "28 × 28 px, grey"
    assert facts["Classes"] == "Boot, Bag"
    assert facts["Trained on"] == "fashion, 60,000 pictures (MIT)"
    assert facts["On disk"] == "3.4 MB"
    assert facts["Training"] == ""
