"""Sound for a film: an MP3 track is laid into an MP4 that has a picture track only.

OpenCV writes no sound, and the wheels that do (PyAV, imageio-ffmpeg) carry GPL encoders. So the
file is put together here: frames of the film are copied as they are, those of an MP3 stream are
laid between them every half second, and the tables of `moov` are written anew.

Why MP3: libsndfile can write it, its patents have ended, and what plays VP9 in MP4 (Chrome,
Firefox, Edge, VLC, mpv, FFmpeg, Qt) plays it as well. Opus would come in pages of Ogg; FLAC in
MP4 is several times larger; for AAC there is no free encoder here.

ISO/IEC 14496-12 (2015): 8.2.2 mvhd, 8.3.2 tkhd, 8.4 mdia, 8.5.2 stsd, 8.6.1.2 stts, 8.6.6 elst
(leaves out the silence that an MP3 begins with), 8.7.3 stsz, 8.7.4 stsc, 8.7.5 stco. ISO/IEC
14496-14, 5.6: `mp4a` with `esds`. ISO/IEC 14496-1, 7.2.6: the descriptors in it; object type 0x6B
is MPEG-1 audio, 0x69 that of MPEG-2.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from genstudio.core.errors import BadInput, UsageError
from genstudio.media import mp3_frames
from genstudio.media.mp3_frames import Stream
from genstudio.media.mp4_boxes import box, boxes, changed, count, find, full

CHUNK_SECONDS = 0.5
MAX_BYTES = 2**32 - 2**20
"""Places in `stco` have 32 bits."""
_TABLES = (b"trak", b"mdia", b"minf", b"stbl")
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_UND = 0x55C4
"""The language "und" as three letters of five bits."""


@dataclass(frozen=True)
class _Picture:
    """The film's frames: where each lies, how many bytes it has, at which second it comes."""

    places: np.ndarray
    sizes: np.ndarray
    times: np.ndarray


def with_sound(film: bytes, mp3: bytes) -> bytes:
    """The MP4 `film` with the MP3 file as its sound, from its first picture on.

    What else the film holds (comment, XMP) stays. Raises BadInput where it is no whole MP4 with
    one track, UsageError where it would be larger than 4 GB.
    """
    try:
        return _joined(film, mp3)
    except (struct.error, ValueError, IndexError, OverflowError) as error:
        raise BadInput(f"The film is damaged: {error}", next_step="Make it anew.") from error


def _joined(film: bytes, mp3: bytes) -> bytes:
    moov = find(film, (b"moov",))
    if count(moov, b"trak") != 1 or find(moov, (*_TABLES[:2], b"hdlr"))[8:12] != b"vide":
        raise BadInput("Only a film with pictures and without sound can get one")
    picture, sound = _picture(moov, len(film)), mp3_frames.read(mp3)
    head = b"".join(box(kind, film[a:b]) for kind, a, b in boxes(film) if kind == b"ftyp")
    size = int(picture.sizes.sum()) + len(sound.data)
    if len(head) + size + len(moov) > MAX_BYTES:
        raise UsageError("This film would be larger than 4 GB; choose fewer bars")
    data, chunks = _woven(film, picture, sound, len(head) + 8)
    moov = _moov(moov, chunks, sound)
    known = (b"ftyp", b"mdat", b"moov", b"free")
    rest = b"".join(box(kind, film[a:b]) for kind, a, b in boxes(film) if kind not in known)
    return head + box(b"mdat", data) + box(b"moov", moov) + rest


Chunks = tuple[list[tuple[int, int]], list[tuple[int, int]]]
"""(place in the file, frames) of each chunk, of the pictures and of the sound."""


