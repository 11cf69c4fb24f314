"""Which pictures a model is measured with: the ones it was trained on and the ones it never saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from genstudio.core.combinations import any_held
from genstudio.core.errors import BadInput, GenStudioError
from genstudio.core.manifest import RECIPE
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json
from genstudio.datasets import store
from genstudio.datasets.store import Pixels
from genstudio.engine.loaded_model import LoadedModel

LEAST = 4
"""Real pictures without which no interval can be computed."""


@dataclass(frozen=True)
class Splits:
    """`test` was kept from training if `held_out`; `more` may have been trained on as well as
    `train`. `facts` go into every score."""

    train: Pixels
    test: Pixels
    more: tuple[Pixels, ...]
    held_out: bool
    facts: dict[str, Json]


def open_splits(model: LoadedModel, data: Path) -> Splits:
    """The dataset in the folder `data`, in the size and channels of the model.

    Raises BadInput where it holds too few pictures.
    """
    size, channels = model.size("size"), model.size("channels")
    holdout = _holdout(model, data)
    train = store.open_pixels(data, size, channels, "train", holdout)
    test = store.open_pixels(data, size, channels, "test", holdout)
    valid = store.open_pixels(data, size, channels, "valid", holdout)
    facts: dict[str, Json] = {"data": data.name, "split": "test", "data_sha256": train.sha256}
    # A recipe may hold nothing out: then the validation pictures were trained on as well.
    more = (valid,) if len(test.images) else ()
    if not len(test.images):
        test, facts["split"] = valid, "valid"
    if len(test.images) < LEAST or len(train.images) < LEAST:
        train, test = _halves(store.open_pixels(data, size, channels, "train", 0.0), data)
        return Splits(train, test, (), False, {**facts, "split": "train"})
    combinations = held_combinations(model)
    if combinations and train.captions is not None:
        train = _without(train, combinations)
    return Splits(train, test, more, True, facts)


def recipe_of(model: LoadedModel) -> Recipe | None:
    """The recipe of the package, None where it has none that can be read."""
    try:
        return Recipe.read(model.folder / RECIPE)
    except GenStudioError:
        return None


def held_combinations(model: LoadedModel) -> tuple[str, ...]:
    """Combinations of words that the model never saw together in training."""
    recipe = recipe_of(model)
    return recipe.hold_out if recipe is not None else ()


def trained_on(model: LoadedModel, sha256: str) -> bool:
    """True where the model was trained on the very dataset with this hash."""
    return bool(sha256) and sha256 in {known.sha256 for known in model.manifest.trained_on}


def kept_back(model: LoadedModel, data: Path) -> float | None:
    """The share of texts or pieces in the folder `data` that was kept from the training of this
    model; None: the usual one."""
    recipe = recipe_of(model)
    if recipe is None or not trained_on(model, store.open_dataset(data).sha256):
        return None
    return recipe.settings.holdout


def _holdout(model: LoadedModel, data: Path) -> float | None:
    """The share that was really kept from the training of this model, if it is less than usual.

    None: the share that the dataset names. Pictures of a smaller share are among those of a larger
    one, so that a model is never measured on pictures it was trained on.
    """
    known = store.open_dataset(data)
    recipe = recipe_of(model)
    if recipe is None:
        return None  # a package without a recipe does not say
    share, usual = recipe.settings.holdout, known.valid_count / max(1, known.facts.count)
    return share if trained_on(model, known.sha256) and share < usual else None


def _halves(whole: Pixels, data: Path) -> tuple[Pixels, Pixels]:
    """(one half, the other): real pictures against real ones where nothing was kept apart."""
    middle = len(whole.images) // 2
    if middle < LEAST:
        raise BadInput(
            f"{data.name} holds {len(whole.images)} pictures: too few to measure anything",
            next_step="Add more pictures to the dataset, or evaluate on another one.",
        )
    return _some(whole, lambda a: a[middle:]), _some(whole, lambda a: a[:middle])


def _without(pixels: Pixels, combinations: tuple[str, ...]) -> Pixels:
    """The pictures whose captions hold none of the combinations."""
    said = pixels.captions or ()
    stay = np.flatnonzero([not any_held(one, combinations) for one in said])
    return _some(pixels, lambda a: a[stay])


def _some(whole: Pixels, part: Callable[[np.ndarray], np.ndarray]) -> Pixels:
    """The pictures that `part` picks out of each array."""
    return replace(
        whole,
        images=part(whole.images),
        labels=None if whole.labels is None else part(whole.labels),
        rows=None if whole.rows is None else part(whole.rows),
        captions=None if whole.captions is None else _slice(whole.captions, part),
    )


def _slice(
    captions: tuple[tuple[str, ...], ...], part: Callable[[np.ndarray], np.ndarray]
) -> tuple[tuple[str, ...], ...]:
    return tuple(captions[place] for place in part(np.arange(len(captions))).tolist())
