"""How a piece leaves the studio."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.errors import DiskFull, Problem
from genstudio.core.events import Done, Failed
from genstudio.studio.pieces import of_piece
from genstudio.ui.state.music_export_state import MusicExportState
from tests.helpers.pieces import chorale


@pytest.fixture
def export(studio):
    return MusicExportState(studio)


@pytest.fixture
def kept(studio):
    made = of_piece(chorale(), studio.pieces.new("Mine"))
    studio.pieces.put(made)
    return made


def test_another_process_is_asked(export, studio, kept, tmp_path):
    export.set_ext(".wav")
    export.set_level("label")
    export.set_folder(tmp_path)
    assert export.run(kept, (0, 1920), {"voice_1": "ff0000"})
    asked = studio.queue.last
    assert (asked.role, asked.work, asked.title) == ("files", "export_piece", "Export Mine")
    assert asked.body["piece"] == kept.id
    assert (asked.body["ext"], asked.body["level"], asked.body["span"]) == (
        ".wav",
        "label",
        [0, 1920],
    )
    assert studio.pieces.path(kept.id).is_file(), "the process reads it from the disk"
    assert export.busy


def test_the_end_is_told(export, studio, kept, heard):
    said, written, problems = heard(export.said), heard(export.written), heard(export.problem)
    export.run(kept, None, {})
    export.on_event(Done(job="other", data={"paths": ["/x"]}))
    assert written == []
    export.on_event(Done(job="j0", data={"paths": ["/tmp/song.mid"]}))
    assert written == [Path("/tmp/song.mid")]
    assert "song.mid" in said[0][0]
    export.run(kept, None, {})
    export.on_event(Failed(job="j1", problem=Problem(what="No room")))
    assert problems[0].what == "No room"
    assert not export.busy


def test_a_refusal_is_told(export, studio, kept, heard):
    problems = heard(export.problem)
    studio.queue.refuse = DiskFull("The disk is full")
    assert not export.run(kept, None, {})
    assert problems[0].what == "The disk is full"


def test_choices_come_back_and_nonsense_does_not(export, studio, tmp_path):
    export.set_ext(".flac")
    export.set_level("bare")
    export.set_folder(tmp_path)
    other = MusicExportState(studio)
    other.restore(export.snapshot())
    assert (other.ext, other.level, other.folder) == (".flac", "bare", tmp_path)
    other.restore({"ext": ".exe", "level": "loud"})
    assert (other.ext, other.level) == (".flac", "bare")
