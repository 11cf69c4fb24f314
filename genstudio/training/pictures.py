"""Pictures of a dataset as a family learns from them."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np

from genstudio.core.errors import UsageError
from genstudio.core.events import Event, Log
from genstudio.core.family import Family
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json
from genstudio.datasets import store
from genstudio.training.batches import Pixels
from genstudio.training.captions import known_words, named, without
from genstudio.training.feeding import Material
from genstudio.training.sources import Parent, Source, inherited


def read(
    family: Family, recipe: Recipe, source: Source, parent: Parent | None, run: Path | None
) -> Generator[Event, None, Material]:
    """The config that the pictures make, those to learn from and those held out.

    `recipe` has all options filled in. Raises GenStudioError.
    """
    facts, name = source.dataset.facts, source.dataset.title or source.dataset.name
    found: dict[str, Json] = facts.model_dump()
    if parent is not None:
        found = inherited(facts, name, parent.manifest, reads=family.captions)
    if family.captions or family.needs_captions:
        names = (name, *facts.classes) if found.get("one_caption") else ()
        found["words"] = [*known_words(source, parent.manifest if parent else None, names)]
    config = family.config(recipe.options, found)
    holdout = recipe.settings.holdout
    shape = int(str(config["size"])), int(str(config["channels"]))
    pixels = store.open_pixels(source.folder, *shape, "train", holdout)
    held = store.open_pixels(source.folder, *shape, "valid", holdout) if holdout else None
    if found.get("one_caption"):
        pixels, held = named(pixels, name), named(held, name) if held is not None else None
    if recipe.hold_out:
        pixels, count = without(pixels, recipe.hold_out)
        held = without(held, recipe.hold_out)[0] if held is not None else None
        yield Log(text=f"{count:,} pictures of held-out combinations are not trained on.")
    if pixels.skipped:
        gone = f"{pixels.skipped} picture{'s' if pixels.skipped > 1 else ''}"
        text = f"{gone} of {source.dataset.name} gone or changed since they were added: skipped."
        yield Log(level="warning", text=text)
    if found.get("one_class"):
        return Material(config, OneClass(pixels), OneClass(held) if held is not None else None)
    if config.get("class_names") and pixels.labels is None:
        raise UsageError(f"{source.dataset.name} has no classes to learn")
    return Material(config, pixels, held)


class OneClass:
    """Pictures that all belong to the first class."""

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels
        self.labels = np.zeros(len(pixels.images), np.int64)

    @property
    def images(self) -> np.ndarray:
        """(n, h, w, c) uint8."""
        return self._pixels.images

    @property
    def captions(self) -> tuple[tuple[str, ...], ...] | None:
        """For each picture what is said of it, or None."""
        return self._pixels.captions
