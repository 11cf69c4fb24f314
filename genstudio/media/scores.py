"""Pieces from any file of music, and as plain values for documents of the studio."""

from __future__ import annotations

from genstudio.core.errors import BadInput
from genstudio.core.stored import Json
from genstudio.media import midi, musicxml
from genstudio.media.notes import Piece, Track, notes_of

FORMAT = 1
SUFFIXES = (".mid", ".midi", ".kar", ".rmi", ".musicxml", ".mxl", ".xml")
"""Endings of files that `read_any` reads, small."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_any(data: bytes, name: str = "the music") -> Piece:
    """The notes of a MIDI or MusicXML file, told apart by their first bytes; raises BadInput."""
    if data[:4] == b"MThd" or (data[:4] == b"RIFF" and data[8:12] == b"RMID"):
        return midi.read(data, name)
    if data[:2] == b"PK" or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or data[:2] in _UTF16:
        return musicxml.read(data, name)
    raise BadInput(
        f"{name} is neither a MIDI nor a MusicXML file",
        next_step="Save it as MIDI or MusicXML in the program that made it.",
    )


def to_values(piece: Piece) -> dict[str, Json]:
    """A piece as plain values; `from_values` gives it back whole."""
    notes: list[Json] = [list(row) for row in piece.notes.tolist()]
    tracks: list[Json] = [
        {"name": track.name, "program": track.program, "drums": track.drums}
        for track in piece.tracks
    ]
    tempos: list[Json] = [list(change) for change in piece.tempos]
    metres: list[Json] = [list(change) for change in piece.metres]
    keys: list[Json] = [list(change) for change in piece.keys]
    return {
        "format": FORMAT,
        "title": piece.title,
        "ppq": piece.ppq,
        "tempos": tempos,
        "metres": metres,
        "keys": keys,
        "tracks": tracks,
        "notes": notes,
    }


def from_values(told: object, name: str = "the piece") -> Piece:
    """The piece that `to_values` told; raises BadInput for anything else."""
    try:
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise ValueError("its form is not known")
        tracks = tuple(
            Track(str(one["name"])[:200], int(one["program"]), bool(one["drums"]))
            for one in told["tracks"]
        )
        rows = told["notes"]
        if any(not 0 <= int(value) <= 2**31 - 1 for row in rows for value in row):
            raise ValueError("a note is out of range")
        if any(int(value) > 255 for row in rows for value in row[2:]):
            raise ValueError("a note is out of range")
        piece = Piece(
            notes=notes_of(rows),
            tracks=tracks,
            ppq=int(told["ppq"]),
            tempos=tuple((int(tick), float(tempo)) for tick, tempo in told["tempos"]),
            metres=tuple((int(t), int(upper), int(lower)) for t, upper, lower in told["metres"]),
            keys=tuple(
                (int(tick), int(fifths), bool(minor)) for tick, fifths, minor in told["keys"]
            ),
            title=str(told["title"])[:200],
        )
        piece.bars()
        return piece
    except (ValueError, TypeError, KeyError, OverflowError) as error:
        raise BadInput(f"{name} cannot be read: {error}") from error
