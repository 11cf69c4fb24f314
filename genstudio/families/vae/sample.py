"""Sampling from a variational autoencoder, walks, and the small latent files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from genstudio.core.errors import BadInput
from genstudio.core.events import Progress
from genstudio.core.stored import read_limited
from genstudio.engine import batches, drawing
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Animation, Blob, Output, Picture
from genstudio.families.vae import coding, restoring
from genstudio.families.vae.tasks import LATENT_SUFFIX
from genstudio.media import latent
from genstudio.numerics import latents, noise

MAX_LATENT_BYTES = 1024**2


def sample(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """`ask.count` pictures drawn from the prior, its spread times `temperature`."""
    chosen = [drawing.drawn_class(model, ask, ask.first + i) for i in range(ask.count)]

    def feeds(first: int, n: int) -> dict[str, np.ndarray]:
        places = range(ask.first + first, ask.first + first + n)
        normal = np.stack([latent_of(model, ask, place) for place in places])
        label = coding.labels(model, chosen[first : first + n])
        choice = coding.choices(ask, [drawing.base_of(ask, place) for place in places])
        return _feeds(coding.draw(model, normal, label, choice), label)

    yield Progress(done=0, total=ask.count)
    for batch in batches.run(model, "decoder", ask.count, feeds, 1 if ask.live else batches.BATCH):
        pixels = batches.to_pixels(batch.outputs["image"], model.manifest.title)
        for i, picture in enumerate(pixels, start=batch.first):
            named = {} if chosen[i] < 0 else {"class": model.class_names[chosen[i]]}
            yield Picture(ask.first + i, ask.seed, picture, batches.facts(picture, **named))
        yield Progress(done=batch.first + batch.count, total=ask.count, text=batch.note)


def interpolate(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """One animation past random pictures, or between given ones."""
    frames, loop = ask.whole("frames", 48), ask.switch("loop")
    method: latents.Method = "lerp" if ask.word("method") == "lerp" else "slerp"
    points, marks = stops_of(model, ask)
    path = latents.walk(points, frames, loop, method)  # (frames, latent)
    blends = None if marks is None else latents.walk(marks, frames, loop, "lerp")

    def feeds(first: int, n: int) -> dict[str, np.ndarray]:
        part = slice(first, first + n)
        return _feeds(path[part], None if blends is None else blends[part])

    yield Progress(done=0, total=frames)
    shown: list[np.ndarray] = []
    for batch in batches.run(model, "decoder", frames, feeds):
        shown.append(batches.to_pixels(batch.outputs["image"], model.manifest.title))
        if batch.first == 0:
            yield Picture(ask.first, ask.seed, shown[0][0], passing=True)
        done = batch.first + batch.count
        text = batch.note or f"frame {done} of {frames}"
        yield Progress(done=done, total=frames, text=text)
    yield Animation(ask.first, ask.seed, np.concatenate(shown), ask.number("fps", 24.0))


def encode(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """A file per picture: its latent vector, followed by its label where the model has classes."""
    stack = batches.fitted(model, ask.needed("image"))
    yield Progress(done=0, total=len(stack))
    for i, pixels in enumerate(stack):
        picture = batches.from_pixels(pixels[None])
        label = coding.labels_of(model, ask, picture)
        mean, _ = coding.encode(model, picture, label)
        vector = mean[0] if label is None else np.concatenate([mean[0], label[0]])
        content = latent.write(vector, model.manifest)
        data = {"numbers": len(vector), "bytes": len(content), "pixels": int(pixels.size)}
        yield Blob(ask.first + i, ask.seed, LATENT_SUFFIX, content, data)
        yield Progress(done=i + 1, total=len(stack))


def decode(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """The picture of a latent file; raises BadInput where another model made it."""
    path = ask.path("latent")
    vector, made_by, sha256 = latent.read(read_limited(path, MAX_LATENT_BYTES))
    wanted = model.size("latent") + len(model.class_names)
    if sha256 != model.manifest.sha256 or vector.shape != (wanted,):
        raise BadInput(
            f"{path.name} was made with another model ({made_by})",
            file=path,
            next_step=f"Open it with {made_by}.",
        )
    yield Progress(done=0, total=1)
    z = vector[None].astype(np.float32)  # (1, latent + classes)
    size = model.size("latent")
    label = z[:, size:] if model.class_names else None
    picture = coding.decode(model, z[:, :size], label)
    pixels = batches.to_pixels(picture, model.manifest.title)[0]
    yield Picture(ask.first, ask.seed, pixels, batches.facts(pixels))
    yield Progress(done=1, total=1)


TASKS: dict[str, Callable[[LoadedModel, Ask], Iterator[Progress | Output]]] = {
    "sample": sample,
    "interpolate": interpolate,
    "reconstruct": restoring.reconstruct,
    "denoise": restoring.denoise,
    "complete": restoring.complete,
    "anomaly": restoring.anomaly,
    "encode": encode,
    "decode": decode,
}


def latent_of(model: LoadedModel, ask: Ask, index: int) -> np.ndarray:
    """The standard noise (latent,) of new picture `index`, varied and scaled as asked."""
    z = drawing.varied(ask, index, (model.size("latent"),))
    return latents.truncate(z, ask.number("temperature", 1.0))


def stops_of(model: LoadedModel, ask: Ask) -> tuple[np.ndarray, np.ndarray | None]:
    """Vectors (stops, latent) and labels (stops, classes) or None that a walk passes.

    Given pictures take the first and the last stop; two of them make a walk of two stops.
    """
    given = [ask.pictures("image"), ask.pictures("image_b")]
    stops = 2 if all(stack is not None for stack in given) else ask.whole("stops", 4)
    places = range(ask.first, ask.first + stops)
    marks = coding.labels(model, [drawing.drawn_class(model, ask, place) for place in places])
    normal = noise.normals(ask.seed, ask.first, stops, (model.size("latent"),))
    points = coding.draw(model, normal, marks, coding.choices(ask, list(places))).copy()
    for place, stack in ((0, given[0]), (-1, given[1])):
        if stack is None:
            continue
        picture = batches.from_pixels(batches.fitted(model, stack[:1]))
        number = [coding.recognised(model, picture[0])] if model.class_names else []
        label = coding.labels(model, number)
        points[place] = coding.encode(model, picture, label)[0][0]
        if marks is not None and label is not None:
            marks[place] = label[0]
    return points, marks


def _feeds(z: np.ndarray, label: np.ndarray | None) -> dict[str, np.ndarray]:
    return {"z": z} if label is None else {"z": z, "label": label}
