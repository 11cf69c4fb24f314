"""What stands in the roll as a MIDI file for other programs."""

from __future__ import annotations

import pytest

from genstudio.core.piece_file import Made
from genstudio.media import midi, music_made
from genstudio.media.notes import Piece, Track, notes_of
from genstudio.studio.pieces import of_piece
from genstudio.ui.state import midi_out
from genstudio.ui.state.midi_out import MidiOut, part_of
from tests.helpers.pieces import chorale

BAR = 1920
MADE = Made(model="voices", title="Voices", task="fill", seed=3, bars=(1, 2))


@pytest.fixture
def out(studio):
    made = MidiOut(studio)
    yield made
    made.wait()


def make(qtbot, out: MidiOut, piece: Piece, kept, level="full"):
    with qtbot.waitSignal(out.ready) as told:
        out.make(piece, kept, level)
    return told.args[0]


def test_a_file_with_notes_title_and_label(out, studio, qtbot):
    piece = chorale()
    kept = of_piece(piece, studio.pieces.new("My song").model_copy(update={"made": (MADE,)}))
    path = make(qtbot, out, piece, kept)
    assert path.name == "My-song.mid"
    back = midi.read(path.read_bytes())
    assert (back.title, len(back.notes)) == ("My song", len(piece.notes))
    assert music_made.read(path).source_type == "composite"
    assert music_made.read(make(qtbot, out, piece, kept, "bare")).source_type == ""


def test_files_of_other_pieces_stay_for_a_while(out, studio, qtbot, monkeypatch):
    monkeypatch.setattr(midi_out, "MOST_KEPT", 2)
    piece = chorale(1, 1)
    paths = [make(qtbot, out, piece, of_piece(piece, studio.pieces.new(n))) for n in "abc"]
    assert [path.is_file() for path in paths] == [False, True, True]


def test_a_folder_that_cannot_be_written_is_told(out, studio, qtbot):
    studio.home.cache.mkdir(parents=True, exist_ok=True)
    (studio.home.cache / "dragged").write_bytes(b"a file where the folder would be")
    piece = chorale(1, 1)
    with qtbot.waitSignal(out.problem) as told:
        out.make(piece, of_piece(piece, studio.pieces.new("a")), "full")
    assert told.args[0].sentence


def test_a_selection_goes_out_from_its_bar_in_tracks_of_its_own():
    rows = [(0, 480, 50, 80, 0), (BAR + 480, 480, 60, 80, 2), (2 * BAR, 480, 62, 70, 1)]
    tracks = (Track("Bass", 32), Track("Lead", 5), Track("Kit", 0, True))
    piece = Piece(notes_of(rows), tracks, metres=((0, 4, 4),))
    found = part_of(piece, [1, 2])
    assert found.tracks == (tracks[1], tracks[2])
    assert found.notes.tolist() == [(480, 480, 60, 80, 1), (BAR, 480, 62, 70, 0)]
    assert part_of(piece, []) is piece
