"""Makes the pictures of the documentation: every panel, dark and light.

    python docs/screenshots.py [--out docs/images] [--only image-grid] [--sizes 1280x800]

Runs the real window, offscreen, over a data folder of its own with the models in `models/`; the
seeds are fixed, so the same models give the same pictures.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import music_scenes  # noqa: E402
import prompt_scenes  # noqa: E402
import text_scenes  # noqa: E402
from PIL import Image  # noqa: E402
from PySide6.QtCore import QBuffer, QPoint  # noqa: E402
from PySide6.QtGui import QPixmap  # noqa: E402
from PySide6.QtWidgets import QScrollArea  # noqa: E402

from genstudio.core import files  # noqa: E402
from genstudio.core.paths import Home  # noqa: E402
from genstudio.ui.app import Application, make_application  # noqa: E402
from genstudio.ui.theme import theme  # noqa: E402
from genstudio.ui.widgets.result_grid import ResultGrid  # noqa: E402
from tests.helpers import trainer_desk  # noqa: E402
from tests.helpers.drive import drag, rest, until  # noqa: E402

SIZES = ("1280x800",)
THEMES = ("dark", "light")
SEED = 20261121


@dataclass
class Stage:
    """The running window and what the scenes need of it."""

    app: Application

    @property
    def generation(self):  # type: ignore[no-untyped-def]
        return self.app.state.generation

    @property
    def image(self):  # type: ignore[no-untyped-def]
        return self.app.window.panels["image"]

    def model_with(self, task: str) -> str:
        """The first model that has a task of this name."""
        models = self.generation.ask.models
        return next((m.id for m in models if any(t.name == task for t in m.tasks)), "")

    def ask(self, task: str, model: str = "", **values) -> None:
        """Choose model and task, set values, lock the seed."""
        ask = self.generation.ask
        ask.set_model(model or self.model_with(task))
        ask.set_task(task)
        ask.reset_values()
        ask.set_values(values)
        ask.set_seed(SEED, locked=True)

    def make(self, task: str, model: str = "", **values) -> None:
        """Ask and wait for all results."""
        self.ask(task, model, **values)
        said: list[str] = []
        self.generation.problem.connect(lambda problem: said.append(problem.sentence))
        made = self.generation.submit()
        assert made is not None, f"{task} was refused: {said} {self.generation.ask.missing()}"
        until(lambda: not made.running, task, 180)
        assert made.problem is None, made.problem
        rest(0.4)

    def show(self, area: str) -> None:
        """Bring a panel into sight."""
        self.app.window.show_area(area)
        rest(0.2)

    def picture(self) -> Path:
        """A result to work on: the newest picture in the gallery that a model made up."""
        recent = self.app.state.gallery.recent_pictures()
        makers = [a for a in recent if a.provenance.request.task == "sample"]
        return self.app.studio.gallery.path(makers[3 if len(makers) > 3 else 0])


def scene_empty(stage: Stage) -> None:
    """Before the first press."""
    stage.show("image")
    stage.ask("sample")


def scene_grid(stage: Stage) -> None:
    """A class-conditional grid with one result selected."""
    stage.show("image")
    stage.make("sample", "fashion-gan", count=24)
    stage.image.results.grid.select([8])
    stage.image.results.grid.setFocus()


def scene_details(stage: Stage) -> None:
    """Details and export beside the results."""
    scene_grid(stage)
    stage.image.run("details")
    rest(0.2)


def scene_export(stage: Stage) -> None:
    """The export sheet with what is written."""
    scene_grid(stage)
    stage.image.run("export")
    stage.image.export.shown.set_open(True)
    rest(0.2)


def scene_variations(stage: Stage) -> None:
    """Variations of one result."""
    stage.show("image")
    stage.make("sample", "fashion-gan", count=16)
    stage.image.results.grid.select([3])
    stage.image.run("variations")
    until(lambda: stage.generation.running is None, "variations", 120)
    rest(0.3)


def scene_morph(stage: Stage) -> None:
    """An animation that plays."""
    stage.show("image")
    stage.make("interpolate", "fashion-gan")
    player = stage.image.results.animation.player
    until(lambda: player.count() > 1, "the frames", 60)
    player.pause()
    player.set_frame(12)


def scene_before_after(stage: Stage) -> None:
    """A task with before and after."""
    stage.show("image")
    path = stage.picture()
    stage.ask("denoise")
    stage.generation.ask.set_input("image", path)
    stage.make("denoise")
    until(lambda: stage.image.results.single.before is not None, "the input", 30)


def scene_mask(stage: Stage) -> None:
    """Painting the part to make anew."""
    stage.show("image")
    path = stage.picture()
    stage.ask("complete")
    stage.generation.ask.set_input("image", path)
    stage.image.results.canvas.open()
    rest(1.5)
    canvas = stage.image.results.canvas.mask.editor.canvas
    middle = canvas.rect().center()
    drag(canvas, [middle + QPoint(x, 60 + abs(x) // 6) for x in range(-120, 121, 12)])


def scene_report(stage: Stage) -> None:
    """What a judge sees in a picture."""
    stage.show("image")
    path = stage.picture()
    stage.ask("classify")
    stage.generation.ask.set_input("image", path)
    stage.make("classify")
    rest(0.3)


def scene_gallery(stage: Stage) -> None:
    """Everything made so far."""
    stage.show("gallery")
    view = stage.app.window.panels["gallery"].view
    view.grid.select([2])
    until(lambda: all(c.image is not None for c in view.grid.cells()[:30]), "thumbnails", 30)
    rest(0.3)


def scene_gallery_details(stage: Stage) -> None:
    """A result of the gallery with its details."""
    scene_gallery(stage)
    panel = stage.app.window.panels["gallery"]
    if panel.view.details.isHidden():
        panel.run("details")
    rest(0.2)


def scene_models(stage: Stage) -> None:
    """A model with its scores and card."""
    stage.show("models")
    stage.app.state.models.choose(stage.model_with("sample"))
    rest(0.2)


def scene_models_quality(stage: Stage) -> None:
    """How good a model is."""
    scene_models(stage)
    stage.app.window.panels["models"].show_page("quality")
    rest(0.2)


def scene_models_compare(stage: Stage) -> None:
    """Several models in a table and a radar plot; the plot is in sight."""
    scene_models(stage)
    panel = stage.app.window.panels["models"]
    panel.show_page("compare")
    rest(0.2)
    bar = panel.compare.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    rest(0.2)


def scene_train_new(stage: Stage) -> None:
    """Before there is any data: starters and a place to drop."""
    stage.show("train")
    stage.app.state.data.open_new()
    rest(1.0)


def scene_train_report(stage: Stage) -> None:
    """What a dropped folder would become, before anything is kept."""
    stage.show("train")
    folder = Path(stage.app.studio.home.root) / "my sprites"
    if not folder.exists():
        trainer_desk.with_broken_files(folder, 300, broken=6)
    data = stage.app.state.data
    data.look([folder])
    until(lambda: data.importing.phase == "ready", "the report", 120)
    rest(0.5)


def scene_train_data(stage: Stage) -> None:
    """The pictures of a dataset."""
    stage.show("train")
    data = stage.app.state.data
    if data.importing.active:
        data.leave_import()
    data.add_starter("sprites")
    until(lambda: data.current == "sprites" and data.mode == "browse", "the starter", 120)
    stage.app.state.training.show_page("data")
    training = stage.app.state.training
    training.choose_family("vae")
    training.choose_budget("hour")
    until(lambda: training.plan.measurement is not None, "the plan", 120)
    rest(2.0)


def scene_train_run(stage: Stage) -> None:
    """A training in full swing."""
    scene_train_data(stage)
    training, run = stage.app.state.training, stage.app.state.run
    for name, value in {"steps": 2400, "sample_every": 60, "validate_every": 60}.items():
        training.set_setting(name, value)
    until(lambda: training.plan.measurement is not None, "the plan", 120)
    training.start()
    until(lambda: len(run.samples) >= 8, "samples", 900)
    training.show_page("run")
    rest(1.0)


def scene_train_runs(stage: Stage) -> None:
    """All runs so far; the last one has become a model."""
    stage.show("train")
    run = stage.app.state.run
    if run.active:
        run.keep()
        until(lambda: run.phase == "done", "the end of the training", 300)
    stage.app.state.training.show_page("runs")
    rest(1.5)


def scene_settings(stage: Stage) -> None:
    """The settings."""
    stage.show("settings")


SCENES: dict[str, Callable[[Stage], None]] = {
    "image-empty": scene_empty,
    "image-grid": scene_grid,
    "image-details": scene_details,
    "image-export": scene_export,
    "image-variations": scene_variations,
    "image-morph": scene_morph,
    "image-before-after": scene_before_after,
    "image-mask": scene_mask,
    "image-report": scene_report,
    **prompt_scenes.SCENES,
    **text_scenes.SCENES,
    **music_scenes.SCENES,
    "gallery": scene_gallery,
    "gallery-details": scene_gallery_details,
    "models": scene_models,
    "models-quality": scene_models_quality,
    "models-compare": scene_models_compare,
    "train-new": scene_train_new,
    "train-report": scene_train_report,
    "train-data": scene_train_data,
    "train-run": scene_train_run,
    "train-runs": scene_train_runs,
    "settings": scene_settings,
}


def tidy(stage: Stage) -> None:
    """Close what a scene has opened, so that the next one starts clean."""
    image = stage.app.window.panels.get("image")
    if image is not None:
        image.export.close_sheet()
        image.export.shown.set_open(False)
        image.results.details.hide()
        image.results.show_round()
    gallery = stage.app.window.panels.get("gallery")
    if gallery is not None:
        gallery.view.details.hide()
    models = stage.app.window.panels.get("models")
    if models is not None:
        models.show_page("page")


def small(data: bytes) -> bytes:
    """The PNG as WebP: a fifth of the size, and the words stay sharp."""
    result = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").save(result, "WEBP", quality=84, method=5)
    return result.getvalue()


def sharp(stage: Stage) -> QPixmap:
    """The window once every picture of its grids is drawn well (each turn draws a few)."""
    for _ in range(200):
        drawn = stage.app.window.grab()
        grids = stage.app.window.findChildren(ResultGrid)
        if not any(g.isVisible() and g.itemDelegate().unfinished for g in grids):
            return drawn
        rest(0.02)
    raise RuntimeError("the pictures of the grid were never all drawn")


def keep(stage: Stage, path: Path) -> None:
    """Write the window as it is seen, with the focus where one is, not on the rail."""
    focus = stage.app.window.focusWidget()
    if focus is not None and not isinstance(focus, ResultGrid):
        focus.clearFocus()
    rest(0.25)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    sharp(stage).save(buffer, "PNG")
    files.write_bytes(path, small(bytes(buffer.data().data())))
    print(path.name, flush=True)


def run(out: Path, home: Path, wanted: list[str], sizes: list[str]) -> None:
    """All scenes in all themes and sizes; a scene is played once for all of its pictures."""
    make_application([])
    application = Application(Home(home))
    application.show()
    until(lambda: application.state is not None, "the studio")
    stage = Stage(application)
    try:
        for name, scene in SCENES.items():
            if wanted and name not in wanted:
                continue
            scene(stage)
            for size in sizes:
                width, height = (int(part) for part in size.split("x"))
                application.window.resize(width, height)
                for shade in THEMES:
                    theme().choose(shade)
                    keep(stage, out / f"{name}-{shade}-{size}.webp")
            tidy(stage)
    finally:
        application.window.close()
        application.stop()


def main() -> None:
    """Read the words of the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--home", type=Path, help="a data folder to use instead of a fresh one")
    parser.add_argument("--only", nargs="*", default=[], choices=sorted(SCENES))
    parser.add_argument("--sizes", nargs="*", default=list(SIZES))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(chosen.out, chosen.home or Path(folder) / "home", chosen.only, chosen.sizes)


if __name__ == "__main__":
    main()