def _picture(moov: bytes, length: int) -> _Picture:
    """What the tables of the only track say; raises BadInput where they contradict the file."""
    tables = find(moov, _TABLES)
    sizes = _sizes(find(tables, (b"stsz",)))
    chunks = _chunk_places(tables)
    steps = np.frombuffer(find(tables, (b"stsc",))[8:], ">u4").astype(np.int64)
    steps = steps[: len(steps) // 3 * 3].reshape(-1, 3)
    if not len(sizes) or not len(chunks) or not len(steps):
        raise BadInput("The film has no pictures")
    # Each row of stsc holds from its chunk on until the chunk of the next row.
    row = np.searchsorted(steps[:, 0], np.arange(1, len(chunks) + 1), "right") - 1
    each = steps[np.clip(row, 0, None), 1]
    if each.sum() != len(sizes):
        raise BadInput("The film is damaged: its tables tell different numbers of pictures")
    firsts = np.repeat(np.cumsum(each) - each, each)
    before = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    places = np.repeat(chunks, each) + before - before[firsts]
    if (places < 0).any() or (places + sizes > length).any():
        raise BadInput("The film is damaged: a picture lies outside of the file")
    return _Picture(places, sizes, _times(moov, tables, len(sizes)))


def _sizes(table: bytes) -> np.ndarray:
    if len(table) < 12:
        return np.zeros(0, np.int64)
    same, many = struct.unpack_from(">II", table, 4)
    told = np.frombuffer(table[12:], ">u4", min(many, (len(table) - 12) // 4))
    return np.full(min(many, 2**20), same, np.int64) if same else told.astype(np.int64)


def _chunk_places(tables: bytes) -> np.ndarray:
    """Where chunks begin: `stco` with 32 bits, or `co64` with 64."""
    short, long = find(tables, (b"stco",)), find(tables, (b"co64",))
    return np.frombuffer((short or long)[8:], ">u4" if short else ">u8").astype(np.int64)


def _times(moov: bytes, tables: bytes, many: int) -> np.ndarray:
    """Seconds (many,) at which pictures are to be decoded."""
    head = find(moov, (*_TABLES[:2], b"mdhd"))
    (scale,) = struct.unpack_from(">I", head, 20 if head[0] else 12)
    rows = np.frombuffer(find(tables, (b"stts",))[8:], ">u4").astype(np.int64).reshape(-1, 2)
    lasting = np.repeat(rows[:, 1], rows[:, 0])[:many]
    if len(lasting) < many or not scale:
        raise BadInput("The film is damaged: not every picture has its time")
    return (np.cumsum(lasting) - lasting) / scale


def _woven(film: bytes, picture: _Picture, sound: Stream, start: int) -> tuple[bytes, Chunks]:
    """Half a second of pictures, half a second of sound, and so on, as bytes that will stand at
    `start`; and the chunks that they are."""
    heard = np.arange(len(sound.sizes)) * sound.samples / sound.rate
    borders = np.concatenate([[0], np.cumsum(sound.sizes)])
    last = max(float(picture.times[-1]), float(heard[-1]))
    parts: list[bytes] = []
    chunks: Chunks = ([], [])
    place = start
    for number in range(int(last / CHUNK_SECONDS) + 1):
        span = np.array([number, number + 1]) * CHUNK_SECONDS
        first, end = np.searchsorted(picture.times, span).tolist()
        rows = zip(picture.places[first:end].tolist(), picture.sizes[first:end].tolist())
        shown = b"".join(film[at : at + size] for at, size in rows)
        begin, stop = np.searchsorted(heard, span).tolist()
        for data, many, table in (
            (shown, end - first, chunks[0]),
            (sound.data[borders[begin] : borders[stop]], stop - begin, chunks[1]),
        ):
            if many:
                table.append((place, many))
                parts.append(data)
                place += len(data)
    return b"".join(parts), chunks


def _moov(moov: bytes, chunks: Chunks, sound: Stream) -> bytes:
    """The head of the film with its tables moved, a second track, and the longer duration."""
    head = find(moov, (b"mvhd",))
    scale, duration = struct.unpack_from(">IQ" if head[0] else ">II", head, 20 if head[0] else 12)
    lasting = round(sound.length * scale / sound.rate)
    (number,) = struct.unpack_from(">I", head, len(head) - 4)
    longest, (form, at) = max(duration, lasting), ((">Q", 24) if head[0] else (">I", 16))
    head = head[:at] + struct.pack(form, longest) + head[at + struct.calcsize(form) : -4]
    head += struct.pack(">I", number + 1)
    moov = changed(moov, (b"mvhd",), lambda _old: head)
    moov = changed(moov, (*_TABLES, b"stsc"), lambda _old: _chunk_sizes(chunks[0]))
    moov = _moved(moov, chunks[0])
    trak = box(b"trak", _track(sound, chunks[1], number, lasting))
    parts = []
    for kind, start, end in boxes(moov):
        parts.append(box(kind, moov[start:end]))
        parts += [trak] if kind == b"trak" else []
    return b"".join(parts)


def _moved(moov: bytes, chunks: list[tuple[int, int]]) -> bytes:
    """The new places of pictures, in a table of 32 bits whatever there was."""
    places = _places(chunks)
    if find(moov, (*_TABLES, b"stco")):
        return changed(moov, (*_TABLES, b"stco"), lambda _old: places)
    return changed(moov, _TABLES, lambda tables: _without(tables, b"co64") + box(b"stco", places))


def _without(tables: bytes, kind: bytes) -> bytes:
    return b"".join(box(k, tables[a:b]) for k, a, b in boxes(tables) if k != kind)


def _places(chunks: list[tuple[int, int]]) -> bytes:
    """The content of `stco`."""
    return struct.pack(f">II{len(chunks)}I", 0, len(chunks), *(place for place, _many in chunks))


def _chunk_sizes(chunks: list[tuple[int, int]]) -> bytes:
    """The content of `stsc`: a row wherever the number of frames in a chunk is another."""
    rows: list[tuple[int, int]] = []
    for number, (_place, many) in enumerate(chunks, 1):
        if not rows or rows[-1][1] != many:
            rows.append((number, many))
    told = b"".join(struct.pack(">III", number, many, 1) for number, many in rows)
    return struct.pack(">II", 0, len(rows)) + told


def _track(sound: Stream, chunks: list[tuple[int, int]], number: int, lasting: int) -> bytes:
    """The content of the sound's `trak`; `lasting` counts in units of the whole film."""
    head = struct.pack(">5I8x4H", 0, 0, number, 0, lasting, 0, 0, 0x0100, 0) + _MATRIX + bytes(8)
    edit = struct.pack(">IIIHH", 1, lasting, sound.delay, 1, 0)
    whole = len(sound.sizes) * sound.samples
    media = (
        full(b"mdhd", struct.pack(">4IHH", 0, 0, sound.rate, whole, _UND, 0))
        + full(b"hdlr", struct.pack(">4x4s12x", b"soun") + b"SoundHandler\0")
        + box(
            b"minf",
            full(b"smhd", bytes(4))
            + box(b"dinf", full(b"dref", struct.pack(">I", 1) + full(b"url ", b"", flags=1)))
            + box(b"stbl", _sound_tables(sound, chunks)),
        )
    )
    edits = box(b"edts", full(b"elst", edit))
    return full(b"tkhd", head, flags=3) + edits + box(b"mdia", media)


def _sound_tables(sound: Stream, chunks: list[tuple[int, int]]) -> bytes:
    sizes = sound.sizes.astype(">u4").tobytes()
    many = len(sound.sizes)
    return (
        full(b"stsd", struct.pack(">I", 1) + _entry(sound))
        + full(b"stts", struct.pack(">III", 1, many, sound.samples))
        + box(b"stsc", _chunk_sizes(chunks))
        + full(b"stsz", struct.pack(">II", 0, many) + sizes)
        + box(b"stco", _places(chunks))
    )


def _entry(sound: Stream) -> bytes:
    """`mp4a` with the description of an elementary stream of MP3."""
    rate = 8 * len(sound.data) * sound.rate // (len(sound.sizes) * sound.samples)
    most = 8 * int(sound.sizes.max()) * sound.rate // sound.samples
    kind = 0x6B if sound.samples == 1152 else 0x69
    config = struct.pack(">BB", kind, 0x15) + int(sound.sizes.max()).to_bytes(3, "big")
    config += struct.pack(">II", most, rate)
    stream = struct.pack(">HB", 0, 0) + _tagged(4, config) + _tagged(6, b"\x02")
    esds = full(b"esds", _tagged(3, stream))
    head = struct.pack(">6xH8xHH4xI", 1, sound.channels, 16, sound.rate << 16)
    return box(b"mp4a", head + esds)


def _tagged(tag: int, content: bytes) -> bytes:
    """A descriptor: its tag, its length in seven bits a byte (all here are short), content."""
    return bytes([tag, len(content)]) + content
