"""What composing costs: 8 bars of four voices against their own duration, and the loop around the
network against its bare calls; what playing costs: 3 minutes of 8 tracks rendered.

The bundled model of four voices where it is there, else one of its shape with random weights,
which compose as slowly and more densely. Two threads, one draft, as in the panel.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import token_package
from benchmarks.rows import Row, interleaved
from genstudio import families
from genstudio.core.controls import check_values
from genstudio.core.manifest import MANIFEST
from genstudio.core.paths import bundled_models
from genstudio.engine import device, performing
from genstudio.engine.ask import Ask
from genstudio.engine.decoding import Stepper
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Music
from genstudio.media import note_tokens, synth
from genstudio.media.notes import Piece, Track, notes_of

MODEL, BARS, VOICES, THREADS = "voices-transformer", 8, 4, 2
SLOWEST, LOOP, RENDER = 1.0, 1.3, 20.0
MINUTES, TRACKS, RATE = 3, 8, 44_100
PPQ, TEMPO = 480, 120.0
PROGRAMS = (0, 24, 32, 40, 42, 56, 73)
"""Instruments of the rendered piece beside its drums."""


@dataclass
class Beside:
    """A Stepper that after each call makes the same one on `bare`, and counts its seconds.

    Both feel the same moments of a busy machine, and the bare call finds memory and threads as
    warm as can be.
    """

    inner: Stepper
    bare: Stepper
    seconds: float = 0.0
    calls: int = 0

    @property
    def context(self) -> int:
        """That of the model."""
        return self.inner.context

    def begin(self, tokens: np.ndarray) -> np.ndarray:
        """See `Stepper`."""
        found = self.inner.begin(tokens)
        self._again(lambda: self.bare.begin(tokens))
        return found

    def step(self, tokens: np.ndarray) -> np.ndarray:
        """See `Stepper`."""
        found = self.inner.step(tokens)
        self._again(lambda: self.bare.step(tokens))
        return found

    def pick(self, rows: np.ndarray) -> None:
        """See `Stepper`."""
        self.inner.pick(rows)
        self._again(lambda: self.bare.pick(rows))

    def _again(self, call: Callable[[], Any]) -> None:
        began = time.perf_counter()
        call()
        self.seconds += time.perf_counter() - began
        self.calls += 1


def rows(quick: bool = False) -> Iterator[Row]:
    """All rows: composing, the loop around it, rendering."""
    repeats = 1 if quick else 5
    chosen = device.choose("cpu", THREADS)
    with tempfile.TemporaryDirectory(prefix="genstudio-bench-") as name:
        folder, said = model_folder(Path(name), quick)
        with LoadedModel.open(folder, chosen) as model:
            yield from composing(model, 2 if quick else BARS, repeats, said)
    yield rendering(0.1 if quick else MINUTES, 1 if quick else 3)


def composing(model: LoadedModel, bars: int, repeats: int, said: str) -> Iterator[Row]:
    """A piece against how long it plays, and against the calls of the network that it took."""
    make = families.part(model.manifest.family, "sample").make_stepper
    piece = composed(model, make(model), bars)  # what is used for the first time is slow
    wholes, ratios, besides = [], [], Beside(make(model), make(model))
    for _ in range(repeats):
        besides = Beside(make(model), make(model))
        began = time.perf_counter()
        composed(model, besides, bars)
        wholes.append(time.perf_counter() - began - besides.seconds)
        ratios.append(wholes[-1] / besides.seconds)
    whole, ratio, calls = statistics.median(wholes), statistics.median(ratios), besides.calls
    plays = piece.seconds(int(piece.bars()[-1]))
    note = f"{len(piece.notes)} notes, {calls} calls, {THREADS} threads, {said}"
    yield Row(
        f"{bars} bars of {VOICES} voices: seconds of composing over seconds of music",
        whole / plays, "×", SLOWEST, "at most", f"{whole:.2f} s for {plays:.1f} s, {note}",
    )  # fmt: skip
    yield Row(
        "composing: the whole loop over its bare calls of the network",
        ratio, "×", LOOP, "at most",
        f"{whole:.3f} against {whole / ratio:.3f} s, each call made twice in turn",
    )  # fmt: skip


def composed(model: LoadedModel, stepper: Stepper, bars: int) -> Piece:
    """A piece of so many bars, by the usual settings."""
    task = families.family(model.manifest.family).task(model.config, "sample")
    usual = check_values(task.controls, {})
    values = {**usual, "bars": bars, "tempo": round(TEMPO), "metre": "4/4", "count": 1}
    if not usual.get("instruments"):
        values["instruments"] = "Violin, Violin, Viola, Cello"
    sample = performing.tasks(lambda _: stepper)["sample"]
    outputs = list(sample(model, Ask(values, seed=1)))
    return next(o.piece for o in outputs if isinstance(o, Music) and not o.passing)


def rendering(minutes: float, repeats: int) -> Row:
    """A long piece as sound, against how long it plays."""
    piece = busy(minutes)
    seconds = 60.0 * minutes

    def work() -> float:
        began = time.process_time()  # of one thread: other programs do not count
        synth.render(piece, RATE, seconds=seconds)
        return time.process_time() - began

    work()
    took = interleaved({"render": work}, repeats)["render"]
    return Row(
        f"rendering {minutes:g} min of {TRACKS} tracks at 44.1 kHz, times faster than it plays",
        seconds / took, "×", RENDER, "at least",
        f"{took:.2f} s of one processor, {len(piece.notes):,} notes",
    )  # fmt: skip


def busy(minutes: float) -> Piece:
    """Seven instruments in eighths and drums, notes drawn by chance."""
    rng = np.random.default_rng(0)
    eighths = int(minutes * TEMPO * 2)
    drawn = [
        (place * PPQ // 2, PPQ // 2, int(rng.integers(40, 80)), int(rng.integers(50, 110)), track)
        for track in range(TRACKS - 1)
        for place in range(eighths)
    ]
    drums = [
        (place * PPQ // 2, 60, (36, 42, 38, 42)[place % 4], 90, TRACKS - 1)
        for place in range(eighths)
    ]
    tracks = tuple(Track(program=program) for program in PROGRAMS)
    return Piece(
        notes=notes_of(drawn + drums), tracks=(*tracks, Track("Drums", drums=True)), ppq=PPQ,
        tempos=((0, TEMPO),),
    )  # fmt: skip


def model_folder(place: Path, quick: bool) -> tuple[Path, str]:
    """(the bundled package or one that was just built in `place`, what is said of it)."""
    bundled = bundled_models() / MODEL
    if (bundled / MANIFEST).is_file() and not quick:
        return bundled, MODEL
    recipe = json.loads((bundled / "recipe.json").read_text("utf-8"))
    options = {**recipe["options"], **({"width": 64, "layers": 1, "heads": 2} if quick else {})}
    build(place / "voices", recipe["family"], options)
    return place / "voices", f"shape of {MODEL} with random weights"


def build(folder: Path, family: str, options: dict[str, Any]) -> None:
    """A package of random weights for music."""
    kind, tokenizer = families.family(family), note_tokens.make(voices=VOICES)
    told: dict[str, Any] = {
        "kind": tokenizer.kind, "size": tokenizer.size, "specials": list(tokenizer.specials),
    }  # fmt: skip
    config = kind.config(options, {"tokenizer": told, "classes": []})
    config |= {"voices": VOICES, "metres": ["4/4"], "tempo": round(TEMPO)}
    token_package.build(folder, family, config, tokenizer.to_bytes(), "music")
