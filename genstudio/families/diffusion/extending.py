"""Going on beyond the edges of a picture, one narrow strip after another.

A model knows things where its training pictures have them: half a window of nothing beside half a
face asks for a second face. So every strip is filled in a window that shows the picture nearly
where it belongs, moved by the width of the strip alone: next to the strip lies the one made just
before it, and then the picture itself, at most a window wide. The known part stays as RePaint has
it (`regions.Known`), long edges are covered by windows (`regions.Windows`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Picture
from genstudio.families.diffusion.denoising import Denoiser, Way, way
from genstudio.families.diffusion.regions import Known, Windows
from genstudio.families.diffusion.running import Canvas, Pace, Start, groups, moments
from genstudio.families.diffusion.wishes import wishes
from genstudio.numerics import noise

SHARE = 8
"""A strip is at most this part of the model's size wide: a face moved further is drawn again."""
STRIPS = 1 << 32
"""How far the streams of noise of two strips lie apart."""
ROWS, COLUMNS = 2, 3


@dataclass(frozen=True)
class Margins:
    """Pixels to add at each edge, each at least 0."""

    left: int = 0
    right: int = 0
    up: int = 0
    down: int = 0

    @classmethod
    def of(cls, ask: Ask) -> Margins:
        """As asked for."""
        return cls(*(ask.whole(side, 0) for side in ("left", "right", "up", "down")))

    @property
    def any(self) -> bool:
        """Whether there is something to add."""
        return self.left + self.right + self.up + self.down > 0

    def around(self, pictures: np.ndarray) -> np.ndarray:
        """Pictures (b, c, h, w) with their outermost pixels repeated over the margins."""
        beyond = ((0, 0), (0, 0), (self.up, self.down), (self.left, self.right))
        return np.pad(pictures, beyond, mode="edge")


@dataclass(frozen=True)
class Strip:
    """`width` pixels at one edge, before (left, above) or after it, `gone` pixels away from it."""

    axis: int
    before: bool
    gone: int
    width: int

    def window(self, base: np.ndarray, made: np.ndarray, size: int) -> tuple[np.ndarray, slice]:
        """(the known picture of a window, `size` long, and where the strip is in it).

        `base` (b, c, h, w) is the picture before this edge was extended, `made` what it is now.
        """
        near = min(self.gone, self.width)
        known = size - self.width
        length = base.shape[self.axis]
        if self.before:
            parts = [(made, 0, near), (base, near, known)]
            edge, place = (self.width, 0), slice(0, self.width)
        else:
            end = made.shape[self.axis]
            parts = [(base, length - known, length - near), (made, end - near, end)]
            edge, place = (0, self.width), slice(known, size)
        found = [part.take(range(first, last), self.axis) for part, first, last in parts]
        beyond = [(0, 0)] * 4
        beyond[self.axis] = edge
        return np.pad(np.concatenate(found, self.axis), beyond, mode="edge"), place

    def joined(self, made: np.ndarray, strip: np.ndarray) -> np.ndarray:
        """The pictures with the strip at their edge."""
        return np.concatenate([strip, made] if self.before else [made, strip], self.axis)

    def less(self, margins: Margins) -> Margins:
        """What is left of the margins with this strip in place."""
        names = {(COLUMNS, True): "left", (COLUMNS, False): "right", (ROWS, True): "up"}
        name = names.get((self.axis, self.before), "down")
        return replace(margins, **{name: getattr(margins, name) - self.width})


