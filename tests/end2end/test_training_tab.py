"""Own data becomes an own model, in the window: by mouse and keyboard, over real workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt

from genstudio.core.paths import Home
from genstudio.media import image
from tests.helpers import trainer_desk as desk
from tests.helpers.drive import CTRL, click, press, rest, until
from tests.helpers.sources import ROOT
from tests.helpers.trainer_desk import Desk

PICTURES = 300
KEY = Qt.Key


@pytest.fixture
def opened(tiny_copy: Home, qapp) -> Iterator:
    """`opened()` starts a window on the data folder; all are closed at the end."""
    made: list[Desk] = []

    def open_desk() -> Desk:
        made.append(Desk(tiny_copy))
        return made[-1]

    yield open_desk
    for found in made:
        found.close()
        assert found.windows.seen == []


def test_from_a_folder_to_pictures_of_an_own_model(opened, tiny_copy, tmp_path):
    """Drop, train, watch, pause, generate with the half-trained model, resume, finish, export."""
    at = opened()
    source = desk.with_broken_files(tmp_path / "sprites ü", PICTURES, broken=25)
    name = at.add_data(source, title="My sprites")
    dataset = at.state.data.dataset
    assert (name, dataset.licence) == ("my-sprites", "CC0 1.0")
    assert dataset.skipped >= 25
    assert dataset.facts.count + dataset.skipped == PICTURES + 25
    assert 0 < dataset.valid_count < dataset.facts.count // 5

    at.choose("vae")
    at.set_steps(400, sample_every=20, validate_every=20)
    at.shot("plan")
    run = at.train()
    state = at.state.run
    until(lambda: len(state.samples) >= 2 and "valid/bound" in state.curves, "curves", 600)
    page = at.page("run")
    at.shot("running")
    click(at.panel.foot.pause)
    at.wait("paused", 240)
    paused_at = state.step
    assert 0 < paused_at < 400
    at.shot("paused")

    # The half-trained model draws, without a restart.
    click(page.actions.button("try"))
    model = state.run.recipe.model
    at.wait_model(model)
    half = at.generate(model)
    assert half.done == len(half.places) == 16
    at.shot("half-trained")

    # Resume, and watch it end by itself.
    press(at.panel.asking.name, KEY.Key_Escape)
    click(at.panel.foot.resume)
    at.wait("done")
    assert state.step == 400
    steps = [row["step"] for row in at.app.studio.runs.metrics(run)]
    assert steps == sorted(steps)
    at.shot("done")
    until(lambda: at.app.studio.library.get(model).manifest.training.steps > paused_at, "v2", 60)

    full = at.generate(model)
    at.shot("finished-model")
    assert full.done == 16
    grid = at.app.window.panels["image"].results.grid
    click(grid.viewport(), grid.visualRect(grid.model().index(0, 0)).center())
    press(grid, KEY.Key_E, CTRL)
    at.state.exports.set_folder(tmp_path / "out")
    click(at.app.window.panels["image"].export.go)
    # Its name is reserved first, with an empty file.
    out = tmp_path / "out"
    until(lambda: [p for p in out.glob("*.png") if p.stat().st_size], "the exported file", 60)
    assert image.read(next(out.glob("*.png"))).std() > 5


def test_class_folders_train_a_gan_that_is_asked_by_class(opened, tmp_path):
    at = opened()
    at.add_data(desk.class_folders(tmp_path / "clothes", PICTURES), title="Clothes")
    assert len(at.state.data.dataset.facts.classes) == 10
    at.choose("gan")
    at.set_steps(40, sample_every=20, validate_every=20)
    at.train()
    model = at.state.run.run.recipe.model
    at.wait("done")
    at.wait_model(model)
    assert "loss/critic" in at.state.run.curves
    assert "valid/distance" in at.state.run.curves
    at.shot("gan-done")
    at.generate(model)
    task = at.state.generation.ask.task
    assert "class" in {control.name for control in task.controls}


def test_captions_are_found_learnt_and_asked_by(opened, tmp_path):
    """Drop captioned pictures, train what suggests itself, ask the model in words."""
    at = opened()
    at.add_data(desk.captioned(tmp_path / "emoji", 120), title="Emoji")
    data = at.state.data
    assert data.dataset.facts.captions
    browser = at.page("data").browser
    until(lambda: browser.items.grid.count() >= 60, "the pictures", 60)
    at.shot("captions")
    assert data.dataset.sha256 != ""

    assert at.state.training.family.captions, "text to image is what captions are for"
    at.state.training.set_option("size", "28")
    at.set_steps(24, sample_every=12, validate_every=12)
    at.shot("text-to-image")
    at.train()
    at.wait("done")
    run = at.state.run
    until(lambda: len(run.look.asked) == 40, "what was asked for", 30)
    tiles = at.page("run").film.tiles
    until(lambda: not tiles.sheet().isNull(), "the last sheet", 30)
    assert tiles.words_at(QPoint(5, 5)) == run.look.asked[0] != ""
    assert "valid/words" in run.curves
    at.shot("asked")

    at.wait_model(run.run.recipe.model)
    words = at.app.studio.library.get(run.run.recipe.model).manifest.config["words"]
    wish = f"{words[0]} {words[1]} unheardof"
    made = at.generate(run.run.recipe.model, prompt=wish)
    at.shot("by-prompt")
    assert made.done == len(made.places) > 0
    assert {place.data["prompt"] for place in made.places} == {wish}
    assert {place.data["ignored"] for place in made.places} == {"unheardof"}


def test_continuing_from_a_model_changes_it(opened, tmp_path):
    """The child starts from its parent's weights and ends elsewhere."""
    at = opened()
    source = desk.class_folders(tmp_path / "all", PICTURES)
    one = next(path for path in sorted(source.iterdir()) if path.name.startswith("Sneaker"))
    at.add_data(one, title="Sneakers only")
    at.choose("gan", parent="tiny-gan")
    at.set_steps(20)
    at.train()
    model = at.state.run.run.recipe.model
    assert at.state.run.run.recipe.start_from == "tiny-gan"
    at.wait("done")
    at.wait_model(model)
    made = at.app.studio.library.get(model).manifest
    assert made.training.parent == "tiny-gan"
    assert (at.app.studio.runs.folder(at.state.run.current) / "parent.json").is_file()
    assert at.app.studio.library.get("tiny-gan").manifest.sha256 != made.sha256


