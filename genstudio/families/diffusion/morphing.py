"""Walks: arcs between the noises of several pictures, straight lines between what they show."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Animation, Output, Picture
from genstudio.families.diffusion.denoising import Denoiser, Guidance, way
from genstudio.families.diffusion.running import Canvas, Pace, Start, groups, moments
from genstudio.families.diffusion.wishes import Meaning, Wish, meaning, stop_wishes
from genstudio.numerics import latents, noise


def interpolate(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """One animation past `stops` pictures; samplers that add noise add the same to all frames."""
    frames, stops, loop = ask.whole("frames", 24), ask.whole("stops", 2), ask.switch("loop")
    method: latents.Method = "lerp" if ask.word("method") == "lerp" else "slerp"
    size = model.size("size")
    shape = (model.size("channels"), size, size)
    points = noise.normals(ask.seed, ask.first, stops, shape).reshape(stops, -1)
    path = latents.walk(points, frames, loop, method).reshape(frames, *shape)
    start, goal = stop_wishes(model, ask, stops)
    how = Guidance.of(model, ask)
    asked = _along([w.tokens for w in start], [w.tokens for w in goal], model, frames, loop)
    plain = None
    if how.scale != 1:
        plain = _along([w.away for w in start], [w.away for w in goal], model, frames, loop)
    chosen, pace = way(model, ask), Pace()
    parts = groups(model, frames)
    total = chosen.grid.steps * len(parts)
    yield Progress(done=0, total=total)
    shown: list[np.ndarray] = []
    for number, places in enumerate(parts):
        rows = slice(places.start, places.stop)
        begun = Start(path[rows], [ask.first] * len(places))
        denoiser = Denoiser(model, asked[rows], None if plain is None else plain[rows], how)
        for moment in moments(ask, chosen, begun, Canvas(), denoiser):
            if moment.last:
                shown.append(batches.to_pixels(moment.x0, model.manifest.title))
            elif number == 0 and pace.ready():
                first = batches.to_pixels(moment.x0[:1], model.manifest.title)[0]
                yield Picture(ask.first, ask.seed, first, {}, passing=True)
            text = f"frame {places.start + 1} of {frames}, step {moment.step} of {moment.steps}"
            done = number * moment.steps + moment.step
            yield Progress(done=done, total=total, text=denoiser.note or text)
    fps = ask.number("fps", 24.0)
    yield Animation(ask.first, ask.seed, np.concatenate(shown), fps, _facts(ask, start, goal))


def _along(
    start: list[tuple[int, ...]],
    goal: list[tuple[int, ...]],
    model: LoadedModel,
    frames: int,
    loop: bool,
) -> Meaning:
    """The meaning (frames, …) of a walk whose stops turn from `start` into `goal`.

    A loop goes there and back, so that its end meets its beginning.
    """
    stops = len(start)
    ends = meaning(model, [*start, *goal])
    steps = np.arange(stops, dtype=np.float32)
    share = np.minimum(steps, stops - steps) if loop else steps
    share = share / max(1.0, float(share.max()))
    parts = {}
    for name, both in ends.parts.items():
        part = share.reshape(-1, *[1] * (both.ndim - 1)).astype(np.float32)
        marks = latents.lerp(both[:stops], both[stops:], part)
        parts[name] = latents.walk(marks, frames, loop, "lerp")
    return Meaning(parts)


def _facts(ask: Ask, start: list[Wish], goal: list[Wish]) -> dict[str, Json]:
    """What the walk begins with, and what it turns into where that differs."""
    facts = dict(start[0].facts)
    for name in ("prompt", "class"):
        if goal[-1].facts.get(name) != start[-1].facts.get(name):
            facts[f"{name}_to"] = goal[-1].facts.get(name, "")
    return facts
