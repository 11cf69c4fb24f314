"""The export sheet of sounds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from genstudio.core.errors import Problem, UsageError
from genstudio.core.events import Cancelled, Done, Failed
from genstudio.core.sound_edit import SoundEdit
from genstudio.studio.sounds_out import ENDINGS
from genstudio.ui.panels.sound_export import SoundExport
from genstudio.ui.state.sound_export_state import SoundExportState
from genstudio.ui.state.sound_state import SoundState
from tests.helpers.hearing import add_hearing


@pytest.fixture
def export(studio, tmp_path) -> SoundExportState:
    made = SoundExportState(studio)
    made.set_folder(tmp_path)
    return made


@pytest.fixture
def sounds(studio) -> SoundState:
    add_hearing(studio)
    return SoundState(studio)


@pytest.fixture
def ids() -> list[str]:
    return ["a0", "a1"]


@pytest.fixture
def parent(shown) -> QWidget:
    return shown(QWidget())


@pytest.fixture
def sheet(export, sounds, ids, parent) -> SoundExport:
    made = SoundExport(export, sounds, lambda: list(ids), parent)
    made.open_for()
    return made


def test_it_says_how_many_and_how_many_were_changed(sheet, sounds, ids):
    assert sheet.about.text() == "2 sounds."
    sounds.set_edit("a1", SoundEdit(normalise=True))
    sounds.set_edit("other", SoundEdit(normalise=True))
    sheet.open_for()
    assert sheet.about.text() == "2 sounds, 1 of them trimmed or normalised."
    ids[:] = ["a0"]
    sheet.open_for()
    assert sheet.about.text() == "1 sound."


def test_without_a_sound_there_is_nothing_to_press(sheet, ids, studio):
    ids.clear()
    sheet.open_for()
    assert not sheet.go.isEnabled()
    QTest.keyClick(sheet.go, Qt.Key.Key_Space)
    assert studio.queue.count == 0


@pytest.mark.parametrize("ext", ENDINGS)
def test_formats_levels_and_changes_reach_the_job(sheet, sounds, studio, tmp_path, ext):
    sounds.set_edit("a1", SoundEdit(first=0.1, last=0.2))
    sheet.format.pill(ext).click()
    sheet.level.pill("label").click()
    sheet.go.click()
    body = studio.queue.last.body
    assert (body["ids"], body["ext"], body["level"]) == (["a0", "a1"], ext, "label")
    assert body["target"] == str(tmp_path)
    assert list(body["edits"]) == ["a1"]
    assert (body["edits"]["a1"]["first"], body["edits"]["a1"]["last"]) == (0.1, 0.2)


def test_while_it_writes_it_cannot_be_asked_again(sheet, studio, export, tmp_path):
    sheet.go.setFocus()
    sheet.go.click()
    sheet.format.pill(".flac").click()
    assert (sheet.go.text(), sheet.go.isEnabled()) == ("Exporting…", False)
    assert QApplication.focusWidget() is sheet, "not below it"
    paths = [str(tmp_path / name) for name in ("kick.wav", "snare.wav")]
    export.on_event(Done(job=studio.queue.last.job, data={"paths": paths}))
    assert (sheet.go.text(), sheet.go.isEnabled()) == ("Export", True)
    assert sheet.last.path == tmp_path / "kick.wav"
    assert sheet.last.isVisible()


@pytest.mark.parametrize("stopped", [True, False])
def test_after_a_failure_it_can_be_tried_again(sheet, studio, export, heard, stopped):
    problems = heard(export.problem)
    sheet.go.click()
    job = studio.queue.last.job
    trouble = Problem(kind="disk", what="The disk is full")
    export.on_event(Cancelled(job=job) if stopped else Failed(job=job, problem=trouble))
    assert (sheet.go.text(), sheet.go.isEnabled()) == ("Export", True)
    assert problems == ([] if stopped else [trouble])
    assert sheet.last.isHidden()


def test_nothing_written_offers_nothing_to_drag(sheet, studio, export):
    sheet.go.click()
    export.on_event(Done(job=studio.queue.last.job, data={"paths": []}))
    assert sheet.last.isHidden()
    assert sheet.go.isEnabled()


def test_a_refusal_leaves_the_button(sheet, studio):
    studio.queue.refuse = UsageError("No room in the queue")
    sheet.go.click()
    assert (sheet.go.text(), sheet.go.isEnabled()) == ("Export", True)


def test_another_folder(sheet, export, monkeypatch, tmp_path):
    answers = ["", str(tmp_path / "out")]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a: answers.pop(0))
    sheet.choose.click()
    assert export.folder == tmp_path
    sheet.choose.click()
    assert export.folder == tmp_path / "out"
    assert sheet.folder.toolTip() == str(tmp_path / "out")


def test_it_opens_on_its_button_and_escape_leaves_it(sheet):
    assert sheet.focusWidget() is sheet.go
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert sheet.isHidden()
