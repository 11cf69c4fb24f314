"""Pieces: the music that is made in the Music panel, one file each, saved in a thread."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from genstudio.core import files
from genstudio.core.artifact import Provenance
from genstudio.core.errors import BadInput, GenStudioError, Problem
from genstudio.core.paths import Home, resources
from genstudio.core.piece_file import (
    MAX_DESCRIPTION,
    MAX_NOTES,
    UNTITLED,
    KeptSound,
    KeptTrack,
    Made,
    PieceFile,
    PieceHead,
)
from genstudio.studio.shelf import Shelf, new_id, now

if TYPE_CHECKING:
    from genstudio.media.notes import Piece, Track


class Pieces(Shelf[PieceFile, PieceHead]):
    """The shelf of pieces."""

    def __init__(
        self,
        home: Home,
        on_problem: Callable[[Problem], None] = lambda _problem: None,
        read_only: bool = False,
    ) -> None:
        index = home.cache / "pieces.json"
        super().__init__(PieceFile, PieceHead, "piece", home.pieces, index, on_problem, read_only)

    def new(self, title: str = "") -> PieceFile:
        """An empty piece of one track, kept once something is put into it."""
        moment = now()
        return PieceFile(
            id=new_id(),
            title=title or UNTITLED,
            named=bool(title),
            created=moment,
            changed=moment,
        )

    def rename(self, name: str, title: str) -> PieceFile:
        """Give it a title; with an empty one it has none again."""
        words = " ".join(title.split())[:400]
        update = {"title": words or UNTITLED, "named": bool(words)}
        renamed = self.get(name).model_copy(update=update)
        self.put(renamed)
        return renamed

    def tell(self, name: str, title: str, description: str, by: Made | None) -> PieceFile:
        """Give it a title and a description; `by` is the model that suggested them, if one did."""
        renamed = self.rename(name, title)
        update = {"description": description.strip()[:MAX_DESCRIPTION], "words_by": by}
        told = renamed.model_copy(update=update)
        self.put(told)
        return told

    def add_sound(self, name: str, data: bytes) -> str:
        """Keep a recording (the bytes of a WAV) beside the piece: what it is called there.

        The same recording is kept once; it goes to the trash with the piece and comes back.
        """
        file = hashlib.sha256(data).hexdigest()[:16]
        place = sound_path(self._folder, name, file)
        if not place.is_file():
            files.write_bytes(place, data)
        return file

    def sound_path(self, name: str, file: str) -> Path:
        """Where a recording of a piece lies."""
        return sound_path(self._folder, name, file)


def sound_path(folder: Path, name: str, file: str) -> Path:
    """Where recording `file` of piece `name` lies in the folder of all pieces."""
    return folder / f"{name}.{file}.wav"


def starter() -> PieceFile | None:
    """The piece that a first start shows; None where the program came without it."""
    try:
        return PieceFile.read(starter_path())
    except GenStudioError:
        return None


def starter_path() -> Path:
    """Where the first piece lies."""
    return resources() / "pieces" / "starter.json"


def to_piece(kept: PieceFile) -> Piece:
    """The notes as arrays; raises BadInput where the file says what is no music."""
    from genstudio.media.notes import Piece, notes_of

    try:
        return Piece(
            notes=notes_of(kept.notes),
            tracks=tuple(map(_track_of, kept.tracks)),
            ppq=kept.ppq,
            tempos=kept.tempos,
            metres=kept.metres,
            keys=kept.keys,
            title=kept.title if kept.named else "",
        )
    except ValueError as error:
        raise BadInput(
            f"The piece {kept.title} cannot be shown: {error}",
            next_step="Open another one, or the MIDI file that it came from.",
        ) from error


def of_piece(piece: Piece, kept: PieceFile) -> PieceFile:
    """`kept` with the notes, tracks and signatures of `piece`; how tracks are listened to stays.

    Locks of notes that are gone go too. What is beyond the limits of a file is cut off.
    """
    notes = piece.notes[:MAX_NOTES]
    rows = tuple(tuple(int(part) for part in row) for row in notes.tolist())
    known = {(row[0], row[2], row[4]) for row in rows}
    tracks = tuple(
        _track(kept.tracks[number] if number < len(kept.tracks) else KeptTrack(), one)
        for number, one in enumerate(piece.tracks)
    )
    changes = {
        "notes": rows,
        "tracks": tracks,
        "ppq": piece.ppq,
        "tempos": tuple((int(tick), float(pace)) for tick, pace in piece.tempos),
        "metres": tuple((int(t), int(n), int(d)) for t, n, d in piece.metres),
        "keys": tuple((int(t), int(f), bool(m)) for t, f, m in piece.keys),
        "locks": tuple(lock for lock in kept.locks if lock in known),
    }
    return kept.model_copy(update=changes)


def _track_of(kept: KeptTrack) -> Track:
    from genstudio.media.notes import RowSound, Track

    sounds = tuple(RowSound(one.pitch, one.name, one.file) for one in kept.sounds)
    return Track(kept.name, kept.program, kept.drums, sounds)


def _track(before: KeptTrack, track: Track) -> KeptTrack:
    update = {
        "name": str(track.name)[:400],
        "program": int(track.program),
        "drums": bool(track.drums),
        "sounds": tuple(
            KeptSound(pitch=one.pitch, file=one.file, name=one.name[:400]) for one in track.sounds
        ),
    }
    return before.model_copy(update=update)


def made_of(provenance: Provenance, artifact: str = "") -> Made:
    """What a file says of the model that made it."""
    request = provenance.request
    return Made(
        model=request.model,
        title=provenance.title,
        task=request.task,
        values={name: value for name, value in request.values.items() if name != "locked"},
        seed=request.seed,
        index=provenance.index,
        artifact=artifact,
        created=provenance.created,
    )


def mark_of(piece: Piece) -> str:
    """A short name of its notes: start, length, pitch, loudness and track of every one."""
    return hashlib.sha256(piece.notes.tobytes()).hexdigest()[:16]


def models_alone(kept: PieceFile) -> bool:
    """Whether models wrote every note of the piece as it stands now; raises BadInput."""
    return bool(kept.notes and kept.alone) and mark_of(to_piece(kept)) in kept.alone


def touched(kept: PieceFile) -> PieceFile:
    """The same, changed now."""
    return kept.model_copy(update={"changed": now()})
