"""Sounds in place of drums are read and kept beside the piece in a thread."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.request import Request
from genstudio.media import sound_files
from genstudio.media.notes import RowSound
from genstudio.ui.state.row_sound_state import LETTERS, RowSoundState


@pytest.fixture
def sounds(studio):
    made = RowSoundState(studio)
    yield made
    made.wait()


def wav(path, hertz: float = 200.0):
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(2000) / 8000)
    path.write_bytes(sound_files.write(wave.astype(np.float32), 8000))
    return path


def test_a_sound_is_kept_beside_its_piece(sounds, studio, tmp_path, qtbot):
    path = wav(tmp_path / "boom kick.wav")
    with qtbot.waitSignal(sounds.ready) as told:
        sounds.take(path, "p1", 1, 36)
    (taken,) = told.args
    assert (taken.piece, taken.track) == ("p1", 1)
    assert taken.sound == RowSound(36, "boom kick", taken.sound.file)
    kept = studio.pieces.sound_path("p1", taken.sound.file)
    assert kept.parent == studio.home.pieces
    assert sound_files.read_tags(kept.read_bytes()).title == "boom kick"


def test_a_sound_of_the_gallery_is_called_by_its_class(sounds, studio, qtbot):
    request = Request(model="hits", task="sample")
    artifact = studio.gallery.make(request, output="sound", **{"class": "wood"})
    path = wav(studio.gallery.path(artifact))
    assert sounds.called(path) == "wood"
    with qtbot.waitSignal(sounds.ready) as told:
        sounds.take(path, "p1", 0, 36)
    assert told.args[0].sound.name == "wood"


def test_each_answer_belongs_to_its_question(sounds, tmp_path, qtbot, heard):
    found, problems = heard(sounds.ready), heard(sounds.problem)
    (tmp_path / "bad.wav").write_bytes(b"nothing")
    sounds.take(wav(tmp_path / "a.wav", 200), "p1", 0, 36)
    sounds.take(tmp_path / "bad.wav", "p1", 0, 37)
    sounds.take(wav(tmp_path / "b.wav", 300), "p2", 3, 38)
    qtbot.waitUntil(lambda: len(found) == 2)
    assert [(t.piece, t.track, t.sound.pitch) for t in found] == [("p1", 0, 36), ("p2", 3, 38)]
    assert "bad.wav is damaged" in problems[0].sentence


def test_a_long_name_is_shortened(sounds, tmp_path, qtbot):
    path = wav(tmp_path / f"{'x' * 100}.wav")
    with qtbot.waitSignal(sounds.ready) as told:
        sounds.take(path, "p1", 0, 36)
    assert told.args[0].sound.name == "x" * LETTERS


def test_an_offered_sound_waits_for_the_panel_and_is_taken_once(sounds, tmp_path, heard):
    areas = heard(sounds.area_wanted)
    sounds.offer(tmp_path / "a.wav")
    assert areas == ["music"]
    assert sounds.take_offered() == tmp_path / "a.wav"
    assert sounds.take_offered() is None
