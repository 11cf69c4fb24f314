"""The real window over real workers and models, by mouse and keyboard, as a new user would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from genstudio.core.files import TEMP_MARK
from genstudio.core.paths import Home
from genstudio.media import animation, image, provenance
from genstudio.ui.app import Application, dress
from genstudio.ui.theme import theme
from tests.helpers.drive import CTRL, click, drag, press, rest, until
from tests.helpers.sources import ROOT

KEY = Qt.Key


@pytest.fixture
def opened(tiny_copy: Home, qapp) -> Iterator:
    """`opened()` starts the window on the data folder; every one is closed at the end."""
    dress(qapp)
    theme().set_still(True)
    windows: list[Application] = []

    def open_window() -> Application:
        application = Application(tiny_copy)
        windows.append(application)
        application.show()
        until(lambda: application.state is not None, "the studio")
        until(lambda: application.window.area(), "the first panel")
        application.window.activateWindow()
        return application

    yield open_window
    for application in windows:
        close(application)


@pytest.fixture
def home(tiny_copy: Home) -> Home:
    return tiny_copy


def close(application: Application) -> None:
    """As the user does; workers are gone when this returns."""
    if not isValid(application):
        return
    application.window.close()
    application.stop()
    application.window.deleteLater()
    application.deleteLater()
    rest(0.05)


def panel(application: Application, area: str = "image"):
    if application.window.area() != area:
        application.window.show_area(area)
        rest(0.1)
    return application.window.panels[area]


def choose(application: Application, model: str, task: str) -> None:
    """Click the model's card and the task's pill."""
    asking = panel(application).asking
    if not asking.cards._cards[model].isVisible():
        click(asking.cards.every)
    click(asking.cards._cards[model])
    if asking.tasks.isVisible():
        click(asking.tasks.pill(task))
    assert application.state.generation.ask.task_name == task


def generate(application: Application):
    """Ctrl+Return, and wait for all of it."""
    state = application.state.generation
    before = state.shown
    press(application.window, KEY.Key_Return, CTRL)
    # One picture of a warm model may be there before the first look.
    until(lambda: state.running is not None or state.shown is not before, "the start", 10)
    made = state.running or state.shown
    until(lambda: not made.running, "the results", 120)
    assert made.problem is None, made.problem
    return made


def files_in(folder: Path) -> set[Path]:
    """Finished files: one that is being written carries a mark, its reserved name is empty."""
    found = (path for path in folder.rglob("*") if TEMP_MARK not in path.name)
    return {path for path in found if path.is_file() and path.stat().st_size}


def test_from_the_first_press_to_an_exported_file_and_back(opened, home, tmp_path):
    application = opened()
    image_panel, state = panel(application), application.state
    grid = image_panel.results.grid
    assert image_panel.results.page == "empty"
    choose(application, "tiny-gan", "sample")
    first = generate(application)
    assert grid.count() == 16
    assert all(cell.image is not None and Path(cell.path).is_file() for cell in grid.cells())

    # Select by mouse, star and look closer by key.
    click(grid.viewport(), grid.visualRect(grid.model().index(5, 0)).center())
    assert grid.selected() == [5]
    press(grid, KEY.Key_Period)
    assert grid.cell(5).starred
    press(grid, KEY.Key_Return)
    assert image_panel.results.page == "large"
    press(image_panel.results.large, KEY.Key_Right)
    press(image_panel.results.large, KEY.Key_Left)
    press(image_panel.results.large, KEY.Key_Escape)
    assert image_panel.results.page == "grid"

    # Variations are near their parent, and make a round of their own.
    press(grid, KEY.Key_V)
    until(lambda: state.generation.running is None, "variations", 60)
    assert state.generation.shown is not first
    click(image_panel.results.bar.older)
    assert grid.cell(5).starred

    # Export the selected one, enlarged, with all it needs to be made again.
    grid.select([5])
    press(grid, KEY.Key_E, CTRL)
    sheet = image_panel.export
    state.exports.set_folder(tmp_path / "out")
    click(sheet.scale.pill("4"))
    click(sheet.go)
    until(lambda: files_in(tmp_path / "out"), "the exported file", 60)
    (written,) = files_in(tmp_path / "out")
    assert image.read(written).shape[:2] == (112, 112)
    found = provenance.read(written)
    assert found.provenance.request.seed == first.request.seed
    assert found.source_type == "trained"

    # Dropped on another day it restores its settings: the very same picture.
    state.generation.ask.reset_values()
    state.generation.ask.set_seed(1, locked=False)
    offers: list = []
    state.drop.described.connect(offers.append)
    state.drop.describe([str(written)])
    until(lambda: offers, "what the file is", 20)
    state.drop.accept(offers[-1], "settings")
    again = generate(application)
    assert again.request == first.request
    before = image.read(first.places[5].path)
    assert (image.read(again.places[5].path) == before).all()


def test_everything_is_there_after_a_restart(opened, home):
    application = opened()
    choose(application, "tiny-gan", "sample")
    count = panel(application).asking.form.field("count")
    count.box.setFocus()
    count.box.selectAll()
    QTest.keyClicks(count.box, "6")
    press(count.box, KEY.Key_Return)
    generate(application)
    panel(application).results.grid.select([2])
    panel(application, "gallery").search.setText("seed:42")
    close(application)

    again = opened()
    assert again.window.area() == "gallery"
    assert panel(again, "gallery").search.text() == "seed:42"
    image_panel = panel(again)
    assert image_panel.results.grid.count() == 6
    assert image_panel.asking.generate.text() == "Generate 6"
    assert all(cell.image is not None for cell in image_panel.results.grid.cells())


def test_dragging_a_slider_redraws_and_keeps_nothing(opened, home):
    application = opened()
    choose(application, "tiny-gan", "sample")
    generate(application)
    image_panel, state = panel(application), application.state.generation
    kept, shown = files_in(home.gallery), []
    state.place_changed.connect(shown.append)
    slider = image_panel.asking.form.field("truncation").slider
    middle = slider.height() // 2
    start = slider.width() - 6
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(start, middle))
    for step in range(1, 30):
        QTest.mouseMove(slider, QPoint(start - 2 * step, middle))
        rest(0.02)
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(start - 60, middle))
    until(lambda: len(set(shown)) == 16, "the whole grid after the hand has come to rest", 30)
    assert image_panel.answer.title.text() == "Live preview"
    assert files_in(home.gallery) == kept
    seed = state.shown.request.seed
    made = generate(application)
    assert made.request.seed == seed
    assert made.request.values["truncation"] < 1


def test_before_and_after_and_a_painted_mask(opened, home):
    application = opened()
    choose(application, "tiny-vae", "sample")
    made = generate(application)
    picture = made.places[0].path
    choose(application, "tiny-vae", "reconstruct")
    asking = panel(application).asking
    assert not asking.generate.isEnabled()
    application.state.generation.ask.set_input("image", picture)
    after = generate(application)
    assert panel(application).results.page == "compare"
    assert "Error" in panel(application).results.bar.caption.text()
    assert after.places[0].path.is_file()

    choose(application, "tiny-vae", "complete")
    click(next(b for b in asking.form.findChildren(type(asking.paste)) if "Paint" in b.text()))
    mask = panel(application).results.canvas.mask
    until(lambda: panel(application).results.page == "mask", "the mask page")
    canvas = mask.editor.canvas
    until(lambda: not canvas.image().isNull(), "the picture to paint on")
    rest(0.3)  # it finds its place
    middle = canvas.rect().center()
    drag(canvas, [middle + QPoint(10 * x, 0) for x in range(-6, 7)])
    until(asking.generate.isEnabled, "the button, once there is a mask")
    filled = generate(application)
    assert filled.done == 4
    kept = image.read(picture)
    region = image.read(application.state.generation.ask.inputs["mask"])
    new = image.read(filled.places[0].path)
    outside = image.fit(region, kept.shape[0], 1)[..., 0] == 0
    assert outside.any()
    assert (new[outside] == kept[outside]).mean() > 0.95

    # One of the results goes on: the same region again, with the mask it was made with.
    grid = panel(application).results.grid
    grid.select([1])
    grid.setFocus()
    press(grid, KEY.Key_U)
    menu = QApplication.activePopupWidget()
    menu.actions()[0].trigger()
    menu.close()
    until(lambda: panel(application).results.page == "mask", "the canvas again")
    until(lambda: not mask.editor.is_empty(), "the mask again")
    assert application.state.generation.ask.inputs["image"] == filled.places[1].path

    # Closed while one paints: picture and mask are there at the next start.
    drag(canvas, [middle + QPoint(0, 12 * y) for y in range(-6, 7)])
    painted = mask.editor.mask()
    close(application)
    application = opened()
    canvas_side = panel(application).results.canvas
    press(application.window, KEY.Key_Q)
    until(lambda: panel(application).results.page == "mask", "the canvas at a new start")
    until(lambda: canvas_side.mask.editor.mask() == painted, "what was painted")


def test_an_animation_plays_and_leaves_as_gif_webp_and_mp4(opened, tmp_path):
    application = opened()
    choose(application, "tiny-gan", "interpolate")
    ask = application.state.generation.ask
    ask.set_values({"frames": 8, "fps": 12})
    generate(application)
    image_panel = panel(application)
    player = image_panel.results.animation.player
    until(lambda: player.count() == 8 and player.playing(), "the animation", 30)
    for ext in (".gif", ".webp", ".mp4"):
        application.state.exports.set_folder(tmp_path / ext[1:])
        image_panel.run("export")
        click(image_panel.export.format.pill(ext))
        click(image_panel.export.go)
        until(lambda ext=ext: files_in(tmp_path / ext[1:]), f"the {ext} file", 60)
        (written,) = files_in(tmp_path / ext[1:])
        if ext != ".mp4":
            frames, fps = animation.read(written)
            assert len(frames) == 8
            assert fps == pytest.approx(12, rel=0.05)
        assert provenance.read(written).provenance is not None


def test_the_gallery_finds_deletes_and_brings_back(opened, home):
    application = opened()
    choose(application, "tiny-gan", "sample")
    application.state.generation.ask.set_values({"count": 5})
    made = generate(application)
    press(application.window, KEY.Key_2, CTRL)
    gallery = panel(application, "gallery")
    grid = gallery.view.grid
    until(lambda: all(c.image is not None for c in grid.cells()), "thumbnails", 30)
    gallery.search.setFocus()
    QTest.keyClicks(gallery.search, f"seed:{made.request.seed} model:tiny-gan")
    until(lambda: grid.count() == 5, "the search", 20)
    grid.select([0, 1])
    grid.setFocus()
    press(grid, KEY.Key_Delete)
    assert grid.count() == 3
    press(application.window, KEY.Key_Z, CTRL)
    assert grid.count() == 5
    grid.select([4])
    press(grid, KEY.Key_A)
    assert application.window.area() == "image"
    assert application.state.generation.ask.seed == made.request.seed


def test_a_worker_that_dies_costs_one_sentence(opened):
    application = opened()
    choose(application, "tiny-gan", "sample")
    generate(application)
    problems: list = []
    application.state.problem.connect(problems.append)
    state = application.state.generation
    state.ask.set_values({"count": 256})
    before = state.shown
    press(application.window, KEY.Key_Return, CTRL)
    # One picture of a warm model may be there before the first look.
    until(lambda: state.running is not None or state.shown is not before, "the start", 10)
    made = state.running or state.shown
    _kill_workers()
    until(lambda: not made.running, "the sentence", 30)
    if made.problem is not None:
        assert problems
        assert "Traceback" not in made.problem.sentence
    state.ask.set_values({"count": 2})
    assert generate(application).done == 2


def _kill_workers() -> None:
    import signal

    from tests.helpers import leaks

    for child in leaks.children():
        os.kill(child, signal.SIGKILL)


def test_models_are_checked_exported_removed_and_imported(opened, home, tmp_path, monkeypatch):
    from PySide6.QtWidgets import QFileDialog

    application = opened()
    models = panel(application, "models")
    click(models.cards._cards["tiny-vae"])
    click(models.actions.button("verify"))
    until(lambda: models.page.verdict.text() == "Sound", "the verdict", 60)
    target = tmp_path / "mine.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    click(models.actions.button("export"))
    until(target.is_file, "the zip", 60)
    models.run("remove")  # folded into More where the bar is narrow
    until(lambda: "tiny-vae" not in models.cards.ids(), "the removal", 10)
    models.drop.dropped.emit([str(target)])
    until(lambda: "tiny-vae" in models.cards.ids(), "the import", 60)
    until(lambda: not application.state.queue.open_jobs, "its check", 60)
    click(models.use)
    assert application.window.area() == "image"


# ---- a real process on a real display


def _tools() -> str:
    missing = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
    return ", ".join(missing)


@pytest.fixture
def display() -> Iterator[str]:
    """A display of its own."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    # The number and its newline are written apart: read to the end before closing.
    with os.fdopen(reader) as said:
        number = said.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.mark.skipif(bool(_tools()), reason=f"{_tools()} not installed")
