"""Headers of sound files: how long, how many a second, how many channels. Nothing is decoded.

Sources: Microsoft "Multimedia Programming Interface and Data Specifications 1.0" (RIFF WAVE),
RFC 9639 (FLAC, section 8.2), RFC 3533 (Ogg pages), Vorbis I section 4.2.2, RFC 7845 (Opus).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from genstudio.core.errors import BadInput

_FORMATS = {1: "PCM", 3: "float", 6: "A-law", 7: "mu-law", 0xFFFE: "extensible"}


@dataclass(frozen=True)
class SoundFacts:
    """`seconds` of sound, `rate` in samples a second, `channels`."""

    seconds: float
    rate: int
    channels: int
    form: str


def facts(data: bytes, name: str = "the sound") -> SoundFacts:
    """What the header says, checked against the bytes that are there; raises BadInput."""
    try:
        if data[:4] in (b"RIFF", b"RF64") and data[8:12] == b"WAVE":
            found = _wav(data)
        elif data[:4] == b"fLaC":
            found = _flac(data)
        elif data[:4] == b"OggS":
            found = _ogg(data)
        else:
            raise ValueError("it is no WAV, FLAC or Ogg file")
    except (ValueError, struct.error, IndexError) as error:
        raise BadInput(f"{name} is damaged and cannot be read: {error}") from error
    if not (1 <= found.channels <= 64 and 1 <= found.rate <= 1_000_000):
        raise BadInput(f"{name} has {found.channels} channels at {found.rate} Hz, which is absurd")
    return found


def _wav(data: bytes) -> SoundFacts:
    place, shape = 12, None
    while place + 8 <= len(data):
        kind, size = data[place : place + 4], struct.unpack_from("<I", data, place + 4)[0]
        if kind == b"fmt ":
            shape = struct.unpack_from("<HHIIHH", data, place + 8)
        elif kind == b"data":
            if shape is None:
                raise ValueError("its sound comes before its format")
            form, channels, rate, _, frame, _ = shape
            if form not in _FORMATS or not frame or not rate:
                raise ValueError(f"its format {form} is not known here")
            there = len(data) - place - 8
            # 0 and 2^32 - 1 are what programs write that stream and never came back to say.
            if size in (0, 0xFFFFFFFF):
                size = there
            if size > there:
                raise ValueError("it ends too early")
            return SoundFacts(size // frame / rate, rate, channels, "WAV " + _FORMATS[form])
        place += 8 + size + (size & 1)
    raise ValueError("it holds no sound")


def _flac(data: bytes) -> SoundFacts:
    if data[4] & 0x7F != 0 or int.from_bytes(data[5:8], "big") < 34 or len(data) < 42:
        raise ValueError("its first block does not describe the stream")
    word = int.from_bytes(data[18:26], "big")
    rate, channels, total = word >> 44, (word >> 41 & 7) + 1, word & (1 << 36) - 1
    if not rate:
        raise ValueError("its rate is 0")
    if len(data) < 64:
        raise ValueError("it ends too early")
    return SoundFacts(total / rate, rate, channels, "FLAC")


def _ogg(data: bytes) -> SoundFacts:
    body = data[27 + data[26] :]
    if body[:7] == b"\x01vorbis":
        channels, rate = struct.unpack_from("<xxxxBI", body, 7)
        skip, clock, form = 0, rate, "Ogg Vorbis"
    elif body[:8] == b"OpusHead":
        channels, skip, rate = struct.unpack_from("<BHI", body, 9)
        clock, rate, form = 48000, rate or 48000, "Ogg Opus"
    elif body[:5] == b"\x7fFLAC":
        found = _flac(body[9:])
        return SoundFacts(found.seconds, found.rate, found.channels, "Ogg FLAC")
    else:
        raise ValueError("its codec is not known here")
    last = data.rfind(b"OggS")
    samples = struct.unpack_from("<q", data, last + 6)[0]
    if not clock or last == 0 or samples < 0:
        raise ValueError("it ends too early")
    return SoundFacts(max(0, samples - skip) / clock, rate, channels, form)
