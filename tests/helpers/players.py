"""Models of music without a network, and small pieces for them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from onnx import helper

from genstudio.core.manifest import MANIFEST, TOKENIZER, Manifest
from genstudio.media import midi, note_tokens
from genstudio.media.note_tokens import NoteTokens
from genstudio.media.notes import Piece, Track, notes_of
from tests.helpers import packages

PPQ = 480


class ChanceStepper:
    """What follows a token depends on it and on the one before: random logits, the same for the
    same two. `context` bounds what it holds; reading more is an error. `calls` counts."""

    def __init__(self, size: int, seed: int = 0, context: int = 4096, spread: float = 2.0) -> None:
        one, two = _chances(size, seed, spread)
        self.one, self.two = one.copy(), two.copy()
        self.context = context
        self.calls = {"begin": 0, "step": 0, "pick": 0}
        self.read: list[np.ndarray] = []
        self._rows = np.zeros((0, 0), np.int64)

    def begin(self, tokens: np.ndarray) -> np.ndarray:
        self.calls["begin"] += 1
        assert tokens.dtype == np.int64
        assert 1 <= tokens.shape[1] <= self.context
        self.read.append(tokens)
        self._rows = tokens
        before = np.concatenate([np.zeros_like(tokens[:, :1]), tokens[:, :-1]], axis=1)
        return self.one[tokens] + self.two[before]

    def step(self, tokens: np.ndarray) -> np.ndarray:
        self.calls["step"] += 1
        assert len(tokens) == len(self._rows)
        assert self._rows.shape[1] < self.context
        before = self._rows[:, -1]
        self._rows = np.concatenate([self._rows, tokens[:, None]], axis=1)
        return self.one[tokens] + self.two[before]

    def pick(self, rows: np.ndarray) -> None:
        self.calls["pick"] += 1
        self._rows = self._rows[rows]


@lru_cache(maxsize=8)
def _chances(size: int, seed: int, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Two tables (size, size), drawn once: tests ask for the same again and again."""
    rng = np.random.default_rng(seed)
    one, two = (rng.standard_normal((size, size), np.float32) * spread for _ in range(2))
    return one, two


def model(tokens: NoteTokens, **config: object) -> SimpleNamespace:
    """What composing asks of an opened package."""
    return SimpleNamespace(
        tokenizer=tokens,
        config={"tokenizer": "notes", **config},
        kept={},
        folder=Path("nowhere"),
        manifest=SimpleNamespace(title="Chance"),
        class_names=tokens.classes,
    )


def quartet(bars: int = 4, beat: int = PPQ) -> Piece:
    """Four voices in 4/4, a chord of quarters that moves a step each bar."""
    rows = [
        ((4 * bar + beat_) * beat, beat, pitch + bar % 3, 90, voice)
        for bar in range(bars)
        for beat_ in range(4)
        for voice, pitch in enumerate((72, 67, 60, 48))
    ]
    names = ("Violin 1", "Violin 2", "Viola", "Cello")
    tracks = tuple(Track(n, p) for n, p in zip(names, (40, 40, 41, 42), strict=True))
    return Piece(notes_of(rows), tracks, beat, keys=((0, 0, False),))


def beat(bars: int = 2) -> Piece:
    """Kick and hi-hat in eighths, a little late and uneven."""
    rows = []
    for eighth in range(8 * bars):
        late = 7 if eighth % 2 else 0
        rows.append((eighth * PPQ // 2 + late, 60, 42, 60 + 5 * (eighth % 4), 0))
        if eighth % 4 == 0:
            rows.append((eighth * PPQ // 2 + late, 60, 36, 110, 0))
    return Piece(notes_of(rows), (Track("Kit", 0, True),), PPQ, tempos=((0, 96.0),))


def tokens(voices: int = 4, classes: tuple[str, ...] = (), **options: object) -> NoteTokens:
    """A tokenizer of music, on a coarse grid."""
    return note_tokens.make(classes, **{"grid": 4, "voices": voices, **options})  # type: ignore[arg-type]


def file(path: Path, piece: Piece) -> Path:
    """The piece as a MIDI file."""
    path.write_bytes(midi.write(piece))
    return path


def package(
    folder: Path, made: NoteTokens | None = None, name: str = "player", seed: int = 5, **config
) -> Path:
    """A package of the LSTM family that plays by chance: what follows hangs on one token. Its
    state is handed through untouched."""
    made = made or tokens()
    rng = np.random.default_rng(seed)
    table = rng.normal(0, 2, (made.size, made.size)).astype(np.float32)
    builder = packages.Builder()
    weight = builder.weight("table", table)
    nodes = [
        helper.make_node("Gather", [weight, "tokens"], ["logits"]),
        helper.make_node("Identity", ["h"], ["new_h"]),
        helper.make_node("Identity", ["c"], ["new_c"]),
    ]
    state = ("batch", 1, 2)
    ports = {"tokens": ("batch", "time"), "h": state, "c": state}
    outputs = {"logits": ("batch", "time", made.size), "new_h": state, "new_c": state}
    builder.graph("step", nodes, ports, outputs, [weight], whole=("tokens",))
    folder.mkdir(parents=True)
    (folder / TOKENIZER).write_bytes(made.to_bytes())
    sizes = {"vocabulary": made.size, "context": 256, "layers": 1, "width": 2}
    known = {**sizes, "tokenizer": "notes", "fim": True, "voices": made.options.voices, **config}
    builder.write(folder, "lstm", "music", known, probe=False)
    manifest = Manifest.read(folder / MANIFEST).model_copy(update={"id": name})
    (folder / MANIFEST).write_bytes(manifest.to_bytes())
    return folder
