"""How sounds leave: choices that stay, one job for all, what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Failed
from genstudio.core.sound_edit import SoundEdit
from genstudio.ui.state.sound_export_state import SoundExportState


@pytest.fixture
def export(studio, tmp_path) -> SoundExportState:
    made = SoundExportState(studio)
    made.set_folder(tmp_path)
    return made


def test_a_job_gets_all_that_it_needs(export, studio, tmp_path):
    export.set_ext(".flac")
    export.set_level("label")
    assert export.run(["a0", "a1"], {"a1": SoundEdit(first=0.1), "other": SoundEdit(last=1)})
    entry = studio.queue.last
    assert (entry.role, entry.work, entry.title) == ("files", "export_sounds", "Export 2 sounds")
    assert entry.body == {
        "ids": ["a0", "a1"],
        "target": str(tmp_path),
        "ext": ".flac",
        "level": "label",
        "edits": {"a1": {"first": 0.1, "last": 0.0, "normalise": False}},
    }


def test_unknown_choices_change_nothing(export):
    export.set_ext(".exe")
    export.set_level("loud")
    assert (export.ext, export.level) == (".wav", "full")


def test_the_end_is_told_once(export, studio, heard, tmp_path):
    written, said = heard(export.written), heard(export.said)
    export.run(["a0"], {})
    job = studio.queue.last.job
    export.on_event(Done(job="another", data={"paths": ["x"]}))
    export.on_event(Done(job=job, data={"paths": [str(tmp_path / "kick.wav")]}))
    export.on_event(Done(job=job, data={"paths": []}))
    assert written == [[tmp_path / "kick.wav"]]
    assert "kick.wav" in said[0][0]


def test_a_failure_and_a_refusal_are_told(export, studio, heard):
    problems = heard(export.problem)
    export.run(["a0"], {})
    export.on_event(Failed(job=studio.queue.last.job, problem=UsageError("Disk full").problem))
    studio.queue.refuse = UsageError("Read only")
    assert not export.run(["a0"], {})
    assert [problem.what for problem in problems] == ["Disk full", "Read only"]


def test_choices_come_back(export, studio):
    export.set_ext(".ogg")
    again = SoundExportState(studio)
    again.restore(export.snapshot())
    assert (again.ext, again.folder) == (".ogg", export.folder)
    again.restore({"ext": 3, "folder": ""})
    assert again.ext == ".ogg"
    assert isinstance(again.folder, Path)
