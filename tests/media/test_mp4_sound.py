"""Sound in films: a second track that lasts as long, frames untouched, other words kept."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.media import animation, mp3_frames, mp4, mp4_sound, provenance
from genstudio.media.mp4_boxes import box, boxes, changed, find
from tests.helpers.making import provenance as record
from tests.media.test_mp3_frames import mp3

FPS = 12.0
_MEDIA = (b"mdia", b"minf", b"stbl")


def frames(many: int = 18) -> list[np.ndarray]:
    """A square that wanders, grey levels that differ (64, 64, 3)."""
    found = []
    for number in range(many):
        picture = np.full((64, 64, 3), 20 + 5 * number, np.uint8)
        picture[8:24, 2 * number : 2 * number + 16] = 240
        found.append(picture)
    return found


@pytest.fixture(scope="module")
def silent() -> bytes:
    return animation.encode(frames(), ".mp4", FPS, record())


@pytest.fixture(scope="module")
def sounding(silent) -> bytes:
    return mp4_sound.with_sound(silent, mp3(1.5))


def tracks(film: bytes) -> list[bytes]:
    moov = find(film, (b"moov",))
    return [moov[a:b] for kind, a, b in boxes(moov) if kind == b"trak"]


def samples(film: bytes, track: bytes) -> list[bytes]:
    """What the tables of a track point to, frame by frame, read the plain way."""
    tables = find(track, _MEDIA)
    sizes = np.frombuffer(find(tables, (b"stsz",))[12:], ">u4").tolist()
    places = np.frombuffer(find(tables, (b"stco",))[8:], ">u4").tolist()
    rows = np.frombuffer(find(tables, (b"stsc",))[8:], ">u4").reshape(-1, 3).tolist()
    found, number = [], 0
    for chunk, place in enumerate(places, 1):
        many = [each for first, each, _entry in rows if first <= chunk][-1]
        for _ in range(many):
            found.append(film[place : place + sizes[number]])
            place += sizes[number]
            number += 1
    assert number == len(sizes)
    return found


def test_both_tracks_have_every_frame_as_it_was(silent, sounding):
    (before,), (picture, sound) = tracks(silent), tracks(sounding)
    assert samples(sounding, picture) == samples(silent, before)
    assert b"".join(samples(sounding, sound)) == mp3_frames.read(mp3(1.5)).data


def test_pictures_decode_to_the_same(silent, sounding):
    one, _ = mp4.read(silent, 100, 10**8)
    other, fps = mp4.read(sounding, 100, 10**8)
    assert fps == pytest.approx(FPS)
    np.testing.assert_array_equal(one, other)


def test_durations_are_those_of_the_longer_and_the_silence_is_left_out(sounding):
    _, sound = tracks(sounding)
    stream = mp3_frames.read(mp3(1.5))
    head = find(sounding, (b"moov", b"mvhd"))
    scale, duration = struct.unpack_from(">II", head, 12)
    assert duration / scale == pytest.approx(1.5, abs=1 / FPS)
    lasting, start = struct.unpack_from(">II", find(sound, (b"edts", b"elst")), 8)
    assert start == stream.delay
    assert lasting == round(stream.length * scale / 44100)
    rate, whole = struct.unpack_from(">II", find(sound, (b"mdia", b"mdhd")), 12)
    assert (rate, whole) == (44100, len(stream.sizes) * 1152)
    steps = struct.unpack(">4I", find(sound, (*_MEDIA, b"stts")))
    assert steps == (0, 1, len(stream.sizes), 1152)


def test_the_sound_may_be_longer_or_shorter_than_the_pictures(silent):
    for seconds in (0.2, 4.0):
        film = mp4_sound.with_sound(silent, mp3(seconds))
        scale, duration = struct.unpack_from(">II", find(film, (b"moov", b"mvhd")), 12)
        assert duration / scale == pytest.approx(max(seconds, 1.5), abs=0.09)
        assert len(samples(film, tracks(film)[0])) == 18


def test_pictures_and_sound_lie_beside_each_other(sounding):
    """A player that reads on need not jump: half a second of each in turn."""
    places = [
        np.frombuffer(find(track, (*_MEDIA, b"stco"))[8:], ">u4").tolist()
        for track in tracks(sounding)
    ]
    assert [len(each) for each in places] == [3, 4], "the sound ends with its delay"
    merged = sorted((place, kind) for kind in (0, 1) for place in places[kind])
    assert [kind for _place, kind in merged] == [0, 1, 0, 1, 0, 1, 1]


def test_the_sound_says_what_it_is(sounding):
    entry = find(tracks(sounding)[1], (*_MEDIA, b"stsd"))[8:]
    assert entry[4:8] == b"mp4a"
    assert b"esds" in entry
    assert entry[entry.index(b"esds") + 8 :][5 + 2] == 0x6B, "MPEG-1 audio"
    low = mp4_sound.with_sound(animation.encode(frames(4), ".mp4", FPS), mp3(0.4, 22050, 1))
    entry = find(tracks(low)[1], (*_MEDIA, b"stsd"))[8:]
    assert entry[entry.index(b"esds") + 8 :][5 + 2] == 0x69
    assert struct.unpack_from(">H", entry, 8 + 8 + 8)[0] == 1, "one channel"


def test_what_the_film_says_of_its_making_stays(silent, sounding):
    assert provenance.read(sounding).provenance == record()
    assert provenance.read(sounding).source_uri == provenance.read(silent).source_uri
    one_go = mp4.encode(frames(), FPS, provenance.embed(record(), "full", (64, 64), True), mp3(1.0))
    assert provenance.read(one_go).provenance == record()
    assert len(tracks(one_go)) == 2


def test_tables_of_64_bits_are_read_and_become_short(silent, sounding):
    def long(tables: bytes) -> bytes:
        told = np.frombuffer(find(tables, (b"stco",))[8:], ">u4")
        content = struct.pack(">II", 0, len(told)) + told.astype(">u8").tobytes()
        rest = b"".join(box(k, tables[a:b]) for k, a, b in boxes(tables) if k != b"stco")
        return rest + box(b"co64", content)

    wide = changed(silent, (b"moov", b"trak", *_MEDIA), long)
    film = mp4_sound.with_sound(wide, mp3(1.5))
    assert samples(film, tracks(film)[0]) == samples(sounding, tracks(sounding)[0])


def test_what_cannot_get_sound_is_refused(silent, sounding, monkeypatch):
    with pytest.raises(BadInput, match="without sound"):
        mp4_sound.with_sound(sounding, mp3())
    with pytest.raises(BadInput, match="without sound"):
        mp4_sound.with_sound(box(b"ftyp", b"isom"), mp3())
    with pytest.raises(BadInput, match="no MP3"):
        mp4_sound.with_sound(silent, b"RIFF")
    monkeypatch.setattr(mp4_sound, "MAX_BYTES", 1000)
    with pytest.raises(UsageError, match="4 GB"):
        mp4_sound.with_sound(silent, mp3())


@pytest.mark.parametrize("table", [b"stsz", b"stsc", b"stco", b"stts"])
def test_damaged_tables_are_refused_in_a_sentence(silent, table):
    path = (b"moov", b"trak", *_MEDIA, table)
    for change in (lambda _old: b"", lambda old: old[:9], lambda old: old[:8] + b"\xff" * 12):
        with pytest.raises(BadInput, match=r"damaged|no pictures"):
            mp4_sound.with_sound(changed(silent, path, change), mp3())
