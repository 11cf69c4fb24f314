"""Small SoundFonts made in a test: one or a few zones over sines, as .sf2 or .sf3."""

from __future__ import annotations

import io
import struct

import numpy as np

from genstudio.media.soundfont import SoundFont

RATE = 22050
Zone = dict[int, int]
"""Generator number -> amount."""


def sine(hertz: float = 441.0, seconds: float = 0.5, rate: int = RATE) -> np.ndarray:
    """float32 (n,) at half of full."""
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype("f4")


def font_bytes(
    zones: list[Zone] | None = None,
    *,
    above: Zone | None = None,
    wave: np.ndarray | None = None,
    loop: tuple[int, int] = (100, 150),
    packed: bool = False,
    presets: tuple[tuple[int, int], ...] = ((0, 0),),
    rate: int = RATE,
    root: int = 69,
) -> bytes:
    """A font whose presets (bank, programme) all play one instrument of `zones` over `wave`."""
    wave = sine() if wave is None else wave
    start, body, kind = _sample(wave, rate, packed)
    end = start + len(body) // (1 if packed else 2)
    if not packed:
        loop = (loop[0] + start, loop[1] + start)
        body = b"\0" * 2 * start + body
    zones = [{54: 1}] if zones is None else zones
    count = len(presets)
    preset = b"".join(
        struct.pack("<20sHHH12x", b"P%d" % p, p, b, i) for i, (b, p) in enumerate(presets)
    ) + struct.pack("<20sHHH12x", b"EOP", 0, 0, count)
    gens = [_gens((above or {}) | {41: 0}) for _ in presets]
    inst = struct.pack("<20sH", b"I", 0) + struct.pack("<20sH", b"EOI", len(zones))
    below = [_gens(zone if 53 in zone or zone.get(-1) else zone | {53: 0}) for zone in zones]
    head = struct.pack("<20sIIIIIBbHH", b"S", start, end, *loop, rate, root, 0, 0, kind)
    head += struct.pack("<20sIIIIIBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0)
    tables = [
        (b"phdr", preset), (b"pbag", _bags(gens)), (b"pmod", b"\0" * 10),
        (b"pgen", b"".join(gens) + b"\0" * 4), (b"inst", inst), (b"ibag", _bags(below)),
        (b"imod", b"\0" * 10), (b"igen", b"".join(below) + b"\0" * 4), (b"shdr", head),
    ]  # fmt: skip
    lists = _chunk(b"LIST", b"INFO" + _chunk(b"INAM", b"test\0"))
    lists += _chunk(b"LIST", b"sdta" + _chunk(b"smpl", body))
    lists += _chunk(b"LIST", b"pdta" + b"".join(_chunk(name, part) for name, part in tables))
    return _chunk(b"RIFF", b"sfbk" + lists)


def font(zones: list[Zone] | None = None, **more) -> SoundFont:  # type: ignore[no-untyped-def]
    """The same, opened."""
    return SoundFont(np.frombuffer(font_bytes(zones, **more), np.uint8), "test.sf2")


def span(first: int, last: int) -> int:
    """A range of keys or velocities as an amount."""
    return first | last << 8


def _sample(wave: np.ndarray, rate: int, packed: bool) -> tuple[int, bytes, int]:
    if not packed:
        return 46, np.rint(wave * 32767).astype("<i2").tobytes(), 1
    import soundfile

    held = io.BytesIO()
    soundfile.write(held, wave, rate, format="OGG", subtype="VORBIS")
    return 0, held.getvalue(), 0x11


def _gens(zone: Zone) -> bytes:
    last = [oper for oper in (41, 53) if oper in zone]
    order = [oper for oper in zone if oper >= 0 and oper not in last] + last
    return b"".join(struct.pack("<HH", oper, zone[oper] & 0xFFFF) for oper in order)


def _bags(gens: list[bytes]) -> bytes:
    places = np.cumsum([0, *(len(part) // 4 for part in gens)]).tolist()
    return b"".join(struct.pack("<HH", place, 0) for place in places)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)
