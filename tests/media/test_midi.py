"""MIDI files in and out: what is written is read, what other programs write too."""

from __future__ import annotations

import io

import mido
import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media import midi, music, xmp
from genstudio.media.notes import Piece, Track, notes_of
from tests.helpers.pieces import chorale, groove, same


def chunk(body: bytes) -> bytes:
    return b"MTrk" + len(body).to_bytes(4, "big") + body


def file(*bodies: bytes, form: int = 1, division: bytes = b"\x01\xe0", tracks: int = -1) -> bytes:
    count = len(bodies) if tracks < 0 else tracks
    head = form.to_bytes(2, "big") + count.to_bytes(2, "big") + division
    return b"MThd\x00\x00\x00\x06" + head + b"".join(map(chunk, bodies))


END = b"\x00\xff\x2f\x00"
NOTE = b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x00"  # middle C for 480 ticks


def rows(data: bytes) -> list[tuple]:
    return midi.read(data).notes.tolist()


def full() -> Piece:
    """A piece with some of everything."""
    drums = notes_of([(start, 60, 36, 100, 2) for start in range(0, 1920, 480)])
    tunes = notes_of([(0, 960, 60, 1, 0), (0, 480, 64, 127, 0), (480, 2000, 48, 80, 1)])
    return Piece(
        np.concatenate([drums, tunes]),
        (Track("Mélodie", 73), Track("", 0), Track("Kit", 25, True), Track("Silent", 5)),
        ppq=960,
        tempos=((0, 100.0), (960, 62.5)),
        metres=((0, 3, 4), (2880, 6, 8)),
        keys=((0, -3, True), (960, 4, False)),
        title="Étude №1",
    )


@pytest.mark.parametrize("piece", [full(), chorale(), groove(), Piece(notes_of([]))])
def test_round_trip_is_exact(piece: Piece) -> None:
    found = midi.read(midi.write(piece))
    assert same(found, piece)
    assert midi.write(found) == midi.write(piece)


def test_sixteen_tracks_share_channels_but_stay_apart() -> None:
    tracks = tuple(Track(f"Voice {number}", number) for number in range(15))
    piece = Piece(
        notes_of([(0, 10, 60, 80, number) for number in range(16)]), (*tracks, Track(drums=True))
    )
    assert same(midi.read(midi.write(piece)), piece)


def test_what_is_written_follows_the_conventions() -> None:
    parsed = mido.MidiFile(file=io.BytesIO(midi.write(full())))
    assert parsed.type == 1
    assert parsed.ticks_per_beat == 960
    head, first, _, drums, _ = parsed.tracks
    assert {event.type for event in head} == {
        "track_name", "set_tempo", "time_signature", "key_signature", "end_of_track",
    }  # fmt: skip
    assert [event.type for event in first[:2]] == ["track_name", "program_change"]
    assert {event.channel for event in drums if not event.is_meta} == {9}
    ends = [event for event in first if event.type == "note_off"]
    assert len(ends) == 2, "notes end with note-offs, not with silent note-ons"
    assert all(track[-1].type == "end_of_track" for track in parsed.tracks)


def test_repeated_notes_end_before_they_begin_again() -> None:
    piece = Piece(notes_of([(0, 480, 60, 80, 0), (480, 480, 60, 80, 0)]))
    parsed = mido.MidiFile(file=io.BytesIO(midi.write(piece)))
    kinds = [event.type for event in parsed.tracks[1] if event.type.startswith("note")]
    assert kinds == ["note_on", "note_off", "note_on", "note_off"]


def test_the_other_reader_counts_the_same_notes() -> None:
    found = music.facts(midi.write(full()))
    assert (found.notes, found.title) == (7, "Étude №1")


@pytest.mark.parametrize("source", ["trained", "composite", "algorithmic"])
def test_label_and_provenance_come_back(source: str) -> None:
    told = {"app": "GenStudio 1", "seed": 7, "prompt": "für Elise", "source_type": source}
    data = midi.write(chorale(), told)
    assert midi.read_provenance(data) == told
    assert midi.read_label(data) == xmp.SOURCE_URIS[source]
    assert same(midi.read(data), chorale())


def test_label_alone_and_nothing_at_all() -> None:
    labelled = midi.write(chorale(), None, "trained")
    assert midi.read_provenance(labelled) is None
    assert midi.read_label(labelled) == xmp.SOURCE_URIS["trained"]
    bare = midi.write(chorale())
    assert midi.texts(bare) == []
    assert midi.read_label(bare) == ""


