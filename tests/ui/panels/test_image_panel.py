"""The Image panel by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from genstudio.core.events import Cancelled, Done
from genstudio.ui.panels.image import ImagePanel
from genstudio.ui.widgets.mask_slot import MaskSlot
from tests.helpers.fake_studio import png, preview, result


@pytest.fixture
def panel(everything) -> ImagePanel:
    return everything.shown(ImagePanel(everything.state))


def _press(widget, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, modifier)


def _labels(pills) -> list[str]:
    return [pill.text() for pill in pills.findChildren(type(pills.pill(pills.value())))]


# ---- asking


def test_the_form_is_built_from_the_tasks_controls(panel, state):
    names = [c.name for c in panel.asking.form.controls()]
    assert names[:3] == ["count", "kind", "amount"]
    assert names.count("seed") == 1
    assert panel.asking.tasks.value() == "make"
    assert panel.asking.generate.text() == "Generate 4"


def test_choosing_model_and_task_follows_through(panel, state):
    panel.asking.cards.chosen.emit("redoer")
    panel.asking.tasks.changed.emit("redo")
    assert (state.generation.ask.model_id, state.generation.ask.task_name) == ("redoer", "redo")
    assert [c.name for c in panel.asking.form.controls()] == ["image"]
    assert not panel.asking.generate.isEnabled()
    assert "picture" in panel.asking.hint.text()
    assert panel.asking.generate.text() == "Redo"


def test_a_field_changes_the_button_and_the_request(panel, state, studio):
    panel.asking.form.changed.emit("count", 9, False)
    assert panel.asking.generate.text() == "Generate 9"
    QTest.mouseClick(panel.asking.generate, Qt.MouseButton.LeftButton)
    assert studio.queue.last.request.values["count"] == 9


def test_a_locked_seed_is_kept_and_a_drawn_one_is_shown(panel, state, studio):
    panel.asking.form.changed.emit("seed", 77, False)
    state.generation.submit()
    assert studio.queue.last.request.seed == 77
    panel.asking.form.changed.emit("seed", None, False)
    state.generation.submit()
    drawn = studio.queue.last.request.seed
    seed = panel.asking.form.field("seed")
    assert seed.shown() == drawn
    assert not seed.locked()


def test_ctrl_return_generates_and_escape_cancels(panel, studio):
    panel.activateWindow()
    _press(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(studio.queue.submitted) == 1
    assert panel.asking.stop.isVisible()
    assert panel.cancel()
    assert studio.queue.cancelled == [studio.queue.last.job]


def test_a_live_field_redraws_at_once(panel, state, studio, rounds):
    rounds(4)
    panel.asking.form.changed.emit("amount", 0.5, True)
    assert studio.queue.last.request.live
    assert state.generation.sketch is not None
    assert panel.answer.title.text() == "Live preview"
    assert panel.asking.stop.text() == "Discard"
    assert "keeps it" in panel.asking.hint.text()
    state.generation.on_event(preview(studio.queue.last.job, 0))
    assert panel.results.grid.cell(0).passing
    panel.asking.stop.click()
    assert state.generation.sketch is None


def test_a_dropped_picture_shows_in_its_slot(panel, state, tmp_path, qtbot):
    state.generation.ask.set_model("redoer")
    state.generation.ask.set_task("redo")
    picture = tmp_path / "a.png"
    picture.write_bytes(png(32))
    panel.asking.form.input_changed.emit("image", str(picture))
    assert panel.asking.generate.isEnabled()
    zone = panel.asking.form.field("image")
    qtbot.waitUntil(lambda: zone._image is not None, timeout=5000)
    panel.asking.form.input_changed.emit("image", "")
    assert state.generation.ask.inputs == {}


@pytest.mark.parametrize("kind", ["file", "pixels", "nothing"])
def test_the_clipboard_fills_the_slot(panel, state, tmp_path, heard, kind):
    state.generation.ask.set_model("redoer")
    state.generation.ask.set_task("redo")
    mime = QMimeData()
    if kind == "file":
        picture = tmp_path / "a.png"
        picture.write_bytes(png(32))
        mime.setUrls([QUrl.fromLocalFile(str(picture))])
    elif kind == "pixels":
        mime.setImageData(QImage.fromData(png(32)))
    QGuiApplication.clipboard().setMimeData(mime)
    said = heard(state.said)
    panel.asking.paste.click()
    if kind == "nothing":
        assert said[0][0] == "The clipboard holds no picture"
    else:
        assert state.generation.ask.inputs["image"].is_file()


def test_a_picture_is_taken_from_the_gallery(panel, state, rounds, qtbot):
    rounds(2)
    state.generation.ask.set_model("redoer")
    state.generation.ask.set_task("redo")
    panel.asking.pick.click()
    assert panel.picker.grid.count() == 2
    panel.picker.grid.opened.emit(0)
    assert state.generation.ask.inputs["image"].is_file()
    assert not panel.picker.isVisible()


def test_a_mask_is_painted_over_the_picture(panel, state, tmp_path, heard, qtbot):
    said = heard(state.said)
    state.generation.ask.set_model("redoer")
    state.generation.ask.set_task("fill")
    panel.asking.form.mask_requested.emit("mask")
    assert "picture first" in said[0][0]
    picture = tmp_path / "a.png"
    picture.write_bytes(png(32))
    state.generation.ask.set_input("image", picture)
    panel.asking.form.mask_requested.emit("mask")
    qtbot.waitUntil(lambda: panel.results.page == "mask")
    assert not panel.asking.generate.isEnabled()
    page = panel.results.canvas.mask
    page.editor.invert()
    assert state.generation.ask.given("mask") == page.editor.mask_png()
    assert panel.asking.generate.isEnabled()
    panel.results.bar.back.click()
    assert panel.results.page != "mask"
    slot = panel.asking.form.findChild(MaskSlot)
    qtbot.waitUntil(lambda: "100 %" in slot.words.text())
    slot.remove.click()
    assert state.generation.ask.given("mask") is None
    assert "Paint" in slot.paint.text()
    assert not panel.asking.generate.isEnabled()


def test_without_models_the_next_step_is_said(studio, state, shown):
    studio.library.models.clear()
    state.generation.ask.reload_models()
    panel = shown(ImagePanel(state))
    assert panel.results.page == "empty"
    assert not panel.asking.generate.isEnabled()
    assert "Import a model" in panel.asking.hint.text()


# ---- results


def test_places_are_there_at_once_and_fill(panel, state, studio):
    assert panel.results.page == "empty"
    asked = state.generation.submit()
    grid = panel.results.grid
    assert panel.results.page == "grid"
    assert grid.count() == 4
    assert panel.answer.title.text() == "0 of 4 results"
    state.generation.on_event(preview(asked.job, 1))
    assert grid.cell(1).passing
    state.generation.on_event(result(studio, asked.job, asked.request, 1, kind="boot"))
    assert not grid.cell(1).passing
    assert grid.cell(1).path
    assert "Kind boot" in grid.cell(1).name
    state.generation.on_event(Cancelled(job=asked.job))
    assert panel.answer.title.text() == "1 of 4 results, stopped"


def test_the_empty_states_button_generates(panel, studio):
    panel.results.empty.clicked.emit()
    assert len(studio.queue.submitted) == 1


def test_actions_follow_the_selection(panel, rounds):
    rounds(4)
    actions, grid = panel.actions, panel.results.grid
    assert not actions.able("variations")
    assert actions.able("export")
    grid.select([1])
    assert actions.able("variations")
    assert actions.able("delete")
    grid.select([0, 1])
    assert not actions.able("variations")
    assert actions.able("compare")
    grid.select([0, 1, 2])
    assert not actions.able("compare")


def test_keys_act_on_the_selected_result(panel, state, studio, rounds):
    asked = rounds(4)
    grid = panel.results.grid
    grid.select([2])
    grid.setFocus()
    state.generation.ask.reset_values()
    _press(grid, Qt.Key.Key_Period)
    assert studio.gallery.get("a2").starred
    _press(grid, Qt.Key.Key_S)
    assert (state.generation.ask.seed, state.generation.ask.first) == (asked.request.seed, 2)
    _press(grid, Qt.Key.Key_A)
    assert state.generation.ask.values == asked.request.values
    assert panel.results.details.isHidden()
    _press(grid, Qt.Key.Key_I)
    assert panel.results.details.isVisible()
    assert ("Seed", str(asked.request.seed)) in panel.results.details.facts.facts()
    _press(grid, Qt.Key.Key_Delete)
    assert studio.gallery.get("a2").trashed
    assert grid.count() == 3


def test_delete_and_undo_leave_all_as_it_was(panel, state, rounds, heard):
    said = heard(state.said)
    rounds(4)
    panel.results.grid.select([1])
    panel.run("delete")
    assert panel.results.grid.count() == 3
    said[-1][2]()
    assert panel.results.grid.count() == 4
    assert panel.answer.title.text() == "4 results"


def test_variations_and_settings_make_new_rounds(panel, state, studio, rounds):
    rounds(4)
    panel.results.grid.select([3])
    panel.run("variations")
    assert studio.queue.last.request.values["variation_of"] == 3
    assert panel.results.grid.count() == 16
    assert panel.results.bar.older.isVisible()
    panel.results.bar.older.click()
    assert panel.results.grid.count() == 4


def test_a_result_opens_large_and_arrows_walk(panel, rounds):
    rounds(4)
    grid, results = panel.results.grid, panel.results
    grid.select([1])
    grid.setFocus()
    _press(grid, Qt.Key.Key_Return)
    assert results.page == "large"
    assert panel.answer.title.text() == "Result 2 of 4"
    _press(results.large, Qt.Key.Key_Right)
    assert panel.answer.title.text() == "Result 3 of 4"
    assert [p.index for p in results.chosen()] == [2]
    _press(results.large, Qt.Key.Key_Escape)
    assert results.page == "grid"
    assert grid.selected() == [2]


def test_two_results_are_compared_and_swapped(panel, rounds):
    rounds(4)
    results = panel.results
    results.grid.select([0, 2])
    panel.run("compare")
    assert results.page == "compare"
    assert results.compare.names() == ("Result 1 of 4", "Result 3 of 4")
    assert results.bar.modes.isVisible()
    results.bar.modes.changed.emit("side")
    assert results.compare.mode() == "side"
    _press(results.compare, Qt.Key.Key_C)
    assert results.compare.names()[0] == "Result 3 of 4"
    assert panel.cancel()
    assert results.page == "grid"


def test_space_compares_with_the_neighbour(panel, rounds):
    rounds(4)
    panel.results.grid.select([1])
    panel.results.grid.setFocus()
    _press(panel.results.grid, Qt.Key.Key_Space)
    assert panel.results.compare.names() == ("Result 2 of 4", "Result 3 of 4")


def test_starred_results_can_be_shown_alone(panel, state, rounds):
    rounds(4)
    state.gallery.star(["a1"])
    panel.results.bar.filter.set_value("starred")
    panel.results.show_round()
    assert panel.results.grid.count() == 1
    assert panel.results.grid.cell(0).starred


def test_before_and_after_stand_over_each_other(panel, state, studio, tmp_path, qtbot):
    picture = tmp_path / "a.png"
    picture.write_bytes(png(64, "#ff0000"))
    state.generation.ask.set_model("redoer")
    state.generation.ask.set_task("redo")
    state.generation.ask.set_input("image", picture)
    asked = state.generation.submit()
    assert panel.results.page == "compare"
    qtbot.waitUntil(lambda: panel.results.single.before is not None, timeout=5000)
    assert panel.results.compare.names() == ("Before", "Working…")
    state.generation.on_event(result(studio, asked.job, asked.request, 0, score=0.25))
    assert panel.results.compare.names() == ("Before", "After")
    assert panel.results.bar.caption.text() == "Score 0.25"
    assert panel.actions.able("export")
    assert not panel.results.bar.back.isVisible()


def test_a_report_is_drawn_as_bars(panel, state, studio, tmp_path):
    picture = tmp_path / "a.png"
    picture.write_bytes(png(64))
    state.generation.ask.set_model("critic")
    state.generation.ask.set_input("image", picture)
    asked = state.generation.submit()
    assert panel.results.page == "report"
    assert panel.results.report.head.text() == "Looking…"
    state.generation.on_event(
        result(studio, asked.job, asked.request, 0, "report", Boot=0.75, Bag=0.25)
    )
    assert panel.results.report.head.text() == "Boot, 75% sure"
    assert panel.results.report.bars.text() == "Boot 75.0%, Bag 25.0%"


def test_an_animation_plays_when_it_is_there(panel, state, studio, qtbot, tmp_path):
    import numpy as np

    from genstudio.media import animation

    state.generation.ask.set_task("walk")
    asked = state.generation.submit()
    assert panel.results.page == "animation"
    state.generation.on_event(preview(asked.job, 0))
    assert panel.results.animation.player.count() == 1
    event = result(studio, asked.job, asked.request, 0, "animation")
    frames = np.random.default_rng(0).integers(0, 255, (5, 16, 16, 3), np.uint8)
    Path(event.path).write_bytes(animation.encode(frames, ".webp", 10.0, None, "bare"))
    state.generation.on_event(event)
    state.generation.on_event(Done(job=asked.job))
    player = panel.results.animation.player
    qtbot.waitUntil(lambda: player.count() == 5 and player.playing(), timeout=5000)
    player.pause()


def test_a_file_result_names_itself(panel, state, studio, tmp_path):
    code = tmp_path / "a.latent"
    code.write_bytes(b"x")
    state.generation.ask.set_model("redoer")
    state.generation.ask.set_task("open")
    state.generation.ask.set_input("file", code)
    asked = state.generation.submit()
    asked.output = asked.places[0].output = "file"
    state.generation.round_changed.emit()
    event = result(studio, asked.job, asked.request, 0, "file", numbers=32)
    state.generation.on_event(event)
    assert panel.results.page == "file"
    assert "Numbers 32" in panel.results.file.words.text()


def test_a_result_is_copied(panel, state, rounds):
    rounds(2)
    panel.results.grid.select([0])
    panel.run("copy")
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.hasImage()
    assert mime.urls()


def test_ctrl_c_copies_and_ctrl_v_fills_the_slot(panel, state, rounds):
    rounds(2)
    panel.results.grid.select([1])
    panel.results.grid.setFocus()
    panel.activateWindow()
    ctrl = Qt.KeyboardModifier.ControlModifier
    _press(panel.results.grid, Qt.Key.Key_C, ctrl)
    state.generation.ask.set_model("redoer")
    state.generation.ask.set_task("redo")
    _press(panel, Qt.Key.Key_V, ctrl)
    assert state.generation.ask.inputs["image"].is_file()


def test_results_can_be_dragged_out_as_files(panel, rounds):
    rounds(2)
    grid = panel.results.grid
    mime = grid.model().mimeData([grid.model().index(0, 0), grid.model().index(1, 0)])
    assert [Path(url.toLocalFile()).suffix for url in mime.urls()] == [".png", ".png"]


def test_the_last_results_are_there_after_a_restart(state, studio, rounds, shown):
    from genstudio.ui.state.studio_state import StudioState
    from tests.helpers.fake_studio import FakeBridge

    rounds(4)
    state.close()
    again = StudioState(studio, FakeBridge())
    panel = shown(ImagePanel(again))
    assert panel.results.grid.count() == 4
    assert panel.results.grid.cell(0).image is not None
    again.close()


def test_nothing_is_cut_at_the_smallest_window(panel, rounds, qtbot):
    rounds(4)
    panel.results.grid.select([0])
    panel.resize(884, 556)
    bar = panel.actions
    qtbot.waitUntil(bar._more.isVisible, timeout=3000)

    def whole() -> bool:
        shown = [b for b in bar._buttons.values() if b.isVisible()]
        return all(
            b.width() >= b.sizeHint().width() and b.geometry().right() <= bar.width() for b in shown
        )

    qtbot.waitUntil(whole, timeout=3000)