def test_a_process_of_its_own_by_keyboard(display, home):
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "GENSTUDIO_HOME": str(home.root),
    }

    def xdo(*words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, timeout=60
        )
        return done.stdout.strip()

    program = subprocess.Popen([sys.executable, "-m", "genstudio"], cwd=ROOT, env=environment)
    try:
        window = _wait(lambda: xdo("search", "--onlyvisible", "--name", "^GenStudio").split()[:1])
        xdo("windowfocus", "--sync", window[0])
        _wait(lambda: (home.root / "running.json").exists())

        def pressed_until(seen) -> None:  # type: ignore[no-untyped-def]
            for _ in range(10):
                xdo("key", "ctrl+Return")
                if _soon(seen, 8):
                    return
            raise AssertionError("nothing was made")

        pressed_until(lambda: len(list(home.gallery.rglob("*.png"))) >= 16)
        xdo("key", "ctrl+q")
        assert program.wait(30) == 0
    finally:
        if program.poll() is None:
            program.kill()
            program.wait(10)
    assert not (home.root / "running.json").exists()


def _wait(seen, seconds: float = 60.0):  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < end, "not seen in time"
        time.sleep(0.1)
    return found


def _soon(seen, seconds: float) -> bool:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if seen():
            return True
        time.sleep(0.1)
    return False
