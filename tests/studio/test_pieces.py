"""The shelf of pieces, and the way between files and notes."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from genstudio.core.artifact import Provenance
from genstudio.core.errors import BadInput
from genstudio.core.paths import Home
from genstudio.core.piece_file import KeptTrack, Made, PieceFile
from genstudio.core.request import Request
from genstudio.media.notes import Piece, RowSound, Track, notes_of
from genstudio.studio import pieces
from genstudio.studio.pieces import (
    Pieces,
    made_of,
    mark_of,
    models_alone,
    of_piece,
    to_piece,
    touched,
)
from tests.helpers.pieces import chorale, same


@pytest.fixture
def shelf(tmp_path):
    made = Pieces(Home(tmp_path))
    yield made
    made.close()


def put(shelf: Pieces, kept: PieceFile) -> None:
    """Put it and wait until it lies on the disk."""
    written = threading.Event()
    end = shelf.on_change(lambda name: written.set() if name == kept.id else None)
    shelf.put(kept)
    assert written.wait(20)
    end()


def test_a_piece_lies_in_a_folder_of_its_own_and_is_listed(shelf, tmp_path):
    fresh = shelf.new()
    assert (fresh.title, fresh.named, fresh.notes) == ("Untitled", False, ())
    kept = touched(of_piece(chorale(), fresh))
    put(shelf, kept)
    assert (tmp_path / "pieces" / f"{kept.id}.json").is_file()
    again = Pieces(Home(tmp_path))
    assert [(head.id, head.notes) for head in again.list()] == [(kept.id, len(kept.notes))]
    assert again.get(kept.id) == kept
    again.close()


def test_a_title_is_given_and_taken_away(shelf):
    kept = shelf.new("Mine")
    put(shelf, kept)
    assert shelf.rename(kept.id, "  Another   name ").title == "Another name"
    plain = shelf.rename(kept.id, "")
    assert (plain.title, plain.named) == ("Untitled", False)


def test_notes_go_into_the_file_and_back():
    piece = chorale()
    kept = of_piece(piece, PieceFile(id="p1", title="Chorale", named=True))
    assert same(to_piece(kept), piece)


def test_an_empty_piece_goes_there_and_back():
    kept = of_piece(Piece(notes_of(())), PieceFile(id="p1"))
    assert len(to_piece(kept).notes) == 0


def test_how_tracks_are_heard_stays_and_locks_of_gone_notes_go():
    piece = chorale(voices=2)
    first = piece.notes[0].item()
    here, gone = (first[0], first[2], first[4]), (99_999, 1, 0)
    tracks = (KeptTrack(muted=True), KeptTrack(locked=True))
    before = PieceFile(id="p1", tracks=tracks, locks=(here, gone))
    kept = of_piece(piece, before)
    assert [track.name for track in kept.tracks] == ["Soprano", "Alto"]
    assert (kept.tracks[0].muted, kept.tracks[1].locked) == (True, True)
    assert kept.locks == (here,)


def test_a_file_that_makes_no_piece_is_told_in_a_sentence():
    strange = PieceFile(id="p1", title="Odd", metres=((0, 4, 3),))
    with pytest.raises(BadInput, match="Odd cannot be shown"):
        to_piece(strange)


def test_the_starter_is_real_music_and_small():
    kept = pieces.starter()
    assert kept is not None
    assert pieces.starter_path().stat().st_size < 50_000
    piece = to_piece(kept)
    assert len(piece.tracks) == 4
    assert len(piece.bars()) - 1 == 8
    assert np.unique(piece.notes["track"]).tolist() == [0, 1, 2, 3]
    assert [track.locked for track in kept.tracks].count(False) == 2, "two are to be made anew"


def test_no_starter_is_no_fault(monkeypatch, tmp_path):
    monkeypatch.setattr(pieces, "starter_path", lambda: tmp_path / "none.json")
    assert pieces.starter() is None


def test_what_a_file_says_of_its_maker_is_kept():
    request = Request(model="voices", task="fill", values={"bars": 4, "locked": "[]"}, seed=7)
    made = made_of(Provenance(request=request, index=2, title="Voices"), "a1")
    assert (made.model, made.seed, made.index, made.artifact) == ("voices", 7, 2, "a1")
    assert made.values == {"bars": 4}


def test_every_note_tells_in_the_mark_of_a_piece():
    piece = chorale(voices=2)
    shuffled = piece.replaced(notes=piece.notes[::-1], title="Other", tempos=((0, 60.0),))
    assert mark_of(shuffled) == mark_of(piece), "only notes count, in whatever order"
    for name in ("start", "duration", "pitch", "velocity", "track"):
        notes = piece.notes.copy()
        notes[name][0] = 1 - notes[name][0] if name == "track" else notes[name][0] + 1
        assert mark_of(piece.replaced(notes=notes)) != mark_of(piece), name


def test_models_alone_wrote_what_has_a_known_mark():
    piece = chorale()
    kept = of_piece(piece, PieceFile(id="p1", alone=("0" * 16, mark_of(piece))))
    assert models_alone(PieceFile.from_bytes(kept.to_bytes(), "x"))
    edited = piece.replaced(notes=piece.notes[1:])
    assert not models_alone(of_piece(edited, kept))
    assert not models_alone(of_piece(piece, PieceFile(id="p1")))
    assert not models_alone(PieceFile(id="p1", alone=("0" * 16,)))


def test_recordings_of_drums_go_into_the_file_and_back():
    sounds = (RowSound(36, "boom", "0" * 16), RowSound(38, "snap", "1" * 16))
    piece = Piece(notes_of([(0, 10, 36, 90, 0)]), (Track("Kit", 0, True, sounds),))
    kept = of_piece(piece, PieceFile(id="p1"))
    again = PieceFile.from_bytes(kept.to_bytes(), "x")
    assert to_piece(again).tracks == piece.tracks
    bare = piece.replaced(tracks=(Track("Kit", 0, True),))
    assert of_piece(bare, again).tracks[0].sounds == ()


def test_a_recording_lies_beside_its_piece_and_goes_and_comes_with_it(shelf, tmp_path):
    kept = shelf.new("Mine")
    put(shelf, kept)
    file = shelf.add_sound(kept.id, b"a wave")
    place = shelf.sound_path(kept.id, file)
    assert place.read_bytes() == b"a wave"
    assert shelf.add_sound(kept.id, b"a wave") == file, "once is enough"
    assert shelf.add_sound(kept.id, b"another") != file
    assert [head.id for head in shelf.list()] == [kept.id], "they are no pieces"
    shelf.remove(kept.id)
    assert not place.exists()
    shelf.restore(kept.id)
    assert place.read_bytes() == b"a wave"


def test_a_title_and_a_description_come_with_who_suggested_them(shelf):
    kept = of_piece(chorale(), shelf.new("Before"))
    shelf.put(kept)
    by = Made(model="writer", seed=3)
    told = shelf.tell(kept.id, "  The   sea ", " It tells of the sea. ", by)
    assert (told.title, told.named) == ("The sea", True)
    assert (told.description, told.words_by) == ("It tells of the sea.", by)
    assert PieceFile.from_bytes(told.to_bytes(), "x") == told
    bare = shelf.tell(kept.id, "", "x" * 5000, None)
    assert (bare.title, bare.named, len(bare.description)) == ("Untitled", False, 2000)
