"""The canvas of the Image panel: masks and frames over the picture that a task starts from."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from genstudio.core.controls import Float, ImageInput, Int, MaskInput
from genstudio.core.family import Task
from genstudio.ui.panels.image import ImagePanel
from genstudio.ui.widgets.mask_slot import MaskSlot
from genstudio.ui.widgets.start_preview import StartPreview
from tests.helpers.fake_studio import FakeModel, png

PICTURE = ImageInput(name="image", label="Picture")
SIDES = tuple(
    Int(name=name, label=name, default=8, low=0, high=64, step=8)
    for name in ("left", "right", "up", "down")
)
EXTEND = Task(name="extend", title="Extend", verb="Extend", controls=(PICTURE, *SIDES))
SOFT = Int(name="feather", label="Soft edge", default=2, low=0, high=8)
FILL = Task(
    name="soft",
    title="Fill softly",
    verb="Fill",
    controls=(PICTURE, MaskInput(name="mask", label="Region"), SOFT),
)
STRENGTH = Float(name="strength", label="Strength", default=0.6, low=0, high=1, role="noise")
CHANGE = Task(name="change", title="Change", verb="Change", controls=(PICTURE, STRENGTH))


@pytest.fixture
def panel(everything) -> ImagePanel:
    everything.studio.library.models.append(FakeModel("painter", "Painter", (FILL, EXTEND, CHANGE)))
    everything.state.generation.ask.reload_models()
    return everything.shown(ImagePanel(everything.state))


@pytest.fixture
def ask(panel, state):
    return state.generation.ask


@pytest.fixture
def picture(tmp_path) -> Path:
    path = tmp_path / "a.png"
    path.write_bytes(png(32))
    return path


@pytest.fixture
def opened(panel, ask, picture, qtbot):
    """`opened(task)` puts a picture into the task and waits for its canvas."""

    def open_canvas(task: str, page: str):
        ask.set_model("painter")
        ask.set_task(task)
        panel.asking.form.input_changed.emit("image", str(picture))
        qtbot.waitUntil(lambda: panel.results.page == page)
        return panel.results.canvas.pages[page].editor

    return open_canvas


def wide(tmp_path: Path) -> Path:
    import numpy as np

    from genstudio.media import image

    path = tmp_path / "wide.png"
    path.write_bytes(image.png(np.full((20, 40, 3), 99, np.uint8)))
    return path


# ---- mask


def test_a_picture_put_in_by_hand_is_shown_to_paint_on(panel, opened):
    editor = opened("soft", "mask")
    assert panel.answer.title.text() == "Part to make anew"
    assert panel.focusWidget() is editor.canvas
    assert not panel.actions.isVisible()
    assert panel.results.bar.back.isVisible()


def test_every_stroke_counts_at_once(panel, opened, ask, studio):
    editor = opened("soft", "mask")
    assert not panel.asking.generate.isEnabled()
    editor.canvas.stroke([QPointF(16, 16)])
    assert panel.asking.generate.isEnabled()
    assert "1 % of the picture" in panel.asking.form.findChild(MaskSlot).words.text()
    panel.activateWindow()
    QTest.keyClick(editor.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    request = studio.queue.last.request
    assert Path(request.inputs["mask"]).read_bytes() == editor.mask_png()
    assert panel.results.page == "grid", "the results come into sight"
    editor.canvas.undo()
    assert ask.given("mask") is None
    assert not panel.asking.generate.isEnabled()


def test_q_goes_back_and_forth_and_steps_of_undo_stay(panel, opened, qtbot):
    editor = opened("soft", "mask")
    editor.canvas.stroke([QPointF(8, 8)])
    panel.activateWindow()
    QTest.keyClick(editor.canvas, Qt.Key.Key_Q)
    assert panel.results.page != "mask"
    assert panel.results.bar.canvas.isVisible()
    QTest.keyClick(panel, Qt.Key.Key_Q)
    assert panel.results.page == "mask"
    assert editor.canvas.can_undo()
    assert not editor.is_empty()
    assert panel.cancel(), "Esc leaves the canvas"
    assert panel.results.page != "mask"


def test_the_form_takes_the_mask_away_and_brings_the_last_one_back(panel, opened, ask, qtbot):
    editor = opened("soft", "mask")
    editor.invert()
    slot = panel.asking.form.findChild(MaskSlot)
    slot.remove.click()
    assert editor.is_empty()
    assert slot.again.isVisible()
    slot.again.click()
    qtbot.waitUntil(lambda: not editor.is_empty())
    assert not slot.again.isVisible()
    editor.canvas.undo()
    assert ask.given("mask") is None, "and that can be undone on the canvas"


def test_the_mask_of_a_restart_lies_on_the_canvas(panel, ask, picture, qtbot):
    ask.set_model("painter")
    ask.set_task("soft")
    ask.set_input("image", picture)
    ask.set_draft("mask", png(16, "#ffffff"))
    panel.results.canvas.open()
    editor = panel.results.canvas.mask.editor
    qtbot.waitUntil(lambda: editor.canvas.share() == 1.0)
    assert ask.given("mask") == png(16, "#ffffff"), "looking at it does not change it"


def test_a_mask_is_loaded_from_a_file(panel, opened, ask, tmp_path, heard, qtbot, monkeypatch):
    editor = opened("soft", "mask")
    said = heard(panel._all.said)
    white = tmp_path / "region.png"
    white.write_bytes(png(8, "#ffffff"))
    chosen = [(str(white), ""), ("", "")]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: chosen.pop(0))
    editor.load.click()
    qtbot.waitUntil(lambda: editor.canvas.share() == 1.0)
    assert ask.given("mask") == editor.mask_png()
    editor.load.click()
    assert said == []
    editor.canvas.undo()
    assert editor.is_empty()


@pytest.mark.parametrize("kind", ["black", "wide", "text"])
def test_what_a_loaded_mask_lacks_is_said(panel, opened, tmp_path, heard, qtbot, kind):
    opened("soft", "mask")
    said, problems = heard(panel._all.said), heard(panel._all.problem)
    path = tmp_path / f"{kind}.png"
    if kind == "wide":
        path = wide(tmp_path)
    else:
        path.write_bytes(png(8, "#000000") if kind == "black" else b"no picture")
    panel.results.canvas.load_mask(path)
    qtbot.waitUntil(lambda: bool(said or problems))
    if kind == "text":
        assert path.name in problems[0].sentence
    else:
        assert {"black": "no white", "wide": "stretched"}[kind] in said[0][0]


def test_a_picture_that_cannot_be_read_is_said(panel, ask, tmp_path, heard, qtbot):
    problems = heard(panel._all.problem)
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    ask.set_model("painter")
    ask.set_task("soft")
    panel.asking.form.input_changed.emit("image", str(bad))
    qtbot.waitUntil(lambda: bool(problems))
    assert panel.results.page != "mask"


def test_the_soft_edge_follows_the_form(panel, opened):
    editor = opened("soft", "mask")
    assert editor.canvas.feather() == 2
    panel.asking.form.changed.emit("feather", 5, True)
    assert editor.canvas.feather() == 5


def test_another_picture_comes_onto_the_canvas_with_an_empty_mask(panel, opened, tmp_path, qtbot):
    editor = opened("soft", "mask")
    editor.invert()
    panel.asking.form.input_changed.emit("image", str(wide(tmp_path)))
    qtbot.waitUntil(lambda: editor.canvas.image().width() == 40)
    assert editor.is_empty()
    assert editor.canvas._crop.width() == 20, "models take the square in the middle"
    panel.asking.form.input_changed.emit("image", "")
    assert panel.results.page != "mask"


def test_choosing_the_task_shows_the_canvas_while_the_mask_is_missing(panel, ask, picture, qtbot):
    ask.set_model("painter")
    ask.set_task("change")
    ask.set_input("image", picture)
    panel.asking.tasks.changed.emit("soft")
    qtbot.waitUntil(lambda: panel.results.page == "mask")
    panel.asking.tasks.changed.emit("change")
    assert panel.results.page != "mask"
    assert not panel.results.bar.canvas.isVisible()
    ask.set_draft("mask", png(8, "#ffffff"))
    panel.asking.tasks.changed.emit("soft")
    assert panel.results.page != "mask"
    assert panel.results.bar.canvas.isVisible()


def test_brush_and_opacity_are_as_they_were_left(panel, opened, state, studio, shown):
    from genstudio.ui.state.studio_state import StudioState
    from tests.helpers.fake_studio import FakeBridge

    editor = opened("soft", "mask")
    editor._slider.setValue(33)
    editor.opacity.setValue(80)
    editor.canvas.stroke([QPointF(8, 8)])
    painted = state.generation.ask.given("mask")
    state.close()
    again = StudioState(studio, FakeBridge())
    canvas = shown(ImagePanel(again)).results.canvas.mask.editor.canvas
    assert (canvas.brush_size(), canvas.opacity()) == (33, 80)
    assert again.generation.ask.given("mask") == painted
    again.close()


# ---- frame


def test_frame_and_form_say_the_same(panel, opened, ask):
    editor = opened("extend", "extend")
    assert panel.answer.title.text() == "Extend the picture"
    assert editor.size_words.text() == "32 × 32  →  48 × 48 pixels"
    QTest.keyClick(editor.canvas, Qt.Key.Key_Right)
    assert ask.values["right"] == 16
    assert panel.asking.form.values()["right"] == 16
    panel.asking.form.changed.emit("up", 24, False)
    assert editor.canvas.values()["up"] == 24
    editor.ways["Not at all"].click()
    assert panel.asking.form.values() == dict.fromkeys(("left", "right", "up", "down"), 0)


def test_an_extended_picture_keeps_its_proportions(panel, opened, tmp_path, qtbot):
    editor = opened("extend", "extend")
    panel.asking.form.input_changed.emit("image", str(wide(tmp_path)))
    qtbot.waitUntil(lambda: editor.size_words.text().startswith("64 × 32"))


def test_without_a_picture_the_next_step_is_said(panel, ask, heard):
    said = heard(panel._all.said)
    ask.set_model("painter")
    for task, words in (("extend", "pull its frame"), ("soft", "paint over it")):
        ask.set_task(task)
        panel.results.canvas.open()
        assert words in said[-1][0]
    ask.set_task("change")
    panel.results.canvas.open()
    assert len(said) == 2, "no canvas, no word"


# ---- strength


def test_the_form_shows_what_a_strength_leaves(panel, ask, picture, qtbot):
    ask.set_model("painter")
    ask.set_task("change")
    preview = panel.asking.form.findChild(StartPreview)
    assert preview.start() is None
    ask.set_input("image", picture)
    qtbot.waitUntil(lambda: preview.start() is not None)
