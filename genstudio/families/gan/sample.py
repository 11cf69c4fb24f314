"""Sampling from a GAN: single pictures and walks through its latent space.

Graph "generator": z (b, latent) and, where the model knows classes, label (b, classes) -> image
(b, c, h, w) in [-1, 1]. Truncation scales z (Karras et al. 2019, appendix B; Brock et al. 2019,
section 3.1), walks follow arcs (White 2016).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from genstudio.core.asking import ANY, SAME, class_number
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine import batches, drawing
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Animation, Output, Picture
from genstudio.numerics import latents, noise

GRAPH = "generator"


def sample(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """`ask.count` pictures, each as soon as its batch is ready."""
    chosen = [drawing.drawn_class(model, ask, ask.first + i) for i in range(ask.count)]

    def feeds(first: int, n: int) -> dict[str, np.ndarray]:
        z = np.stack([latent_of(model, ask, ask.first + first + i) for i in range(n)])
        return inputs(z, labels(model, chosen[first : first + n]))

    yield Progress(done=0, total=ask.count)
    for batch in batches.run(model, GRAPH, ask.count, feeds, 1 if ask.live else batches.BATCH):
        pixels = batches.to_pixels(batch.outputs["image"], model.manifest.title)
        for i, picture in enumerate(pixels, start=batch.first):
            data = batches.facts(picture, **class_facts(model, chosen[i]))
            yield Picture(ask.first + i, ask.seed, picture, data)
        yield Progress(done=batch.first + batch.count, total=ask.count, text=batch.note)


def interpolate(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """One animation past `stops` random pictures."""
    frames, stops = ask.whole("frames", 48), ask.whole("stops", 4)
    loop = ask.switch("loop")
    method: latents.Method = "lerp" if ask.word("method") == "lerp" else "slerp"
    shape = (model.size("latent"),)
    points = noise.normals(ask.seed, ask.first, stops, shape)  # (stops, latent)
    points = latents.truncate(points, ask.number("truncation", 1.0))
    path = latents.walk(points, frames, loop, method)  # (frames, latent)
    marks = stop_labels(model, ask, stops, loop)  # (stops, classes) or None
    blends = None if marks is None else latents.walk(marks, frames, loop, "lerp")

    def feeds(first: int, n: int) -> dict[str, np.ndarray]:
        part = slice(first, first + n)
        return inputs(path[part], None if blends is None else blends[part])

    yield Progress(done=0, total=frames)
    shown: list[np.ndarray] = []
    for batch in batches.run(model, GRAPH, frames, feeds):
        shown.append(batches.to_pixels(batch.outputs["image"], model.manifest.title))
        if batch.first == 0:
            yield Picture(ask.first, ask.seed, shown[0][0], passing=True)
        yield Progress(
            done=batch.first + batch.count,
            total=frames,
            text=batch.note or f"frame {batch.first + batch.count} of {frames}",
        )
    yield Animation(ask.first, ask.seed, np.concatenate(shown), ask.number("fps", 24.0))


TASKS: dict[str, Callable[[LoadedModel, Ask], Iterator[Progress | Output]]] = {
    "sample": sample,
    "interpolate": interpolate,
}


def latent_of(model: LoadedModel, ask: Ask, index: int) -> np.ndarray:
    """The latent vector (latent,) of picture `index`, varied and truncated as asked."""
    z = drawing.varied(ask, index, (model.size("latent"),))
    return latents.truncate(z, ask.number("truncation", 1.0))


def class_facts(model: LoadedModel, number: int) -> dict[str, Json]:
    """{"class": name}, or nothing for a model without classes."""
    return {} if number < 0 else {"class": model.class_names[number]}


def labels(model: LoadedModel, chosen: list[int]) -> np.ndarray | None:
    """float32 (b, classes), or None for a model without classes."""
    names = model.class_names
    return batches.one_hot(chosen, len(names)) if names else None


def inputs(z: np.ndarray, label: np.ndarray | None) -> dict[str, np.ndarray]:
    """Feeds of the generator."""
    return {"z": z} if label is None else {"z": z, "label": label}


def stop_labels(model: LoadedModel, ask: Ask, stops: int, loop: bool) -> np.ndarray | None:
    """Soft labels (stops, classes) of a walk: drawn at each stop, or from one class to another."""
    names = model.class_names
    if not names:
        return None
    if ask.word("class", ANY) == ANY:
        drawn = [noise.choice(ask.seed, ask.first + i, len(names)) for i in range(stops)]
        start = batches.one_hot(drawn, len(names))
    else:
        start = batches.one_hot([class_number(names, ask.word("class"))] * stops, len(names))
    goal = ask.word("class_to", SAME)
    if goal == SAME:
        return start
    end = batches.one_hot([class_number(names, goal)] * stops, len(names))
    steps = np.arange(stops, dtype=np.float32)[:, None]  # (stops, 1)
    # A loop goes there and back, so that its end meets its beginning.
    share = np.minimum(steps, stops - steps) if loop else steps
    return latents.lerp(start, end, (share / max(1, share.max())).astype(np.float32))