def test_broken_entries_are_passed_over() -> None:
    texts = [b"GenStudio {broken", b"GenStudio [1]", b'GenStudio {"seed": 3}', b"hello"]
    body = b"".join(b"\x00\xff\x01" + bytes([len(text)]) + text for text in texts)
    assert midi.read_provenance(file(body + END)) == {"seed": 3}
    assert midi.texts(file(body + END))[3] == "hello"


# What others write.


def test_running_status_and_silent_note_ons() -> None:
    body = b"\x00\x90\x3c\x40\x60\x40\x50\x00\x3c\x00\x60\x40\x00" + END
    assert rows(file(body)) == [(0, 96, 60, 64, 0), (96, 96, 64, 80, 0)]


def test_notes_that_never_end_last_to_the_end_of_the_track() -> None:
    hanging = b"\x00\x90\x3c\x40" + b"\x00\x90\x3e\x40\x60\x80\x3e\x00" + b"\x60\xff\x2f\x00"
    assert rows(file(hanging)) == [(0, 192, 60, 64, 0), (0, 96, 62, 64, 0)]
    assert rows(file(b"\x00\x90\x3c\x40" + END)) == [(0, 480, 60, 64, 0)]


def test_all_of_64_hanging_notes_are_there() -> None:
    body = b"".join(bytes([0, 0x90, pitch, 64]) for pitch in range(30, 94))
    assert len(rows(file(body + END))) == 64


def test_a_note_that_begins_twice_ends_in_order() -> None:
    body = b"\x00\x90\x3c\x40\x10\x90\x3c\x50\x10\x80\x3c\x00\x10\x80\x3c\x00" + END
    assert rows(file(body)) == [(0, 32, 60, 64, 0), (16, 32, 60, 80, 0)]


def test_channels_of_type_0_are_voices() -> None:
    body = b"\x00\xff\x03\x04Song" + b"\x00\xc0\x28" + NOTE + b"\x00\x99\x24\x70\x10\x89\x24\x00"
    piece = midi.read(file(body + END, form=0))
    assert piece.tracks == (Track("", 40), Track("", 0, True))
    assert piece.title == "Song"
    assert piece.notes["track"].tolist() == [0, 1]


def test_patterns_of_type_2_follow_each_other() -> None:
    tempo = b"\x00\xff\x51\x03\x0f\x42\x40"
    piece = midi.read(file(NOTE + END, tempo + NOTE + END, form=2))
    assert piece.notes["start"].tolist() == [0, 480]
    assert piece.tempos == ((0, 120.0), (480, 60.0))


def test_frames_a_second_become_quarters() -> None:
    piece = midi.read(file(NOTE + END, division=bytes([256 - 25, 40])))
    assert piece.ppq == 1000
    assert piece.seconds(1000) == pytest.approx(1.0)
    drop = midi.read(file(NOTE + END, division=bytes([256 - 29, 100])))
    assert drop.seconds(3000) == pytest.approx(1.001, abs=1e-4)


def test_midi_inside_riff() -> None:
    inner = file(NOTE + END)
    body = b"RMIDLIST\x03\x00\x00\x00abc\x00data" + len(inner).to_bytes(4, "little") + inner
    assert len(rows(b"RIFF" + len(body).to_bytes(4, "little") + body)) == 1


def test_unknown_chunks_long_headers_and_a_megabyte_for_a_system() -> None:
    data = file(NOTE + END)
    longer = b"MThd\x00\x00\x00\x08" + data[8:14] + b"xxXFIH\x00\x00\x00\x02ab" + data[14:]
    assert len(rows(longer)) == 1
    system = b"\x00\xf0\xc0\x80\x00" + bytes(1 << 20) + NOTE + END
    assert len(rows(file(system))) == 1


def test_names_of_old_programs() -> None:
    body = b"\x00\xff\x03\x06Fl\xf6te\x07" + NOTE + END
    assert midi.read(file(END, body)).tracks[0].name == "Flöte"


def test_the_instrument_is_that_of_the_first_note() -> None:
    late = b"\x00\xc0\x05" + b"\x00\xc0\x06" + NOTE + b"\x00\xc0\x07" + NOTE + END
    assert midi.read(file(late)).tracks[0].program == 6
    after = NOTE + b"\x00\xc0\x07" + END
    assert midi.read(file(after)).tracks[0].program == 7


