"""Work on given pictures: reconstruct, remove noise, fill a region, find the unusual."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.core.events import Progress
from genstudio.core.stored import Json
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.outputs import Output, Picture
from genstudio.families.vae import coding
from genstudio.numerics import colours, noise

DRAWS = 2
FILLING = 16
"""Streams of the noise: averaged readings, and the rounds of a filling (one stream each)."""
START = 0.3
"""How far from the encoder's first opinion towards a random picture a filling starts."""


def reconstruct(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """Each picture as the model gives it back; data["error"] is the mean squared error (0 to 1)."""
    stack = batches.fitted(model, ask.needed("image"))
    yield Progress(done=0, total=len(stack))
    for first, pictures in _groups(stack):
        back = coding.reconstruct(model, pictures, coding.labels_of(model, ask, pictures))
        errors = coding.squared_errors(pictures, back)
        for i, pixels in enumerate(batches.to_pixels(back, model.manifest.title)):
            data = batches.facts(pixels, error=round(float(errors[i]), 8))
            yield Picture(ask.first + first + i, ask.seed, pixels, data)
        yield Progress(done=first + len(pictures), total=len(stack))


def denoise(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """The average of several readings of the picture, blended with it by `strength`.

    The average of decoded posterior draws estimates E[clean | noisy], the least-squares answer
    (Im et al. 2017, "Denoising criterion for variational auto-encoding framework").
    """
    stack = batches.fitted(model, ask.needed("image"))
    strength, draws = ask.number("strength", 1.0), ask.whole("samples", 16)
    yield Progress(done=0, total=len(stack))
    for i, pixels in enumerate(stack):
        picture = batches.from_pixels(pixels[None])  # (1, c, h, w)
        label = coding.labels_of(model, ask, picture)
        mean, logvar = coding.encode(model, picture, label)  # (1, latent)
        noises = noise.normal(ask.seed, ask.first + i, (draws, mean.shape[1]), DRAWS)
        z = mean + np.exp(0.5 * logvar) * noises  # (draws, latent)
        total = np.zeros_like(picture, dtype=np.float64)
        for first in range(0, draws, batches.BATCH):
            part = z[first : first + batches.BATCH]
            many = None if label is None else np.repeat(label, len(part), axis=0)
            total += coding.decode(model, part, many).sum(axis=0, keepdims=True)
        clean = (1 - strength) * picture + strength * total / draws
        result = batches.to_pixels(clean, model.manifest.title)[0]
        yield Picture(ask.first + i, ask.seed, result, batches.facts(result))
        yield Progress(done=i + 1, total=len(stack))


def complete(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """Fill the masked region `count` times: a Markov chain with the known pixels held fast.

    Each round encodes the picture, draws z, decodes, and puts the known pixels back (Rezende,
    Mohamed, Wierstra 2014, appendix F). It starts between what the encoder makes of a grey hole
    and a draw from the prior, so fillings differ; the last round draws nothing, so they end at
    their mean.
    """
    picture, hole = _picture_and_hole(model, ask)
    picture = np.where(hole, np.float32(0), picture)  # what lies under the mask must not count
    label = coding.labels_of(model, ask, picture, hole[0])
    middle, _ = coding.encode(model, picture, label)  # (1, latent)
    rounds, heat = ask.whole("iterations", 40), ask.number("temperature", 1.0)
    group = max(1, min(batches.BATCH, model.batch_limit(batches.item_bytes(model))))
    groups = [range(i, min(ask.count, i + group)) for i in range(0, ask.count, group)]
    total = rounds * len(groups)
    yield Progress(done=0, total=total)
    for number, items in enumerate(groups):
        places = [ask.first + i for i in items]
        many = None if label is None else np.repeat(label, len(places), axis=0)
        choice = coding.choices(ask, places)
        fresh = coding.draw(model, _draw(model, ask, places, 0), many, choice)
        z = middle + min(1.0, START * heat) * (fresh - middle)
        for step in range(1, rounds + 1):
            current = np.where(hole, coding.decode(model, z, many), picture)  # (b, c, h, w)
            mean, logvar = coding.encode(model, current, many)
            warmth = 0.0 if step == rounds else heat
            z = mean + warmth * np.exp(0.5 * logvar) * _draw(model, ask, places, step)
            if step % 4 == 0 and step < rounds:
                for index, pixels in zip(places, batches.to_pixels(current)):
                    yield Picture(index, ask.seed, pixels, passing=True)
            done = number * rounds + step
            yield Progress(done=done, total=total, text=f"round {step} of {rounds}")
        final = np.where(hole, coding.decode(model, z, many), picture)
        for index, pixels in zip(places, batches.to_pixels(final, model.manifest.title)):
            yield Picture(index, ask.seed, pixels, batches.facts(pixels))


def anomaly(model: LoadedModel, ask: Ask) -> Iterator[Progress | Output]:
    """A heat map of the reconstruction error over each picture.

    data["score"] is the mean squared error (0 to 1); data["percentile"] says how many of the
    reference pictures score lower, where the model knows their scores (config
    "anomaly_quantiles": scores at evenly spaced quantiles from 0 to 1).
    """
    stack = batches.fitted(model, ask.needed("image"))
    opacity, gain = ask.number("opacity", 0.85), ask.number("sensitivity", 2.0)
    yield Progress(done=0, total=len(stack))
    for first, pictures in _groups(stack):
        back = coding.reconstruct(model, pictures, coding.labels_of(model, ask, pictures))
        batches.to_pixels(back, model.manifest.title)  # refuses undefined numbers
        scores = coding.squared_errors(pictures, back)
        gaps = np.abs(pictures - back).mean(axis=1) / 2  # (b, h, w) from 0 to 1
        for i, gap in enumerate(gaps):
            pixels = colours.overlay(stack[first + i], gain * gap, opacity)
            data = anomaly_facts(model, float(scores[i]))
            yield Picture(ask.first + first + i, ask.seed, pixels, data)
        yield Progress(done=first + len(pictures), total=len(stack))


def anomaly_facts(model: LoadedModel, score: float) -> dict[str, Json]:
    """Score and, where the reference is known, the percentile from 0 to 100."""
    data: dict[str, Json] = {"score": round(score, 8)}
    known = model.config.get("anomaly_quantiles")
    if isinstance(known, list) and len(known) > 1:
        marks = np.array([v for v in known if isinstance(v, (int, float))], np.float64)
        places = np.linspace(0, 100, len(marks))
        data["percentile"] = round(float(np.interp(score, marks, places)), 1)
    return data


def _groups(stack: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """(first, float pictures (b, c, h, w)) of a stack uint8 (n, h, w, c)."""
    for first in range(0, len(stack), batches.BATCH):
        yield first, batches.from_pixels(stack[first : first + batches.BATCH])


def _draw(model: LoadedModel, ask: Ask, places: list[int], step: int) -> np.ndarray:
    """Noise (b, latent) of these items in one round of a filling."""
    shape = (model.size("latent"),)
    return np.stack([noise.normal(ask.seed, i, shape, FILLING + step) for i in places])


def _picture_and_hole(model: LoadedModel, ask: Ask) -> tuple[np.ndarray, np.ndarray]:
    """The picture (1, c, h, w) and where to fill it, bool (1, 1, h, w); raises UsageError."""
    image, mask = ask.needed("image"), ask.needed("mask")
    hole = batches.fitted_mask(model, mask[0], image.shape[1:3])
    if not hole.any():
        raise UsageError("Nothing is marked: paint over the part of the picture to be filled")
    return batches.from_pixels(batches.fitted(model, image[:1])), hole[None, None]
