"""Headers of sounds, whole and damaged."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media import sound


def wav(seconds: float = 0.5, rate: int = 8000, channels: int = 1) -> bytes:
    """A sine as 16-bit PCM."""
    count = int(seconds * rate)
    samples = (np.sin(np.arange(count) / 9) * 9000).astype("<i2").repeat(channels)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as made:
        made.setnchannels(channels)
        made.setsampwidth(2)
        made.setframerate(rate)
        made.writeframes(samples.tobytes())
    return buffer.getvalue()


def flac(total: int = 16000, rate: int = 16000, channels: int = 2) -> bytes:
    """STREAMINFO as RFC 9639 has it, and some bytes of sound."""
    word = rate << 44 | (channels - 1) << 41 | 15 << 36 | total
    info = struct.pack(">HH", 4096, 4096) + bytes(6) + word.to_bytes(8, "big") + bytes(16)
    return b"fLaC" + b"\x80" + len(info).to_bytes(3, "big") + info + bytes(64)


def page(body: bytes, samples: int) -> bytes:
    """One Ogg page (RFC 3533)."""
    return b"OggS\x00\x02" + struct.pack("<qIII", samples, 1, 0, 0) + bytes([1, len(body)]) + body


VORBIS = b"\x01vorbis" + struct.pack("<IBI", 0, 2, 44100) + bytes(14)
OPUS = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 16000, 0, 0)


def test_wav() -> None:
    found = sound.facts(wav(0.5, 8000, 2))
    assert found == sound.SoundFacts(0.5, 8000, 2, "WAV PCM")


def test_wav_with_other_chunks_and_an_odd_one() -> None:
    data = wav()
    odd = data[:12] + b"LIST" + struct.pack("<I", 3) + b"abc\x00" + data[12:]
    assert sound.facts(odd).seconds == 0.5


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_wav_of_a_stream_that_never_said_its_length(size: int) -> None:
    data = bytearray(wav(0.25))
    place = data.index(b"data") + 4
    data[place : place + 4] = struct.pack("<I", size)
    assert sound.facts(bytes(data)).seconds == 0.25


def test_flac() -> None:
    assert sound.facts(flac()) == sound.SoundFacts(1.0, 16000, 2, "FLAC")


@pytest.mark.parametrize(
    ("head", "last", "seconds", "rate", "channels"),
    [
        (VORBIS, 88200, 2.0, 44100, 2),
        (OPUS, 48000 + 312, 1.0, 16000, 1),
        (b"\x7fFLAC\x01\x00\x00\x00" + flac(), 5, 1.0, 16000, 2),
    ],
)
def test_ogg(head: bytes, last: int, seconds: float, rate: int, channels: int) -> None:
    # The second page carries the place of the last sample.
    if head.startswith(b"\x7fFLAC"):
        head = b"\x7fFLAC\x01\x00\x00\x01" + flac()
    data = page(head, 0) + page(b"x" * 50, last)
    found = sound.facts(data)
    assert (found.seconds, found.rate, found.channels) == (seconds, rate, channels)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"RIFF\x00\x00\x00\x00WAVE",
        wav()[:40],
        wav()[:-100],
        wav().replace(b"fmt ", b"fmx "),
        wav().replace(b"\x01\x00\x01\x00", b"\x55\x00\x01\x00"),
        b"fLaC" + bytes(10),
        flac(rate=0),
        flac()[:50],
        b"OggS" + bytes(30),
        page(b"\x01vorbis", 0),
        page(VORBIS, 0),
        page(b"Speex   " + bytes(40), 0),
        b"ID3" + bytes(100),
    ],
)
def test_damage_is_a_sentence(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"a\.wav is damaged and cannot be read"):
        sound.facts(data, "a.wav")


def test_absurd_headers_are_refused() -> None:
    data = bytearray(wav())
    place = data.index(b"fmt ") + 10
    data[place : place + 2] = struct.pack("<H", 999)
    with pytest.raises(BadInput, match="999 channels"):
        sound.facts(bytes(data))


def test_cut_anywhere_it_never_hurts() -> None:
    for whole in (wav(0.01), flac(), page(VORBIS, 0) + page(b"x", 99)):
        for end in range(0, len(whole), 7):
            try:
                found = sound.facts(whole[:end])
            except BadInput:
                continue
            assert found.seconds >= 0
