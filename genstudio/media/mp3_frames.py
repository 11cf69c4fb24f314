"""The frames of an MP3 stream, as another container needs them.

ISO/IEC 11172-3, section 2.4.2.3 (header), 2.4.3.1 (length of a frame); ISO/IEC 13818-3 for the
lower rates. LAME's first frame is silent and tells how many samples it put before the sound and
behind it (the "Info" tag, http://gabriel.mp3-tech.org/mp3infotag.html).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.core.errors import BadInput

DECODER_DELAY = 529
"""Samples by which every decoder is late: 528 of its filters, and one."""
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples a second by the version's two bits: MPEG-1, MPEG-2, MPEG-2.5."""
_BITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_TAG_DELAY = 141
"""From the name of the tag to its three bytes of delay and padding: 12 bits each."""


@dataclass(frozen=True)
class Stream:
    """`data` holds whole frames one behind the other, `sizes` (n,) their bytes (int64).

    Each is `samples` long. The sound begins `delay` samples (the decoder's lateness included)
    after the first one and lasts `length` samples.
    """

    data: bytes
    sizes: np.ndarray
    rate: int
    channels: int
    samples: int
    delay: int
    length: int


@dataclass(frozen=True)
class _Head:
    size: int
    rate: int
    channels: int
    samples: int
    side: int


def read(data: bytes, name: str = "the sound") -> Stream:
    """The frames of an MP3 file without its tags; raises BadInput where there are none."""
    place = _behind_tag(data)
    first = _head(data, place)
    if first is None:
        raise BadInput(f"{name} is no MP3 stream", next_step="Write the sound anew.")
    told = _told(data[place : place + first.size], first)
    place += first.size if told else 0
    start, sizes = place, []
    while (head := _head(data, place)) is not None and place + head.size <= len(data):
        sizes.append(head.size)
        place += head.size
    if not sizes:
        raise BadInput(f"{name} has no frames of sound", next_step="Write the sound anew.")
    before, behind = told or (0, 0)
    delay = before + DECODER_DELAY if told else 0
    length = max(1, len(sizes) * first.samples - before - behind)
    # The decoder's lateness may push the end of the sound beyond the last frame.
    length = min(length, len(sizes) * first.samples - delay) if delay else length
    return Stream(
        data[start:place],
        np.array(sizes, np.int64),
        first.rate,
        first.channels,
        first.samples,
        delay,
        length,
    )


def _behind_tag(data: bytes) -> int:
    """Where an ID3v2 tag ends (its size has seven bits a byte), 0 without one."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 127
    return 10 + size


def _head(data: bytes, place: int) -> _Head | None:
    """The header at `place`; None where no frame of layer III begins there."""
    if place + 4 > len(data) or data[place] != 255 or data[place + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[place + 1] >> 3 & 3, data[place + 1] >> 1 & 3
    bits, rate, padding = data[place + 2] >> 4, data[place + 2] >> 2 & 3, data[place + 2] >> 1 & 1
    if layer != 1 or version not in _RATES or not 0 < bits < 15 or rate == 3:
        return None
    first, mono = version == 3, data[place + 3] >> 6 == 3
    pace = _RATES[version][rate]
    kilobits = (_BITS_1 if first else _BITS_2)[bits]
    size = (144 if first else 72) * kilobits * 1000 // pace + padding
    side = (17 if mono else 32) if first else (9 if mono else 17)
    return _Head(size, pace, 1 if mono else 2, 1152 if first else 576, side)


def _told(frame: bytes, head: _Head) -> tuple[int, int] | None:
    """(samples before, behind the sound) of a frame that only tells of the others, or None."""
    place = 4 + head.side
    if frame[place : place + 4] not in (b"Xing", b"Info"):
        return None
    found = frame[place + _TAG_DELAY : place + _TAG_DELAY + 3]
    if len(found) < 3:
        return 0, 0
    return found[0] << 4 | found[1] >> 4, (found[1] & 15) << 8 | found[2]
