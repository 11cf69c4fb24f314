"""PieceFile: a piece of music as the Music panel keeps it: notes, locks, and what models made.

Times are ticks, `ppq` of them a quarter; the first bar begins at tick 0.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from genstudio.core.spelling import sealed
from genstudio.core.stored import Json, Name, Plain, Short, Stored, read_limited

MAX_BYTES = 64 * 1024 * 1024
MAX_NOTES = 500_000
MOST_TRACKS = 16
MOST_MADE = 200
MAX_TICK = 2**30
MAX_DESCRIPTION = 2000
UNTITLED = "Untitled"

Tick = Annotated[int, Field(ge=0, le=MAX_TICK)]
Length = Annotated[int, Field(ge=1, le=MAX_TICK)]
Key7 = Annotated[int, Field(ge=0, le=127)]
Force = Annotated[int, Field(ge=1, le=127)]
TrackNumber = Annotated[int, Field(ge=0, lt=MOST_TRACKS)]
Row = tuple[Tick, Length, Key7, Force, TrackNumber]
"""Start, duration, pitch, velocity, track."""
Lock = tuple[Tick, Key7, TrackNumber]
"""Start, pitch and track of a note that must stay."""


SoundFile = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""Name of a recording beside the piece, from its content: `<id>.<name>.wav`."""


NotesMark = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
"""Stands for all notes of a piece, from their content (`studio.pieces.mark_of`)."""


class KeptSound(Plain):
    """A recording that sounds for `pitch` of a drum track."""

    pitch: Key7
    file: SoundFile
    name: Short = ""


class KeptTrack(Plain):
    """A voice and how it is listened to. `locked`: models leave it as it is."""

    name: Short = ""
    program: Key7 = 0
    drums: bool = False
    muted: bool = False
    solo: bool = False
    locked: bool = False
    sounds: Annotated[tuple[KeptSound, ...], Field(max_length=128)] = ()


class Made(Plain):
    """What a model made of a piece in one go. `values` leave out the files it was given.

    `index` is the number of the draft: its noise comes from (seed, index). `bars` are the first
    and the last bar that are new, counted from 1.
    """

    model: Name
    title: Short = ""
    task: Short = ""
    values: dict[str, Json] = {}
    seed: int = 0
    index: int = 0
    artifact: Short = ""
    created: Short = ""
    bars: tuple[int, int] = (1, 1)


class PieceHead(Plain):
    """What a list of pieces shows."""

    id: Name
    title: Short = UNTITLED
    changed: Short = ""
    notes: int = 0
    tracks: int = 0


class PieceFile(Stored):
    """One file `pieces/<id>.json`. `named`: somebody gave it its title. `words_by`: what model
    suggested title and description, where one did. `alone`: marks of the notes as they were when
    models had written every one of them; notes of another mark were changed by hand since."""

    CHECKED: ClassVar[bool] = True

    id: Name
    title: Short = UNTITLED
    named: bool = False
    description: Annotated[str, Field(max_length=MAX_DESCRIPTION)] = ""
    words_by: Made | None = None
    created: Short = ""
    changed: Short = ""
    ppq: Annotated[int, Field(ge=1, le=32767)] = 480
    notes: Annotated[tuple[Row, ...], Field(max_length=MAX_NOTES)] = ()
    tracks: Annotated[tuple[KeptTrack, ...], Field(max_length=MOST_TRACKS)] = (KeptTrack(),)
    tempos: tuple[tuple[Tick, Annotated[float, Field(gt=0, le=100_000)]], ...] = ((0, 120.0),)
    metres: tuple[
        tuple[Tick, Annotated[int, Field(ge=1, le=255)], Annotated[int, Field(ge=1, le=256)]], ...
    ] = ((0, 4, 4),)
    keys: tuple[tuple[Tick, Annotated[int, Field(ge=-7, le=7)], bool], ...] = ()
    locks: Annotated[tuple[Lock, ...], Field(max_length=MAX_NOTES)] = ()
    made: Annotated[tuple[Made, ...], Field(max_length=MOST_MADE)] = ()
    alone: Annotated[tuple[NotesMark, ...], Field(max_length=MOST_MADE)] = ()

    @model_validator(mode="after")
    def _of_known_tracks(self) -> Self:
        if any(note[4] >= len(self.tracks) for note in self.notes):
            raise ValueError("a note belongs to a track that is not there")
        return self

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read and validate `path`; raises BadInput naming file, reason and next step."""
        return cls.from_bytes(read_limited(path, MAX_BYTES), path)

    def to_bytes(self) -> bytes:
        """Compact JSON: indented, the notes would fill most of the file with blanks."""
        value = self.model_dump(mode="json", exclude_defaults=True)
        value |= {"format": self.format, "id": self.id}
        return sealed(value)

    @property
    def head(self) -> PieceHead:
        """What a list shows of it."""
        return PieceHead(
            id=self.id,
            title=self.title,
            changed=self.changed,
            notes=len(self.notes),
            tracks=len(self.tracks),
        )