KILLED = """
import os, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from genstudio.core.paths import Home
from genstudio.ui.app import make_application
from tests.helpers.trainer_desk import Desk
from tests.helpers.drive import until
make_application([])
at = Desk(Home(Path(sys.argv[1])))
at.state.data.refresh()
at.state.data.choose("shapes")
at.choose("vae")
at.set_steps(100000, sample_every=50, validate_every=50)
print(at.train(), flush=True)
until(lambda: len(at.state.run.samples) >= 2, "samples", 200)
print("trains", flush=True)
until(lambda: False, "the end", 600)
"""


def test_killed_in_the_middle_it_is_resumed_in_a_new_window(opened, tiny_copy, tmp_path):
    words = [sys.executable, "-c", KILLED, str(tiny_copy.root)]
    killed = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    with killed:
        run = killed.stdout.readline().strip()
        assert killed.stdout.readline().strip() == "trains"
        os.kill(killed.pid, signal.SIGKILL)
    at = opened()
    page = at.page("run")
    state = at.state.run
    if state.current != run:
        state.follow(run)
    until(lambda: state.run is not None, "the run", 30)
    # The worker notices within seconds that its window is gone, saves and leaves.
    until(lambda: state.phase in ("paused", "interrupted"), "its rest", 60)
    before = state.step
    assert len(state.samples) >= 1
    at.shot("after-a-kill")
    assert page.isVisible()
    click(at.panel.foot.resume)
    until(lambda: state.phase == "running" and state.step > before, "going on", 120)
    until(at.panel.foot.pause.isVisible, "the button", 30)
    until(at.panel.foot.pause.isEnabled, "a button that can be pressed", 30)
    click(at.panel.foot.pause)
    at.wait("paused", 240)
    click(at.panel.foot.keep_paused)
    at.wait("done", 240)
    at.wait_model(state.run.recipe.model)
    rest(0.2)
