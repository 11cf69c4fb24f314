"""Pictures to latent vectors and back, with the label a conditional model wants.

Graphs "encoder": image (b, c, h, w)[, label (b, classes)] -> mean, logvar (b, latent);
"decoder": z (b, latent)[, label] -> image (b, c, h, w) in [-1, 1];
"prior" (where it was fitted): noise (b, latent), label or choice (b, 1) -> z.
"""

from __future__ import annotations

import numpy as np

from genstudio.core.asking import ANY, AUTO, class_number
from genstudio.core.errors import GenStudioError
from genstudio.engine import batches
from genstudio.engine.ask import Ask
from genstudio.engine.loaded_model import LoadedModel
from genstudio.numerics import noise

Label = np.ndarray | None
CHOICES = 1 << 20
ROUNDS = 8
"""Rounds in which each class may fill a hole before the best one is chosen."""


def encode(model: LoadedModel, pictures: np.ndarray, label: Label) -> tuple[np.ndarray, np.ndarray]:
    """Mean and logarithm of the variance (b, latent) of pictures (b, c, h, w)."""
    found = model.run("encoder", _with_label({"image": pictures}, label))
    mean, logvar = found["mean"], found["logvar"]
    if not (np.isfinite(mean).all() and np.isfinite(logvar).all()):
        raise GenStudioError(f"{model.manifest.title} produced undefined numbers for this picture")
    return mean, logvar


def decode(model: LoadedModel, z: np.ndarray, label: Label) -> np.ndarray:
    """Pictures float32 (b, c, h, w) of latent vectors (b, latent)."""
    return model.run("decoder", _with_label({"z": z}, label))["image"]


def draw(model: LoadedModel, normal: np.ndarray, label: Label, choice: np.ndarray) -> np.ndarray:
    """Latent vectors (b, latent) of standard noise, from the fitted prior where there is one.

    `choice` (b, 1) in [0, 1) picks the part of the prior of a model without classes.
    """
    if all(graph.name != "prior" for graph in model.manifest.graphs):
        return normal
    feeds = {"choice": choice} if label is None else {"label": label}
    return model.run("prior", {"noise": normal, **feeds})["z"]


def choices(ask: Ask, indices: list[int]) -> np.ndarray:
    """Numbers (b, 1) in [0, 1) that pick a part of the prior, by seed and index."""
    drawn = [noise.choice(ask.seed, index, CHOICES) for index in indices]
    return np.array(drawn, np.float32)[:, None] / CHOICES


def reconstruct(model: LoadedModel, pictures: np.ndarray, label: Label) -> np.ndarray:
    """Pictures (b, c, h, w) after the way through the mean of their latent vectors."""
    mean, _ = encode(model, pictures, label)
    return decode(model, mean, label)


def labels(model: LoadedModel, chosen: list[int]) -> Label:
    """float32 (b, classes), or None for a model without classes."""
    names = model.class_names
    return batches.one_hot(chosen, len(names)) if names else None


def labels_of(
    model: LoadedModel, ask: Ask, pictures: np.ndarray, hole: np.ndarray | None = None
) -> Label:
    """Labels of given pictures (b, c, h, w): as chosen, or recognised one by one.

    `hole` (1, h, w) bool marks pixels that are missing.
    """
    names = model.class_names
    if not names:
        return None
    word = ask.word("class", AUTO)
    if word not in (ANY, AUTO):
        return labels(model, [class_number(names, word)] * len(pictures))
    return labels(model, [recognised(model, picture, hole) for picture in pictures])


def recognised(model: LoadedModel, picture: np.ndarray, hole: np.ndarray | None = None) -> int:
    """The class under which a picture (c, h, w) is reconstructed best.

    Where it has a hole, each class first fills it for some rounds, and only the rest counts.
    """
    missing = np.zeros_like(picture[:1], bool) if hole is None else hole
    rounds = 1 if hole is None else ROUNDS
    count = len(model.class_names)
    errors: list[float] = []
    for first in range(0, count, batches.BATCH):
        some = list(range(first, min(count, first + batches.BATCH)))
        copies = np.repeat(picture[None], len(some), axis=0)
        back = copies
        for _ in range(rounds):
            current = np.where(missing, back, copies)
            back = reconstruct(model, current, labels(model, some))
        errors += squared_errors(copies * ~missing, back * ~missing).tolist()
    return int(np.argmin(errors))


def squared_errors(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Mean squared difference (b,) of pictures in [-1, 1], in units of a 0-to-1 scale."""
    return (((a - b) / 2) ** 2).mean(axis=(1, 2, 3))


def _with_label(feeds: dict[str, np.ndarray], label: Label) -> dict[str, np.ndarray]:
    return feeds if label is None else {**feeds, "label": label}
