"""A model that composes, played by hand: what the worker would say, note by note."""

from __future__ import annotations

from genstudio.core import composing
from genstudio.core.events import Done, Result, Words
from genstudio.media import midi
from genstudio.media.notes import Piece
from tests.helpers.fake_studio import FakeModel, FakeStudio

CONFIG = {"tokenizer": "notes", "fim": True, "voices": 4, "instruments": [40, 42], "bars": 4}
PLAIN = {"tokenizer": "notes", "voices": 1, "bars": 8}
TRACKS = [["Soprano", 48, False], ["Alto", 49, False]]


def add_composers(studio: FakeStudio) -> None:
    """Two models of music: one fills chosen places, the other only goes on."""
    for name, config in (("voices", CONFIG), ("tunes", PLAIN)):
        tasks = composing.tasks(config)
        model = FakeModel(name, name.title(), tasks, modality="music", config=dict(config))
        studio.library.models.append(model)


def frame(job: str, piece: Piece, span=(0, 1920), tracks=(0, 1), index: int = 0) -> Words:
    """What a place says first: how the piece looks, and what of it is made anew."""
    told = {
        "ppq": piece.ppq,
        "length": piece.length,
        "tracks": [[t.name, t.program, t.drums] for t in piece.tracks],
    }
    data = {composing.FRAME: told, composing.REGION: list(span), composing.TRACKS: list(tracks)}
    return Words(job=job, index=index, text="", data=data)


def notes(job: str, *rows: tuple[int, int, int, int], index: int = 0, p: float = 0.5) -> Words:
    """New notes (start, duration, pitch, track), each with one other pitch that it might be."""
    told = [[s, d, pitch, 80, t, p, [[pitch, p], [pitch + 2, 0.25]]] for s, d, pitch, t in rows]
    return Words(job=job, index=index, text="", data={composing.NOTES: told})


def finished(studio: FakeStudio, job: str, request, piece: Piece, index: int = 0) -> Result:
    """A finished piece whose file lies in the gallery, as the queue forwards it."""
    artifact = studio.gallery.make(request, request.first + index, "music")
    path = studio.gallery.path(artifact)
    path.write_bytes(midi.write(piece))
    data = {"artifact": artifact.id, "notes": 4}
    return Result(job=job, path=str(path), index=index, output="music", data=data)


def done(job: str) -> Done:
    """The end of the job."""
    return Done(job=job)
