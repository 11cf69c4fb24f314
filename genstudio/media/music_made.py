"""Where a file of music or sound came from: written into it at each level, and read back.

Levels as in `media.provenance`: "full" is our JSON and the IPTC label, "label" the label alone,
"bare" nothing but notes. A MIDI file has them as text events (FF 01), sounds as a comment.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from genstudio.core.artifact import MetadataLevel, Provenance
from genstudio.core.errors import BadInput, UsageError
from genstudio.media import midi, xmp
from genstudio.media.notes import Piece
from genstudio.media.provenance import KEY, Found

MIDI = (".mid", ".midi")
SCORES = (".musicxml", ".mxl")
SOUNDS = (".wav", ".flac", ".ogg", ".mp3")
PIECES = (*MIDI, *SCORES)
SUFFIXES = (*MIDI, *SCORES, *SOUNDS)
_MOST = 1024**3


def encode(
    piece: Piece, made: Provenance | None, level: MetadataLevel = "full", ext: str = ".mid"
) -> bytes:
    """A MIDI file of `piece`, or a MusicXML file where `ext` says so; raises UsageError."""
    told = made.model_dump(mode="json") if made is not None and level == "full" else None
    label = made.source_type if made is not None and level != "bare" else ""
    if ext in MIDI:
        return midi.write(piece, told, label)
    if ext != ".musicxml":
        raise UsageError(f"music is saved as .mid or .musicxml, not {ext!r}")
    from genstudio.media import musicxml_out

    return musicxml_out.write(piece, told, label)


def encode_sound(
    samples: np.ndarray, rate: int, ext: str, made: Provenance | None, level: MetadataLevel = "full"
) -> bytes:
    """A sound file, `ext` one of SOUNDS, of float32 samples (n,) or (n, 2); raises UsageError."""
    from genstudio.media import sound_files

    if ext not in SOUNDS:
        raise UsageError(f"sounds are saved as {', '.join(SOUNDS)}, not {ext!r}")
    told = made.model_dump(mode="json") if made is not None and level == "full" else None
    label = made.source_type if made is not None and level != "bare" else ""
    return sound_files.write(samples, rate, ext[1:], provenance=told, source_type=label)


def encoded(
    source: Path, ext: str, made: Provenance | None, level: MetadataLevel = "full"
) -> bytes:
    """A MIDI file as `encode` writes it, or a sound file as `encode_sound` does; raises BadInput,
    UsageError."""
    data = source.read_bytes()
    if source.suffix.lower() in MIDI:
        return encode(midi.read(data, source.name), made, level, ext)
    from genstudio.media import sound_reading

    sound = sound_reading.read(data, source.name)
    samples = sound.samples[:, 0] if sound.samples.shape[1] == 1 else sound.samples[:, :2]
    return encode_sound(samples, sound.rate, ext, made, level)


def read(path: Path) -> Found:
    """What a MIDI, MusicXML, WAV, FLAC, OGG or MP3 file says of its making; raises BadInput."""
    path = Path(path)
    if path.stat().st_size > _MOST:
        raise BadInput(f"{path.name} is larger than {_MOST // 1024**3} GB", file=path)
    suffix, data = path.suffix.lower(), path.read_bytes()
    if suffix in MIDI:
        told, uri = midi.read_provenance(data, path.name), midi.read_label(data, path.name)
        return found(told, uri, "MIDI", path.name)
    if suffix in SCORES:
        from genstudio.media import musicxml_told

        return found(*musicxml_told.read(data, path.name), "MusicXML", path.name)
    from genstudio.media import sound_files

    told, uri = sound_files.read_provenance(data), sound_files.read_label(data)
    return found(told, uri, suffix[1:].upper(), path.name)


def found(told: dict[str, Any] | None, uri: str, form: str, name: str) -> Found:
    """`Found` of a JSON entry and the address of a label; what is malformed becomes a note."""
    made: Provenance | None = None
    notes: tuple[str, ...] = ()
    if told:
        try:
            made = Provenance.from_bytes(json.dumps(told).encode(), f"{name} (genstudio entry)")
        except BadInput as error:
            notes = (error.problem.what,)
    label = uri or (xmp.SOURCE_URIS[made.source_type] if made else "")
    texts = {KEY: json.dumps(told)} if told else {}
    return Found(form, made, source_uri=label, texts=texts, notes=notes)
