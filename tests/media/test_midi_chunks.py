"""Bytes of MIDI files, read without trust: numbers, events, limits, damage of any kind."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media import midi_chunks
from genstudio.media.midi_chunks import Chunk, Voice, parse

END = b"\x00\xff\x2f\x00"
NOTE = b"\x00\x90\x3c\x40\x60\x80\x3c\x00"


def chunk(body: bytes) -> bytes:
    return b"MTrk" + len(body).to_bytes(4, "big") + body


def file(*bodies: bytes, division: bytes = b"\x00\x60", form: int = 1, count: int = -1) -> bytes:
    told = (len(bodies) if count < 0 else count).to_bytes(2, "big")
    head = b"MThd\x00\x00\x00\x06" + form.to_bytes(2, "big") + told + division
    return head + b"".join(map(chunk, bodies))


def one(body: bytes) -> Chunk:
    """What one track holds, told at 96 ticks a quarter."""
    (found,) = parse(file(body)).chunks
    return found


def notes(body: bytes, channel: int = 0) -> list[tuple[int, int, int, int]]:
    return one(body).voices[channel].notes


def long_number(value: int) -> bytes:
    """A number of variable length, as the standard writes it."""
    found = [value & 0x7F]
    while value := value >> 7:
        found.append(value & 0x7F | 0x80)
    return bytes(reversed(found))


# ---- numbers and time ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "value"),
    [("00", 0), ("40", 0x40), ("7f", 0x7F), ("8100", 0x80), ("c000", 0x2000), ("ff7f", 0x3FFF),
     ("818000", 0x4000), ("ffff7f", 0x1FFFFF), ("81808000", 0x200000), ("ffffff7f", 0xFFFFFFF)],
)  # fmt: skip
def test_numbers_of_the_standard(told: str, value: int) -> None:
    data = bytes.fromhex(told)
    assert long_number(value) == data
    assert midi_chunks._number(data + b"\x55", 0) == (value, len(data))


def test_a_number_without_end_is_damage() -> None:
    with pytest.raises(ValueError, match="no end"):
        midi_chunks._number(b"\x80\x80\x80\x80\x01", 0)
    with pytest.raises(IndexError):
        midi_chunks._number(b"\x80", 0)


@pytest.mark.parametrize(
    ("division", "ppq", "tempo"),
    [
        (b"\x01\xe0", 480, 0.0),
        (b"\x00\x01", 1, 0.0),
        (b"\x7f\xff", 0x7FFF, 0.0),
        (bytes([256 - 25, 40]), 1000, 60.0),
        (bytes([256 - 24, 4]), 96, 60.0),
        (bytes([256 - 29, 80]), 2400, 60 / 1.001),
    ],
)
def test_divisions(division: bytes, ppq: int, tempo: float) -> None:
    found = parse(file(END, division=division))
    assert (found.ppq, found.tempo) == (ppq, pytest.approx(tempo))


@pytest.mark.parametrize("division", [b"\x00\x00", bytes([256 - 25, 0]), bytes([256 - 31, 40])])
def test_divisions_without_a_meaning(division: bytes) -> None:
    with pytest.raises(ValueError, match=r"quarter|frames"):
        parse(file(END, division=division))


def test_time_adds_up_and_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    late = long_number(1000) + b"\xff\x01\x00"
    assert one(late * 3 + END).metas == [(1000, 1, b""), (2000, 1, b""), (3000, 1, b""),
                                         (3000, midi_chunks.END, b"")]  # fmt: skip
    monkeypatch.setattr(midi_chunks, "LATEST", 2999)
    assert one(late * 2 + END).end == 2000
    with pytest.raises(ValueError, match="too long"):
        one(late * 3 + END)


# ---- events ----------------------------------------------------------------------------------


def test_channels_are_voices_and_programs_stay_with_them() -> None:
    body = b"\x00\xc3\x28" + b"\x00\x93\x3c\x40" + b"\x10\x95\x30\x20" + b"\x10\x83\x3c\x00"
    found = one(body + b"\x10\x85\x30\x00" + END)
    assert found.voices == {
        3: Voice([(0, 32, 60, 64)], [(0, 40)]), 5: Voice([(16, 32, 48, 32)], []),
    }  # fmt: skip
    assert found.count == 2


def test_events_that_are_no_notes_are_passed_by_their_length() -> None:
    others = b"\x00\xb0\x07\x64" + b"\x00\xe0\x00\x40" + b"\x00\xa0\x3c\x10" + b"\x00\xd0\x33"
    assert notes(others + NOTE + END) == [(0, 96, 60, 64)]


def test_what_is_for_a_system_is_passed_by() -> None:
    private = b"\x00\xf0\x05\x7e\x7f\x09\x01\xf7" + b"\x00\xf7\x02\x01\x02"
    found = one(private + NOTE + END)
    assert found.voices[0].notes == [(0, 96, 60, 64)]
    assert [kind for _, kind, _ in found.metas] == [midi_chunks.END]


def test_a_status_holds_on_until_another_one() -> None:
    running = b"\x00\x90\x3c\x40" + b"\x30\x3c\x00" + b"\x00\x3e\x50" + b"\x30\x3e\x00"
    assert notes(running + END) == [(0, 48, 60, 64), (48, 48, 62, 80)]


def test_a_first_event_without_a_status_is_damage() -> None:
    with pytest.raises(ValueError, match="unknown event"):
        one(b"\x00\x3c\x40" + END)


@pytest.mark.parametrize("status", [0xF1, 0xF2, 0xF8, 0xFE])
def test_events_that_no_file_holds(status: int) -> None:
    with pytest.raises(ValueError, match=hex(status)):
        one(bytes([0, status, 0, 0]) + END)


def test_nothing_counts_behind_the_end_of_a_track() -> None:
    found = one(b"\x00\x90\x3c\x40" + b"\x20\xff\x2f\x00" + b"\x20\x90\x40\x40\x90")
    assert found.voices[0].notes == [(0, 32, 60, 64)]
    assert found.end == 32


def test_ends_of_notes_that_never_began_are_passed_over() -> None:
    assert one(b"\x00\x80\x3c\x00" + b"\x00\x90\x3e\x00" + END).voices == {}


def test_notes_have_a_length_and_end_first_in_first_out() -> None:
    twice = b"\x00\x90\x3c\x10" + b"\x08\x90\x3c\x20" + b"\x00\x80\x3c\x00" + b"\x08\x80\x3c\x00"
    assert notes(twice + END) == [(0, 8, 60, 16), (8, 8, 60, 32)]
    assert notes(b"\x05\x90\x3c\x10\x00\x80\x3c\x00" + END) == [(5, 1, 60, 16)]
    assert notes(b"\x05\x90\x3c\x10" + END) == [(5, 96, 60, 16)]  # begun at the end: a quarter


@pytest.mark.parametrize("body", [b"\x00\x90\x80\x40", b"\x00\x90\x3c\x80", b"\x00\xc0\x80\x00"])
def test_values_over_127_are_damage(body: bytes) -> None:
    with pytest.raises(ValueError, match="over 127"):
        one(body + END)


def test_a_text_that_is_longer_than_its_track() -> None:
    with pytest.raises(ValueError, match="no end"):
        one(b"\x00\xff\x01\x7fabc")


# ---- files -----------------------------------------------------------------------------------


def test_room_for_notes_is_that_of_all_tracks_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(midi_chunks, "MAX_NOTES", 3)
    assert [each.count for each in parse(file(NOTE * 2, NOTE)).chunks] == [2, 1]
    with pytest.raises(ValueError, match="more than 3 notes"):
        parse(file(NOTE * 2, NOTE * 2))


def test_chunks_of_other_kinds_do_not_count_as_tracks() -> None:
    other = b"XFIH\x00\x00\x00\x02ab"
    data = file(NOTE + END)
    assert len(parse(data[:14] + other + data[14:] + other).chunks) == 1
    with pytest.raises(ValueError, match="should hold 2 tracks, but holds 1"):
        parse(file(NOTE + END, count=2) + other)
    with pytest.raises(ValueError, match="should hold"):
        parse(file(count=0))


def test_more_tracks_than_declared_are_read() -> None:
    assert len(parse(file(NOTE, NOTE, NOTE, count=1)).chunks) == 3


def test_riff_around_it_may_hold_other_chunks_of_odd_length() -> None:
    inner = file(NOTE + END)
    info = b"INFO\x03\x00\x00\x00abc\x00"
    riff = b"RIFF\x00\x00\x00\x00RMID" + info + b"data" + len(inner).to_bytes(4, "little") + inner
    assert parse(riff).chunks[0].count == 1
    with pytest.raises(ValueError, match="no MIDI file in it"):
        parse(b"RIFF\x00\x00\x00\x00RMID" + info)
    nested = b"RIFF\x00\x00\x00\x00RMIDdata" + len(riff).to_bytes(4, "little") + riff
    with pytest.raises(ValueError, match="header"):
        parse(nested)


@pytest.mark.parametrize("form", [3, 0x6D, 0xFFFF])
def test_forms_that_do_not_exist(form: int) -> None:
    with pytest.raises(ValueError, match="header"):
        parse(file(NOTE, form=form))


def test_every_cut_and_any_wrong_byte_is_an_answer_or_damage() -> None:
    whole = file(b"\x00\xff\x51\x03\x07\xa1\x20" + NOTE * 3 + END, b"\x00\xc1\x05" + NOTE + END)
    for size in range(len(whole)):
        with pytest.raises((ValueError, IndexError)):
            parse(whole[:size])
    random = np.random.default_rng(3)
    for _ in range(400):
        wrong = bytearray(whole)
        wrong[int(random.integers(len(wrong)))] = int(random.integers(256))
        try:
            found = parse(bytes(wrong))
        except (ValueError, IndexError):
            continue
        for each in found.chunks:
            for voice in each.voices.values():
                for start, duration, pitch, velocity in voice.notes:
                    assert start >= 0
                    assert duration >= 1
                    assert 0 <= pitch < 128
                    assert 0 < velocity < 128