def strips(margins: Margins, size: int) -> list[Strip]:
    """The strips in their order: left, right, then up and down over the whole width."""
    widest = max(1, size // SHARE)
    edges = (
        (COLUMNS, True, margins.left),
        (COLUMNS, False, margins.right),
        (ROWS, True, margins.up),
        (ROWS, False, margins.down),
    )
    return [
        Strip(axis, before, gone, min(widest, wanted - gone))
        for axis, before, wanted in edges
        for gone in range(0, wanted, widest)
    ]


def extended(
    model: LoadedModel, ask: Ask, inner: np.ndarray, margins: Margins
) -> Iterator[Progress | Picture]:
    """`ask.count` pictures that go on beyond `inner`, uint8 (h, w, c), both sides ≥ the size.

    Previews show the outermost pixels repeated where nothing has been made yet.
    """
    chosen, plan = way(model, ask), strips(margins, model.size("size"))
    parts, pace = groups(model, ask.count), Pace()
    each = chosen.grid.steps - chosen.grid.start(ask.number("strength", 1.0))
    steps = len(plan) * each
    yield Progress(done=0, total=len(parts) * steps)
    for part, places in enumerate(parts):
        asked = wishes(model, ask, places)
        facts = [wish.facts for wish in asked]
        batch = _Batch(model, ask, chosen, Denoiser.of(model, ask, asked), places)
        for step, pictures in batch.grown(inner, margins, plan):
            if step == steps or pace.ready():
                passing: dict[str, Json] = {"step": step, "steps": steps} if step < steps else {}
                for place, pixels, known in zip(
                    places, _framed(model, pictures, inner, margins), facts, strict=True
                ):
                    data = {**known, **passing} if passing else batches.facts(pixels, **known)
                    yield Picture(ask.first + place, ask.seed, pixels, data, bool(passing))
            yield Progress(
                done=part * steps + step, total=len(parts) * steps, text=_text(step, each, batch)
            )


@dataclass(frozen=True)
class _Batch:
    """Some of the pictures asked for, which grow together."""

    model: LoadedModel
    ask: Ask
    way: Way
    denoiser: Denoiser
    places: Sequence[int]

    def grown(
        self, inner: np.ndarray, margins: Margins, plan: Sequence[Strip]
    ) -> Iterator[tuple[int, np.ndarray]]:
        """(steps done, pictures (b, c, h, w) with all margins) after every step."""
        source = batches.from_pixels(inner[None])
        made = base = np.repeat(source, len(self.places), axis=0)
        left, axis, done = margins, COLUMNS, 0
        for number, strip in enumerate(plan):
            if strip.axis != axis:
                base, axis = made, strip.axis
            known, place = strip.window(base, made, self.model.size("size"))
            left = strip.less(left)
            where = (..., place, slice(None)) if axis == ROWS else (..., place)
            for x0 in self._filled(known, where, number):
                pictures = strip.joined(made, x0[where])
                done += 1
                yield done, left.around(pictures)
            made = pictures

    def _filled(
        self, known: np.ndarray, where: tuple[object, ...], number: int
    ) -> Iterator[np.ndarray]:
        """The window's pictures (b, c, h, w) after every step, the strip at `where` made anew."""
        hole = np.zeros(known.shape[2:], bool)
        hole[where] = True
        canvas = Canvas(
            known=Known(known, hole),
            windows=Windows.over(known.shape[2:], self.model.size("size"), hole),
            strength=self.ask.number("strength", 1.0),
            passes=self.ask.whole("passes", 1),
        )
        indices = [self.ask.first + place for place in self.places]
        stream = number * STRIPS
        dirt = [noise.normal(self.ask.seed, i, known.shape[1:], stream) for i in indices]
        start = Start(np.stack(dirt), indices, known, stream)
        for moment in moments(self.ask, self.way, start, canvas, self.denoiser):
            yield moment.x0


def _text(done: int, each: int, batch: _Batch) -> str:
    """Where it stands, in words."""
    strip, step = divmod(done - 1, each)
    return batch.denoiser.note or f"strip {strip + 1}, step {step + 1} of {each}"


def _framed(
    model: LoadedModel, pictures: np.ndarray, inner: np.ndarray, margins: Margins
) -> np.ndarray:
    """The pictures as pixels (b, h, w, c), with the given one exactly as it was in its place."""
    height, width = inner.shape[:2]
    found = batches.to_pixels(pictures, model.manifest.title)
    found[:, margins.up : margins.up + height, margins.left : margins.left + width] = inner
    return found
