"""A recipe made ready: config, pictures, objective, device. Used by training and by the plan."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from genstudio.core.controls import check_values
from genstudio.core.errors import UsageError
from genstudio.core.events import Event, Log
from genstudio.core.family import Family, Preset
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.stored import Json
from genstudio.datasets import store
from genstudio.training import device as devices
from genstudio.training.batches import Pixels
from genstudio.training.captions import known_words, named, without
from genstudio.training.device import Device
from genstudio.training.objective import Objective
from genstudio.training.randomness import seed_torch
from genstudio.training.sources import (
    Parent,
    Source,
    inherited,
    kept_parent,
    open_dataset,
    parent_of,
    pinned,
    start_from,
)
from genstudio.training.trainer import Trainer

Part = Callable[[str, str], ModuleType]
"""`families.part`: the catalog is handed in, because training knows no family."""


@dataclass(frozen=True)
class Ready:
    """Everything a Trainer needs, and what the package will say of it."""

    recipe: Recipe
    family: Family
    config: dict[str, Json]
    source: Source
    pixels: Pixels
    held: Pixels | None
    objective: Objective
    device: Device
    parent: Parent | None = None

    def trainer(self, folder: Path) -> Trainer:
        """A Trainer writing into `folder`."""
        return Trainer(self.recipe, self.objective, self.pixels, self.held, folder, self.device)


def prepare(
    home: Home,
    recipe: Recipe,
    part: Part,
    base: Path | None,
    wanted: str,
    run: Path | None = None,
) -> Generator[Event, None, Ready]:
    """Check the recipe, open its data and build its networks; raises GenStudioError.

    The returned recipe has all options filled in and names the dataset in the data folder. `run`
    is the folder of a run that goes on: its weights are in its checkpoints.
    """
    family: Family = part(recipe.family, "family").FAMILY
    recipe = resolve(family, recipe)
    options = recipe.options
    source = yield from open_dataset(home, recipe.data, base)
    facts = source.dataset.facts
    if family.data_kind != source.dataset.kind:
        raise UsageError(f"{family.title} learns from {family.data_kind} data")
    parent = kept_parent(run) or parent_of(home, recipe, base)
    found: dict[str, Json] = facts.model_dump()
    name = source.dataset.title or source.dataset.name
    if parent is not None:
        recipe = pinned(recipe, parent.manifest, family.free)
        options = recipe.options
        found = inherited(facts, name, parent.manifest, reads=family.captions)
    if family.captions or family.needs_captions:
        names = (name, *facts.classes) if found.get("one_caption") else ()
        found["words"] = known_words(source, parent.manifest if parent else None, names)
    config = family.config(options, found)
    shape, holdout = (config["size"], config["channels"]), recipe.settings.holdout
    pixels = store.open_pixels(source.folder, *shape, "train", holdout)
    held = store.open_pixels(source.folder, *shape, "valid", holdout) if holdout else None
    if found.get("one_caption"):
        pixels, held = named(pixels, name), named(held, name) if held is not None else None
    if recipe.hold_out:
        pixels, count = without(pixels, recipe.hold_out)
        held = without(held, recipe.hold_out)[0] if held is not None else None
        yield Log(text=f"{count:,} pictures of held-out combinations are not trained on.")
    if pixels.skipped:
        count = f"{pixels.skipped} picture{'s' if pixels.skipped > 1 else ''}"
        text = f"{count} of {source.dataset.name} gone or changed since they were added: skipped."
        yield Log(level="warning", text=text)
    if found.get("one_class"):
        pixels, held = OneClass(pixels), OneClass(held) if held is not None else None
    elif config.get("class_names") and pixels.labels is None:
        raise UsageError(f"{source.dataset.name} has no classes to learn")
    device = devices.choose(wanted, recipe.settings.threads)
    seed_torch(recipe.seed)
    objective: Objective = part(recipe.family, "objective").make(config, options)
    yield from _begin(objective, parent, config)
    ready = recipe.model_copy(update={"data": source.dataset.name})
    return Ready(ready, family, config, source, pixels, held, objective, device, parent)


def _begin(
    objective: Objective, parent: Parent | None, config: dict[str, Json]
) -> Generator[Event, None, None]:
    """The networks' first weights: those of a parent, where there is one."""
    # Networks beside those of the package, which start as copies of the parent's.
    copies = getattr(objective, "copies", {})
    if copies and parent is None:
        raise UsageError(
            "These options need a model to learn from",
            next_step="Choose the model to continue from, or set “Distil to steps” to 0.",
        )
    if parent is not None and parent.folder is not None:
        yield from start_from(objective.networks, parent, config, copies)


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


def resolve(family: Family, recipe: Recipe) -> Recipe:
    """The recipe with everything spelled out: its own values, then its preset's, then defaults.

    Raises UsageError for values that do not fit.
    """
    preset = family.preset(recipe.preset) if recipe.preset else Preset(name="", title="")
    options = check_values(family.options, {**preset.options, **recipe.options})
    own = recipe.settings.model_dump(exclude_unset=True)
    settings = TrainerSettings.model_validate({**preset.settings, **own})
    return recipe.model_copy(update={"options": options, "settings": settings})