def test_values_that_nobody_can_play_are_left_out() -> None:
    metas = (
        b"\x00\xff\x51\x03\x00\x00\x00", b"\x00\xff\x58\x04\x00\x02\x18\x08",
        b"\x00\xff\x58\x04\x04\x09\x18\x08", b"\x00\xff\x59\x02\x09\x00",
        b"\x00\xff\x59\x02\x01\x05", b"\x00\xff\x51\x01\x07",
    )  # fmt: skip
    piece = midi.read(file(b"".join(metas) + NOTE + END))
    assert (piece.tempos, piece.metres, piece.keys) == (((0, 120.0),), ((0, 4, 4),), ())


def test_a_key_told_late_holds_from_the_beginning() -> None:
    piece = midi.read(file(b"\x60\xff\x59\x02\xfe\x01" + NOTE + END))
    assert piece.keys == ((0, -2, True),)


def test_more_than_16_voices_are_joined_by_instrument() -> None:
    bodies = [bytes([0, 0xC0, number % 20]) + NOTE + END for number in range(40)]
    piece = midi.read(file(*bodies))
    assert len(piece.tracks) == 16
    assert len(piece.notes) == 40
    assert np.bincount(piece.notes["track"])[:15].tolist() == [2] * 15
    silent = [bytes([0, 0xC0, number]) + END for number in range(30)]
    assert len(midi.read(file(*silent, NOTE + END)).tracks) == 1


def test_drums_too_many_of_everything_still_have_a_track() -> None:
    bodies = [bytes([0, 0xC0, number]) + NOTE + END for number in range(20)]
    piece = midi.read(file(*bodies, b"\x00\x99\x24\x70\x10\x89\x24\x00" + END))
    assert len(piece.notes) == 21
    assert len(piece.tracks) == 16


def test_empty_file_of_music() -> None:
    piece = midi.read(file(END))
    assert piece.length == 0
    assert piece.tracks == (Track(),)


# Damage.


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "its header"),
        (b"MThd", "its header"),
        (b"RIFF\x04\x00\x00\x00RMID", "no MIDI file"),
        (file(NOTE + END, form=3), "its header"),
        (file(NOTE + END, tracks=65535), "should hold 65,535 tracks"),
        (file(), "should hold 0 tracks"),
        (file(NOTE + END, division=b"\x00\x00"), "no ticks"),
        (file(NOTE + END, division=b"\x90\x00"), "frames"),
        (file(NOTE + END)[:-6], "ends too early"),
        (file(b"\x00\x90\x3c"), "ends too early"),
        (file(b"\xff\xff\xff\xff\x00" + NOTE), "no end"),
        (file(b"\x00\xf4\x00" + NOTE), "unknown event 0xf4"),
        (file(b"\x00\x3c\x40"), "unknown event 0x0"),
        (file(b"\x00\xff\x01\x7fabc"), "no end"),
        (file(b"\x00\x90\xbc\x40" + END), "value over 127"),
        (file(b"\x00\x90\x3c\xc0" + END), "value over 127"),
    ],
)
def test_damage_is_told(data: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason) as caught:
        midi.read(data, "a.mid")
    assert "a.mid" in str(caught.value)
    with pytest.raises(BadInput):
        midi.read_provenance(data)


def test_pauses_of_days_are_refused() -> None:
    pause = b"\xff\xff\xff\x7f\xff\x01\x00"
    with pytest.raises(BadInput, match="longer than 6 hours"):
        midi.read(file(pause + NOTE + END))
    with pytest.raises(BadInput, match="too long"):
        midi.read(file(pause * 5 + NOTE + END))


def test_absurd_metres_are_refused() -> None:
    metre = b"\x00\xff\x58\x04\x01\x06\x18\x08"
    pause = b"\x88\x80\x00\xff\x01\x00"
    with pytest.raises(BadInput, match="bars"):
        midi.read(file(metre + pause + NOTE + END, division=b"\x00\x10"))


def test_too_many_notes_and_too_large_files(monkeypatch: pytest.MonkeyPatch) -> None:
    from genstudio.media import midi_chunks

    monkeypatch.setattr(midi_chunks, "MAX_NOTES", 3)
    with pytest.raises(BadInput, match="more than 3 notes"):
        midi.read(file(NOTE * 2 + END, NOTE * 2 + END))
    monkeypatch.setattr(midi_chunks, "MAX_BYTES", 20)
    with pytest.raises(BadInput, match="larger than"):
        midi.read(file(NOTE + END))
