"""Sampling from a diffusion model: new pictures, work on given ones, walks.

Graphs: "text" tokens (b, length) -> [context (b, length, d), ]pooled (b, e)[, sketch (b, c·p²,
s/p, s/p)]; "unet" x (b, c, s, s), t (b,) from 0 to T − 1[, pooled[, context[, sketch]]] -> out
(b, c, s, s), the noise ε or the velocity v. Image-to-image is SDEdit (Meng et al. 2022),
inpainting RePaint (Lugmayr et al. 2022); extending goes strip by strip (`extending`); samplers are
in `numerics.samplers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine import batches, drawing
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Output, Picture
from genstudio.families.diffusion.denoising import Denoiser, way
from genstudio.families.diffusion.extending import Margins, extended
from genstudio.families.diffusion.morphing import interpolate
from genstudio.families.diffusion.regions import Known, pasted, softened
from genstudio.families.diffusion.running import Canvas, Start, pictures
from genstudio.families.diffusion.wishes import wishes
from genstudio.media import image as images

LONGEST = 8
"""A picture to extend may be so many times as long as it is wide, and its canvas so large."""
Events = Iterator[Progress | Picture]


def sample(model: LoadedModel, ask: Ask) -> Events:
    """`ask.count` pictures out of noise."""
    return pictures(model, ask, way(model, ask), Canvas(), _begin(model, ask, None))


def img2img(model: LoadedModel, ask: Ask) -> Events:
    """`ask.count` changed pictures; result i starts from picture i of a stack, going round."""
    return _changed(model, ask, ask.number("strength", 0.7))


def variations(model: LoadedModel, ask: Ask) -> Events:
    """Pictures close to a given one, or to one of the seed.

    A little noise over a picture hardly changes it, so the square root of `variation` goes there:
    both kinds then move about as far.
    """
    if ask.pictures("image") is None:
        return sample(model, ask)
    return _changed(model, ask, ask.number("variation", 0.4) ** 0.5)


def _changed(model: LoadedModel, ask: Ask, strength: float) -> Events:
    source = batches.from_pixels(batches.fitted(model, ask.needed("image")))
    canvas = Canvas(strength=strength)
    return pictures(model, ask, way(model, ask), canvas, _begin(model, ask, source))


def inpaint(model: LoadedModel, ask: Ask) -> Events:
    """Fill what the mask marks; outside of it the (fitted) picture stays as it is, exactly."""
    picture, mask = ask.needed("image"), ask.needed("mask")
    hole = batches.fitted_mask(model, mask[0], picture.shape[1:3])
    if not hole.any():
        raise UsageError("Nothing is marked: paint over the part of the picture to be filled")
    old = batches.fitted(model, picture[:1])
    source = batches.from_pixels(old)
    canvas = Canvas(
        known=Known(source, hole),
        strength=ask.number("strength", 1.0),
        passes=ask.whole("passes", 1),
    )
    share = softened(hole, ask.whole("feather", 0))
    return pictures(
        model, ask, way(model, ask), canvas, _begin(model, ask, source),
        lambda pixels, place: pasted(pixels, old[0], share),
    )  # fmt: skip


def outpaint(model: LoadedModel, ask: Ask) -> Events:
    """Extend a picture at its edges; its part of the result is the scaled picture, exactly."""
    inner = _scaled(model, ask.needed("image")[0])
    margins = Margins.of(ask)
    if not margins.any:
        raise UsageError("Nothing is to be added: say by how many pixels, at one edge at least")
    height = inner.shape[0] + margins.up + margins.down
    width = inner.shape[1] + margins.left + margins.right
    if height * width > (LONGEST * model.size("size")) ** 2:
        raise UsageError(f"{width} × {height} pixels are too many for this model")
    return extended(model, ask, inner, margins)


TASKS: dict[str, Callable[[LoadedModel, Ask], Iterator[Progress | Output]]] = {
    "sample": sample,
    "img2img": img2img,
    "inpaint": inpaint,
    "outpaint": outpaint,
    "variations": variations,
    "interpolate": interpolate,
}


def _begin(
    model: LoadedModel, ask: Ask, source: np.ndarray | None
) -> Callable[[Sequence[int]], tuple[Start, Denoiser, list[dict[str, Json]]]]:
    """What starts a batch: noise of its own for each picture, over the source if there is one."""
    whole = (model.size("channels"), model.size("size"), model.size("size"))

    def begin(places: Sequence[int]) -> tuple[Start, Denoiser, list[dict[str, Json]]]:
        asked = wishes(model, ask, places)
        indices = [ask.first + place for place in places]
        dirt = np.stack([drawing.varied(ask, index, whole) for index in indices])
        under = None if source is None else source[[place % len(source) for place in places]]
        denoiser = Denoiser.of(model, ask, asked)
        return Start(dirt, indices, under), denoiser, [wish.facts for wish in asked]

    return begin


def _scaled(model: LoadedModel, picture: np.ndarray) -> np.ndarray:
    """The picture with its shorter side at the model's size, in its channels (h, w, c)."""
    height, width = picture.shape[:2]
    size, short = model.size("size"), min(picture.shape[:2])
    if max(height, width) > LONGEST * short:
        raise UsageError(f"This picture is more than {LONGEST} times as long as it is wide")
    converted = images.convert(picture, model.size("channels"))
    return images.resize(converted, round(width * size / short), round(height * size / short))
