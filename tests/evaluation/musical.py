"""Music whose numbers are known, and a model that composes by giving some of it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np

from genstudio.core.events import Progress
from genstudio.engine.ask import Ask
from genstudio.engine.device import Device
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Music, Output
from genstudio.evaluation.music_material import MusicMaterial
from genstudio.evaluation.music_pieces import Work
from genstudio.media import note_tokens
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece, Track, notes_of

PPQ = 480
SCALE = (0, 2, 4, 5, 7, 9, 11)


def tune(seed: int, bars: int = 8, tonic: int = 60, voices: int = 2, key: bool = True) -> Piece:
    """Voices that wander over a major scale; bars begin with tonic and dominant in turn."""
    rng = np.random.default_rng(seed)
    rows = []
    for voice in range(voices):
        place = 0
        for beat in range(4 * bars):
            place = int(np.clip(place + rng.integers(-2, 3), -4, 9))
            place = 4 * (beat % 8 // 4) if beat % 4 == 0 else place
            pitch = tonic - 12 * voice + 12 * (place // 7) + SCALE[place % 7]
            rows.append((beat * PPQ, PPQ, pitch, 80, voice))
    fifths = (7 * (tonic % 12) + 5) % 12 - 5
    return Piece(
        notes=notes_of(rows),
        tracks=tuple(Track(f"Voice {n + 1}", program=40 + n) for n in range(voices)),
        keys=((0, fifths, False),) if key else (),
        tempos=((0, 100.0),),
    )


def beat(seed: int, bars: int = 8) -> Piece:
    """Drums: a kick on each quarter, a snare at random."""
    rng = np.random.default_rng(seed)
    rows = [(b * PPQ, 120, 36, 90, 0) for b in range(4 * bars)]
    rows += [(b * PPQ + 240, 120, 38, 60, 0) for b in range(4 * bars) if rng.random() < 0.5]
    return Piece(notes=notes_of(rows), tracks=(Track("Drums", drums=True),))


def works(count: int, first: int = 0, label: str = "", **more) -> list[Work]:
    """Tunes with names of their own."""
    return [Work(tune(first + n, **more), label, f"tune {first + n}") for n in range(count)]


class Counting:
    """A Stepper: p(next | last) from counts of rows of tokens, one of each added."""

    def __init__(self, size: int, rows: list[list[int]], context: int = 64) -> None:
        self.context = context
        counts = np.ones((size, size))
        for row in rows:
            np.add.at(counts, (row[:-1], row[1:]), 20)
        self.table = np.log(counts / counts.sum(axis=1, keepdims=True)).astype(np.float32)
        self.seen: list[np.ndarray] = []

    def begin(self, tokens: np.ndarray) -> np.ndarray:
        assert 1 <= tokens.shape[1] <= self.context
        self.seen.append(tokens)
        return self.table[tokens]

    def step(self, tokens: np.ndarray) -> np.ndarray:
        return self.table[tokens]

    def pick(self, rows: np.ndarray) -> None:
        assert rows.ndim == 1


class Composer:
    """Composes by giving back a piece for each number; remembers what it was asked for."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self.asked: list[Ask] = []

    def __call__(self, model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
        self.asked.append(ask)
        piece = self.pieces[ask.first % len(self.pieces)]
        yield Music(ask.first, ask.seed, piece.within(0, PPQ), passing=True)
        yield Music(ask.first, ask.seed, piece)


def model(tokenizer: NoteTokens, folder: Path = Path("tunes"), sha256: str = "") -> LoadedModel:
    """What evaluation asks an opened model for; trained on the data with this hash."""
    manifest = SimpleNamespace(
        title="Tunes", modality="music", family="tunes", id="tunes", base=None,
        trained_on=(SimpleNamespace(sha256=sha256),) if sha256 else (),
    )  # fmt: skip
    found = SimpleNamespace(
        manifest=manifest, device=Device("CPU", "", 1), folder=folder, tokenizer=tokenizer,
        class_names=tokenizer.classes, config={"metres": ["3/4", "4/4"]},
    )  # fmt: skip
    return cast("LoadedModel", found)


def material(composes: list[Piece] | None = None, **more) -> MusicMaterial:
    """Tunes that were learnt and others that were not; the model composes still other ones."""
    fields = {"train": works(8), "test": works(6, 100), **more}
    tokenizer = note_tokens.make(fields.pop("classes", ()), voices=2, **fields.pop("made_with", {}))
    rows = [tokenizer.encode_piece(one.piece) for one in fields["test"]]
    new = [tune(200 + n) for n in range(6)] if composes is None else composes
    usual = {
        "model": model(tokenizer),
        "stepper": Counting(tokenizer.size, rows),
        "compose": Composer(new),
        "tokenizer": tokenizer,
        "count": 6,
        "seed": 3,
        "bars": 8,
        "values": {"temperature": 0.9, "bars": 8, "key": "any"},
        "data": {"data": "tunes", "split": "valid", "data_sha256": "0" * 64},
    }
    return MusicMaterial(**{**usual, **fields})


def composed(**more) -> MusicMaterial:
    """Material that has composed."""
    found = material(**more)
    for _ in found.prepare():
        pass
    return found
