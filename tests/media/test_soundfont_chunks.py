"""The parts of a SoundFont: chunks that lie, ranges, and units of the standard."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media import soundfont


def data(raw: bytes) -> np.ndarray:
    return np.frombuffer(raw, np.uint8)


def chunk(kind: bytes, body: bytes, size: int = -1) -> bytes:
    told = len(body) if size < 0 else size
    return kind + told.to_bytes(4, "little") + body + b"\x00" * (len(body) % 2)


def walk(raw: bytes) -> list[tuple[bytes, bytes]]:
    return [(kind, body.tobytes()) for kind, body in soundfont._walk(data(raw))]


def test_chunks_stand_at_even_places() -> None:
    raw = chunk(b"one ", b"abc") + chunk(b"two ", b"") + chunk(b"thre", b"de")
    assert walk(raw) == [(b"one ", b"abc"), (b"two ", b""), (b"thre", b"de")]


def test_a_chunk_that_says_more_than_there_is_ends_with_the_file() -> None:
    assert walk(chunk(b"big ", b"abcd", 2**32 - 1) + b"more") == [(b"big ", b"abcdmore")]
    assert walk(b"cut") == walk(b"") == []


def test_chunks_without_end_are_not_walked_for_ever() -> None:
    assert len(walk(chunk(b"none", b"") * 10_000)) == 64


@pytest.mark.parametrize(
    "raw",
    [b"", b"RIFF", b"RIFF\x00\x00\x00\x00WAVE", b"sfbk" * 3, b"RIFF\x04\x00\x00\x00sfbk",
     b"RIFF\x00\x00\x00\x00sfbk" + chunk(b"LIST", b"sdta" + chunk(b"smpl", b"ab")),
     b"RIFF\x00\x00\x00\x00sfbk" + chunk(b"LIST", b"")],
)  # fmt: skip
def test_what_is_no_font_is_named(raw: bytes) -> None:
    with pytest.raises(BadInput, match="rain"):
        soundfont._chunks(data(raw), "rain")


@pytest.mark.parametrize(
    ("amount", "found"),
    [(0x7F00, (0, 127)), (0x4830, (0x30, 0x48)), (0x0000, (0, 0)), (-1, (255, 255)),
     (0x3048, (0x48, 0x30))],
)  # fmt: skip
def test_ranges_are_two_bytes(amount: int, found: tuple[int, int]) -> None:
    assert soundfont._range({7: amount}, 7) == found
    assert soundfont._range({8: amount}, 7) == (0, 127)


@pytest.mark.parametrize(
    ("one", "two", "both"),
    [((0, 127), (3, 9), (3, 9)), ((0, 5), (5, 9), (5, 5)), ((0, 4), (5, 9), None),
     ((9, 3), (0, 127), None)],
)  # fmt: skip
def test_where_two_ranges_meet(one, two, both) -> None:
    assert soundfont._shared(one, two) == both
    assert soundfont._shared(two, one) == both


@pytest.mark.parametrize(
    ("timecents", "seconds"),
    [(0, 1.0), (1200, 2.0), (-1200, 0.5), (-12000, 0.0), (-32768, 0.0), (32767, 100.0)],
)
def test_times(timecents: int, seconds: float) -> None:
    assert soundfont._seconds(timecents) == pytest.approx(seconds)


def test_filters() -> None:
    assert soundfont._hertz(6900) == pytest.approx(440, abs=0.1)
    assert soundfont._hertz(13500) == soundfont._hertz(32767) == 0.0  # no filter
    assert soundfont._hertz(-32768) == soundfont._hertz(1500) == pytest.approx(19.45, abs=0.01)
    rising = [soundfont._hertz(cents) for cents in range(1500, 13500, 100)]
    assert rising == sorted(rising)
