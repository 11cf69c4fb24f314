"""Pieces leave the studio as notes, sound or a picture, and say which models had a part."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from genstudio.core.artifact import Provenance
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Done, Progress
from genstudio.core.piece_file import KeptTrack, Made, PieceFile
from genstudio.core.request import Request
from genstudio.media import midi, music_made, scores, sound_files, sound_reading
from genstudio.media.notes import Piece, RowSound, Track, notes_of
from genstudio.media.sound import facts
from genstudio.studio.pieces import mark_of, of_piece, to_piece
from genstudio.studio.pieces_out import ENDINGS, Ear, export, made_by, sounds_of
from tests.helpers import fonts
from tests.helpers.pieces import chorale

MADE = Made(model="voices", title="Voices", task="fill", seed=3, index=1, bars=(1, 2))


def kept(made: tuple[Made, ...] = (MADE,), bars: int = 1) -> PieceFile:
    piece = chorale(bars=bars, voices=2).replaced(tempos=((0, 240.0),))
    return of_piece(piece, PieceFile(id="p1", title="My song", named=True, made=made))


def written(piece: PieceFile, folder, ext: str, **more):
    events = list(export(piece, folder, ext, **more))
    assert isinstance(events[-1], Done)
    (path,) = events[-1].data["paths"]
    return folder / path, events


def test_midi_carries_notes_title_and_record(tmp_path):
    piece = kept()
    path, _events = written(piece, tmp_path, ".mid")
    assert path.name == "My-song.mid"
    back = midi.read(path.read_bytes())
    assert len(back.notes) == len(piece.notes)
    assert back.title == "My song"
    found = music_made.read(path)
    assert found.provenance.request.model == "voices"
    assert found.source_type == "composite"
    assert found.provenance.facts["parts"][0]["bars"] == [1, 2]


@pytest.mark.parametrize(("level", "label"), [("label", "composite"), ("bare", "")])
def test_a_lower_level_says_less(tmp_path, level, label):
    path, _events = written(kept(), tmp_path, ".mid", level=level)
    found = music_made.read(path)
    assert (found.provenance, found.source_type) == (None, label)


def generated(**update) -> PieceFile:
    """A piece that models wrote note by note."""
    piece = kept()
    return piece.model_copy(update={"alone": (mark_of(to_piece(piece)),), **update})


def test_what_models_wrote_note_by_note_is_labelled_as_generated(tmp_path):
    for ext in (".mid", ".wav"):
        path, _events = written(generated(), tmp_path, ext, span=(0, 960))
        found = music_made.read(path)
        assert (found.source_type, found.provenance.source_type) == ("trained", "trained")
        assert found.source_uri.endswith("/trainedAlgorithmicMedia")


def test_one_note_changed_by_hand_makes_it_a_composite():
    piece = generated()
    start, length, pitch, *more = piece.notes[0]
    edited = piece.model_copy(
        update={"notes": ((start, length, pitch + 1, *more), *piece.notes[1:])}
    )
    assert made_by(edited).source_type == "composite"
    assert made_by(piece).source_type == "trained"


def test_a_recording_in_place_of_a_drum_was_put_there_by_a_person(tmp_path):
    sounding = drummed(tmp_path)
    mark = mark_of(to_piece(sounding))
    beat = sounding.model_copy(update={"made": (MADE,), "alone": (mark,)})
    heard_there, _events = written(beat, tmp_path, ".wav", ear=Ear(folder=tmp_path))
    assert music_made.read(heard_there).source_type == "composite"
    notes, _events = written(beat, tmp_path, ".mid")
    assert music_made.read(notes).source_type == "trained", "notes know no recordings"


def test_music_of_a_person_alone_carries_no_label(tmp_path):
    assert made_by(kept(())) is None
    path, _events = written(kept(()), tmp_path, ".mid")
    assert music_made.read(path).source_type == ""


def test_sound_is_rendered_with_progress_and_record(tmp_path):
    path, events = written(kept(bars=2), tmp_path, ".wav")
    told = facts(path.read_bytes())
    assert (told.rate, told.channels) == (44100, 2)
    assert told.seconds > 2
    assert sound_files.read_provenance(path.read_bytes())["request"]["model"] == "voices"
    steps = [event.done for event in events if isinstance(event, Progress)]
    assert steps == sorted(steps)
    assert len(steps) > 2


def test_muted_tracks_are_not_heard(tmp_path):
    both = kept()
    quiet = both.model_copy(update={"tracks": (KeptTrack(muted=True), KeptTrack())})
    loud, _events = written(both, tmp_path, ".wav")
    soft, _events = written(quiet, tmp_path, ".wav")
    assert soft.read_bytes() != loud.read_bytes()
    assert np.frombuffer(soft.read_bytes()[44:], "<i2").any()
    silent = both.model_copy(update={"tracks": (KeptTrack(muted=True),) * 2})
    with pytest.raises(UsageError, match="No track can be heard"):
        written(silent, tmp_path, ".wav")


def test_the_picture_shows_notes_in_the_colours_given(tmp_path):
    path, _events = written(kept(), tmp_path, ".png", colours={"voice_1": "ff0000"})
    picture = np.asarray(Image.open(io.BytesIO(path.read_bytes())).convert("RGB"))
    assert (picture.reshape(-1, 3) == (255, 0, 0)).all(axis=1).any()


def test_musicxml_can_be_read_again(tmp_path):
    piece = kept()
    path, _events = written(piece, tmp_path, ".musicxml")
    back = scores.read_any(path.read_bytes())
    assert sorted(back.notes["pitch"]) == sorted(row[2] for row in piece.notes)


def test_a_part_is_exported_alone_and_nothing_is_overwritten(tmp_path):
    piece = kept(bars=2)
    first, _events = written(piece, tmp_path, ".mid", span=(0, 1920))
    second, _events = written(piece, tmp_path, ".mid")
    assert first != second
    assert midi.read(first.read_bytes()).length <= 1920 < midi.read(second.read_bytes()).length


def test_other_endings_and_empty_pieces_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"not '\.doc'"):
        list(export(kept(), tmp_path, ".doc"))
    with pytest.raises(UsageError, match="no notes"):
        list(export(PieceFile(id="p1"), tmp_path, ".mid"))
    assert ENDINGS[0] == ".mid"


# ---- recordings in place of drums, and another font

RATE = 8000


def drummed(folder, provenance=None) -> PieceFile:
    """A bar of kicks, played by a recording that lies in `folder`."""
    wave = np.full(RATE // 2, 0.5, np.float32)
    wav = sound_files.write(wave, RATE, "wav", None, provenance)
    (folder / f"p1.{'a' * 16}.wav").write_bytes(wav)
    kit = Track("Kit", 0, True, (RowSound(36, "boom", "a" * 16),))
    piece = Piece(notes_of([(0, 60, 36, 127, 0)]), (kit,))
    return of_piece(piece, PieceFile(id="p1", title="Beat", named=True))


def heard(path) -> np.ndarray:
    return sound_reading.read(path.read_bytes()).mono()


def test_a_recording_is_heard_in_the_export(tmp_path):
    path, _events = written(drummed(tmp_path), tmp_path, ".wav", ear=Ear(folder=tmp_path))
    wave = heard(path)
    middle = wave[2000:20_000]
    assert np.allclose(middle, 0.8 * 0.5, atol=0.01), "at full force, for its own length"
    other, _events = written(drummed(tmp_path), tmp_path, ".wav")
    assert np.abs(heard(other)[2000:20_000] - 0.4).max() > 0.1, "without a folder the kit plays"


def test_a_recording_of_a_model_labels_the_sound_but_not_the_notes(tmp_path):
    told = Provenance(request=Request(model="hits", task="sample", seed=4), output="sound")
    kept_ = drummed(tmp_path, told.model_dump(mode="json"))
    assert [one.request.model for one in sounds_of(kept_, tmp_path)] == ["hits"]
    path, _events = written(kept_, tmp_path, ".wav", ear=Ear(folder=tmp_path))
    found = music_made.read(path)
    assert found.source_type == "composite"
    (part,) = found.provenance.facts["parts"]
    assert (part["model"], part["seed"]) == ("hits", 4)
    notes, _events = written(kept_, tmp_path, ".mid", ear=Ear(folder=tmp_path))
    assert music_made.read(notes).source_type == ""


def test_recordings_that_are_gone_or_say_nothing_have_no_part(tmp_path):
    kept_ = drummed(tmp_path)
    assert sounds_of(kept_, tmp_path) == ()
    assert sounds_of(kept_, tmp_path / "elsewhere") == ()


def test_parts_of_notes_and_of_recordings_are_told_together(tmp_path):
    told = Provenance(request=Request(model="hits", task="sample", seed=4), output="sound")
    both = made_by(kept(), None, (told,))
    assert [part["model"] for part in both.facts["parts"]] == ["voices", "hits"]


def test_another_font_is_heard_in_the_export(tmp_path):
    (tmp_path / "own.sf2").write_bytes(fonts.font_bytes(presets=((0, 0), (128, 0))))
    piece = kept(())
    plain, _events = written(piece, tmp_path, ".wav")
    own, _events = written(piece, tmp_path, ".wav", ear=Ear(str(tmp_path / "own.sf2")))
    first, second = heard(plain), heard(own)
    length = min(len(first), len(second))
    assert not np.allclose(first[:length], second[:length], atol=0.01)


def test_a_font_that_is_gone_is_told(tmp_path):
    with pytest.raises(BadInput, match=r"gone\.sf2 cannot be read"):
        list(export(kept(), tmp_path, ".wav", ear=Ear(str(tmp_path / "gone.sf2"))))


def test_a_description_and_who_suggested_it_travel_along(tmp_path):
    words = {"description": "A song.\nOf the sea.", "words_by": Made(model="writer", seed=9)}
    piece = kept().model_copy(update=words)
    path, _events = written(piece, tmp_path, ".mid")
    facts_told = music_made.read(path).provenance.facts
    assert facts_told["description"] == "A song.\nOf the sea."
    assert facts_told["words_by"] == {"model": "writer", "seed": 9}
    path, _events = written(piece, tmp_path, ".wav")
    comment = sound_files.read_tags(path.read_bytes()).comment
    assert comment.splitlines()[0] == "A song. Of the sea."
    plain, _events = written(kept(), tmp_path, ".mid")
    assert "description" not in music_made.read(plain).provenance.facts
