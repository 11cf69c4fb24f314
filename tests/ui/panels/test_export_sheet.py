"""The export sheet, and the exact preview of what is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from genstudio.core.request import Request
from genstudio.media import image, provenance
from genstudio.studio.exporting import shareable
from genstudio.ui.panels.export_sheet import ExportSheet
from genstudio.ui.panels.written import NOTHING, written_text


@pytest.fixture
def artifact(studio):
    return studio.gallery.make(
        Request(model="shapes", task="make", seed=42, inputs={"image": "/secret/a.png"})
    )


@pytest.fixture
def sheet(everything):
    parent = everything.shown(QWidget(), 900, 700)
    made = ExportSheet(everything.state.exports, parent)
    made.keeps = parent
    yield made
    made.close_loader()


def test_the_sheet_opens_over_the_results_and_escape_closes_it(sheet, artifact):
    assert not sheet.isVisible()
    sheet.open_for([])
    assert not sheet.isVisible()
    sheet.open_for([artifact])
    assert sheet.isVisible()
    assert sheet.head.text() == "Export 1 result"
    assert sheet.geometry().right() < sheet.parentWidget().width()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_choices_go_to_the_state_and_into_the_job(
    sheet, artifact, state, studio, tmp_path, monkeypatch
):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    sheet.open_for([artifact])
    sheet.format.changed.emit(".webp")
    sheet.scale.changed.emit("8")
    sheet.level.changed.emit("bare")
    sheet.choose.click()
    assert sheet.pixels.text() == "128 × 128 pixels, edges stay sharp"
    sheet.go.click()
    body = studio.queue.last.body
    assert body == {
        "ids": [artifact.id], "target": str(tmp_path), "ext": ".webp", "level": "bare", "scale": 8,
    }  # fmt: skip
    assert not sheet.isVisible()


def test_enter_presses_the_button_in_hand(sheet, artifact, studio):
    sheet.open_for([artifact])
    before = studio.queue.count
    QTest.keyClick(sheet.go, Qt.Key.Key_Return)
    assert studio.queue.count == before + 1, "the focus is on Export"
    assert not sheet.isVisible()


def with_subject(studio, artifact) -> None:
    """A dark square on an even ground instead of the picture that is there."""
    import numpy as np

    pixels = np.full((16, 16, 3), 230, np.uint8)
    pixels[4:8, 4:8] = 20
    studio.gallery.path(artifact).write_bytes(image.png(pixels))


def test_a_transparent_background_is_shown_before_it_is_written(sheet, artifact, studio, qtbot):
    with_subject(studio, artifact)
    sheet.open_for([artifact])
    qtbot.waitUntil(lambda: not sheet.picture.image().isNull())
    assert not sheet.picture.image().hasAlphaChannel()
    assert not sheet.tolerance.isVisible()
    sheet.background.changed.emit("hard")
    qtbot.waitUntil(lambda: sheet.picture.image().hasAlphaChannel())
    shown = sheet.picture.image()
    assert shown.pixelColor(0, 0).alpha() == 0
    assert shown.pixelColor(5, 5).alpha() == 255
    assert sheet.clear.text() == "94 % of it becomes transparent."
    assert sheet.tolerance.isVisible()
    sheet.tolerance.changed.emit(0, False)
    sheet.go.click()
    body = studio.queue.last.body
    assert (body["background"], body["tolerance"]) == ("hard", 0)


@pytest.mark.parametrize(("ground", "words"), [(20, "All of it"), (None, "Nothing")])
def test_a_useless_tolerance_is_told(sheet, artifact, studio, state, qtbot, ground, words):
    import numpy as np

    pixels = np.full((16, 16, 3), 20, np.uint8)
    if ground is None:  # a border of two colours, neither of which reaches the other
        pixels = np.random.default_rng(1).integers(0, 255, (16, 16, 3)).astype(np.uint8)
        state.exports.set_tolerance(0)
    studio.gallery.path(artifact).write_bytes(image.png(pixels))
    state.exports.set_background("soft")
    sheet.open_for([artifact])
    qtbot.waitUntil(lambda: sheet.clear.text().startswith(words))


def test_the_picture_makes_room_for_what_is_written(sheet, artifact, state):
    sheet.parentWidget().resize(900, 756)  # as high as it is in a window of 1280 x 800
    state.exports.set_background("hard")
    sheet.open_for([artifact])
    assert sheet.picture.isVisible()
    sheet.shown.set_open(True)
    assert not sheet.picture.isVisible()
    assert sheet.geometry().bottom() <= 756
    sheet.shown.set_open(False)
    sheet.place()
    assert sheet.picture.isVisible()


def test_formats_without_transparency_say_so(sheet, artifact, state, studio, qtbot):
    state.exports.set_background("hard")
    sheet.open_for([artifact])
    sheet.format.changed.emit(".jpg")
    assert not sheet.background.isEnabled()
    qtbot.waitUntil(lambda: not sheet.picture.image().isNull())
    assert sheet.clear.text().startswith("JPG has no transparency")
    sheet.go.click()
    assert "background" not in studio.queue.last.body
    assert state.exports.background == "hard", "the choice waits for a format that holds it"


def test_reports_have_no_size(sheet, studio):
    report = studio.gallery.make(Request(model="critic", task="judge"), 0, "report")
    sheet.open_for([report])
    assert not sheet.scale.isVisible()
    assert not sheet.picture.isVisible()
    assert not sheet.background.isVisible()
    assert sheet.format.value() == ".json"


def test_only_one_kind_is_exported_at_a_time(sheet, artifact, studio):
    report = studio.gallery.make(Request(model="critic", task="judge"), 0, "report")
    sheet.open_for([artifact, report])
    sheet.go.click()
    assert studio.queue.last.body["ids"] == [artifact.id]


def test_what_is_written_is_shown_when_asked_for(sheet, artifact):
    sheet.open_for([artifact])
    assert sheet.preview.toPlainText() == ""
    sheet.shown.set_open(True)
    assert "42" in sheet.preview.toPlainText()
    sheet.level.changed.emit("bare")
    assert sheet.preview.toPlainText() == NOTHING


@pytest.mark.parametrize("ext", [".png", ".jpg", ".webp"])
def test_the_preview_is_what_a_file_holds(artifact, ext):
    import numpy as np

    pixels = np.zeros((64, 64, 3), np.uint8)
    for level in ("full", "label", "bare"):
        data = image.encode(pixels, ext, shareable(artifact.provenance), level)
        found = provenance.read(data)
        shown = written_text(artifact, ext, level)
        assert (found.source_uri in shown) if found.source_uri else shown == NOTHING
        for key in found.texts:
            assert key in shown
        assert ("42" in shown) == (level == "full")
        assert "/secret" not in shown


@pytest.mark.parametrize(("scale", "size"), [(1, "Size: 16x16"), (8, "Size: 128x128")])
def test_the_preview_names_the_size_that_is_written(sheet, artifact, scale, size):
    sheet.open_for([artifact])
    sheet.shown.set_open(True)
    sheet.scale.changed.emit(str(scale))
    assert size in sheet.preview.toPlainText().replace("×", "x")


def test_animations_show_the_same_texts(artifact):
    assert "42" in written_text(artifact, ".mp4", "full")
    assert written_text(artifact, ".gif", "bare") == NOTHING


def test_long_folders_keep_their_end(sheet, artifact, state):
    state.exports.set_folder(Path("/x/" + "deep/" * 20 + "end"))
    sheet.open_for([artifact])
    assert sheet.folder.text().startswith("…")
    assert sheet.folder.text().endswith("end")
    state.exports.set_folder(Path.home() / "Pictures")
    assert sheet.folder.text() == "~/Pictures"


@pytest.mark.parametrize(("output", "nothing"), [("music", "notes"), ("sound", "sound")])
def test_music_and_sound_show_what_their_files_carry(artifact, output, nothing):
    heard = artifact.model_copy(update={"output": output})
    for level in ("full", "label", "bare"):
        shown = written_text(heard, ".mid", level)
        assert ("trainedAlgorithmicMedia" in shown) == (level != "bare")
        assert ("42" in shown) == (level == "full")
        assert "/secret" not in shown
    assert written_text(heard, ".mid", "bare") == f"Nothing besides the {nothing}."
