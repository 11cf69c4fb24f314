"""Sound as a file: WAV, FLAC, OGG and MP3, with title, artist and where it came from.

WAV is written here, because libsndfile cuts its texts at 300 bytes: 16 bits, and a LIST/INFO chunk
(INAM, IART, ICMT, ISFT; Microsoft "Multimedia Programming Interface" 1.0, chapter 2; USERS.md
4.5). The others are libsndfile's, with the same words as their tags. The comment holds the AI
label and our JSON in ASCII, as MIDI files have them: `DigitalSourceType: …`, then `GenStudio {…}`.
"""

from __future__ import annotations

import io
import json
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from genstudio.core.errors import BadInput, UsageError
from genstudio.media import xmp

SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")
LABELS = xmp.SOURCE_URIS
LONGEST = 6 * 3600
"""Seconds; also what keeps a WAV below its limit of 4 GB."""
_ENTRY, _LABEL = "GenStudio ", "DigitalSourceType: "
_MOST_TEXT = 1024 * 1024
_FORMS = {
    "wav": ("WAV", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "ogg": ("OGG", "VORBIS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
}
_MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
# libsndfile overflows its stack when it is given some minutes of Vorbis at once.
_PIECE = 65536


@dataclass(frozen=True)
class Tags:
    """What a player shows; "" is left out. `comment` stands before the entries of GenStudio."""

    title: str = ""
    artist: str = ""
    comment: str = ""
    software: str = "GenStudio"


def write(
    samples: np.ndarray,
    rate: int,
    form: str = "wav",
    tags: Tags | None = None,
    provenance: Mapping[str, Any] | None = None,
    source_type: str = "",
) -> bytes:
    """A file of `samples` (n,) or (n, 1 or 2), float32 from -1 to 1 (cut beyond), 16 bits.

    `form` is "wav", "flac", "ogg" or "mp3". `provenance` (plain values) and the AI label go into
    the comment; the label is that of `source_type` (trained, composite, algorithmic), else of
    provenance["source_type"]. Raises UsageError for what no such file can hold.
    """
    if form not in _FORMS:
        raise UsageError(f"{form!r} is no form of sound; choose one of {', '.join(_FORMS)}")
    wide = np.asarray(samples, np.float32)
    wide = wide[:, None] if wide.ndim == 1 else wide
    if not 1 <= wide.shape[1] <= 2 or not 1000 <= rate <= 192_000:
        raise UsageError(f"{wide.shape[1]} channels at {rate} Hz are no sound for a file")
    if len(wide) > LONGEST * rate:
        raise UsageError(f"This sound lasts longer than {LONGEST // 3600} hours; export a part")
    if form == "mp3" and rate not in _MP3_RATES:
        raise UsageError(f"MP3 cannot hold {rate} samples a second; export WAV or FLAC")
    tags = tags or Tags()
    words = _comment(tags.comment, provenance, source_type)
    whole = np.nan_to_num(np.clip(wide, -1.0, 1.0))
    if form == "wav":
        return _wav(whole, rate, tags, words)
    return _packed(whole, rate, form, tags, words)


def read_tags(data: bytes, name: str = "the sound") -> Tags:
    """Title, artist, comment and software of a sound file; raises BadInput."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _read_info(data)
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(data)) as handle:
            found = handle.copy_metadata()
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise BadInput(
            f"{name} is damaged and cannot be read: {error}",
            next_step="Save it again as WAV or FLAC in the program that made it.",
        ) from error
    fields = (found.get(key, "") for key in ("title", "artist", "comment", "software"))
    return Tags(*fields)


def read_provenance(data: bytes, name: str = "the sound") -> dict[str, Any] | None:
    """What `write` was told about the making, or None; raises BadInput for no sound file."""
    for line in read_tags(data, name).comment[:_MOST_TEXT].splitlines():
        if line.startswith(_ENTRY):
            try:
                found = json.loads(line[len(_ENTRY) :])
            except (ValueError, RecursionError):
                continue
            if isinstance(found, dict):
                return found
    return None


def read_label(data: bytes, name: str = "the sound") -> str:
    """The IPTC digital source type (a URI) that the file carries, or ""; raises BadInput."""
    lines = read_tags(data, name).comment[:_MOST_TEXT].splitlines()
    told = (line for line in lines if line.startswith(_LABEL))
    return next(told, "")[len(_LABEL) :][:400]


def _comment(words: str, provenance: Mapping[str, Any] | None, source_type: str) -> str:
    """Lines: the user's words, the label, our JSON (ASCII, as MP3 takes nothing else surely)."""
    made_by = source_type or str((provenance or {}).get("source_type", ""))
    lines = [words] if words else []
    if made_by in xmp.SOURCE_URIS:
        lines.append(_LABEL + xmp.SOURCE_URIS[made_by])
    if provenance is not None:
        lines.append(_ENTRY + json.dumps(dict(provenance), separators=(",", ":")))
    return "\n".join(lines)


def _wav(samples: np.ndarray, rate: int, tags: Tags, comment: str) -> bytes:
    channels = samples.shape[1]
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    entries = (
        (b"INAM", tags.title),
        (b"IART", tags.artist),
        (b"ICMT", comment),
        (b"ISFT", tags.software),
    )
    info = b"".join(_chunk(kind, text.encode() + b"\0") for kind, text in entries if text)
    sound = np.rint(samples * 32767.0).astype("<i2").tobytes()
    body = _chunk(b"fmt ", form)
    if info:
        body += _chunk(b"LIST", b"INFO" + info)
    return _chunk(b"RIFF", b"WAVE" + body + _chunk(b"data", sound))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def _packed(samples: np.ndarray, rate: int, form: str, tags: Tags, comment: str) -> bytes:
    import soundfile

    held, (kind, coding) = io.BytesIO(), _FORMS[form]
    try:
        with soundfile.SoundFile(held, "w", rate, samples.shape[1], coding, format=kind) as handle:
            words = {"title": tags.title, "artist": tags.artist, "comment": comment}
            for key, text in (words | {"software": tags.software}).items():
                if text:
                    setattr(handle, key, _plain(text) if form == "mp3" else text)
            for place in range(0, len(samples), _PIECE):
                handle.write(samples[place : place + _PIECE])
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise UsageError(f"This sound cannot be written as {kind}: {error}; export WAV") from error
    return held.getvalue()


def _plain(text: str) -> str:
    """Without accents: libsndfile marks its UTF-8 as Latin-1 in an MP3."""
    apart = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return (
        "".join(c for c in apart if not unicodedata.combining(c))
        .encode("ascii", "replace")
        .decode()
    )


def _read_info(data: bytes) -> Tags:
    """The LIST/INFO chunk of a WAV; what is cut short counts as absent."""
    found: dict[bytes, str] = {}
    for kind, body in _walk(data[12:]):
        if kind == b"LIST" and body[:4] == b"INFO":
            for key, text in _walk(body[4:]):
                found[key] = text[:_MOST_TEXT].rstrip(b"\0").decode("utf-8", "replace")
    return Tags(*(found.get(key, "") for key in (b"INAM", b"IART", b"ICMT", b"ISFT")))


def _walk(data: bytes) -> list[tuple[bytes, bytes]]:
    place = 0
    found: list[tuple[bytes, bytes]] = []
    while place + 8 <= len(data) and len(found) < 256:
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        found.append((data[place : place + 4], data[place + 8 : place + 8 + size]))
        place += 8 + size + (size & 1)
    return found
