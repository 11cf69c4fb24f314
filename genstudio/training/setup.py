"""A recipe made ready: config, data, objective, device. Used by training and by the plan."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from genstudio.core.controls import check_values
from genstudio.core.errors import UsageError
from genstudio.core.events import Event, Log
from genstudio.core.family import Family, Preset
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.stored import Json
from genstudio.training import device as devices
from genstudio.training import pictures, scores, sounds, texts
from genstudio.training.device import Device
from genstudio.training.feeding import Data, Extra
from genstudio.training.objective import Objective
from genstudio.training.randomness import seed_torch
from genstudio.training.sources import (
    Parent,
    Source,
    kept_parent,
    open_dataset,
    parent_of,
    pinned,
    start_from,
)
from genstudio.training.trainer import Trainer

Part = Callable[[str, str], ModuleType]
"""`families.part`: the catalog is handed in, because training knows no family."""
READERS = {
    "image": pictures.read, "text": texts.read, "music": scores.read, "sound": sounds.read,
}  # fmt: skip
"""What makes a family's material of each kind of data."""


@dataclass(frozen=True)
class Ready:
    """Everything a Trainer needs, and what the package will say of it. `extra` makes
    files of the package beside the usual ones."""

    recipe: Recipe
    family: Family
    config: dict[str, Json]
    source: Source
    data: Data
    held: Data | None
    objective: Objective
    device: Device
    parent: Parent | None = None
    extra: Extra = dict

    def trainer(self, folder: Path) -> Trainer:
        """A Trainer writing into `folder`."""
        return Trainer(self.recipe, self.objective, self.data, self.held, folder, self.device)


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
    source = yield from open_dataset(home, recipe.data, base)
    if not family.learns(source.dataset.kind):
        kinds = " or ".join((family.data_kind, *family.also))
        raise UsageError(f"{family.title} learns from {kinds} data")
    parent = kept_parent(run) or parent_of(home, recipe, base)
    if parent is not None:
        _check_kind(family, source, parent)
        shown = {option.name for option in family.options_for(source.dataset.kind)}
        silent = {option.name for option in family.options} - shown
        recipe = pinned(recipe, parent.manifest, family.free | silent, family.later)
    material = yield from READERS[source.dataset.kind](family, recipe, source, parent, run)
    config = material.config
    device = devices.choose(wanted, recipe.settings.threads)
    seed_torch(recipe.seed)
    objective: Objective = part(recipe.family, "objective").make(config, recipe.options)
    if (tokenizer := getattr(material.data, "tokenizer", None)) is not None:
        objective.tokenizer = tokenizer  # type: ignore[attr-defined]
    yield from _begin(objective, parent, config)
    recipe = recipe.model_copy(update={"data": source.dataset.name})
    return Ready(
        recipe, family, config, source, material.data, material.held, objective, device, parent,
        material.extra,
    )  # fmt: skip


def _check_kind(family: Family, source: Source, parent: Parent) -> None:
    """Raise UsageError where the parent makes something else than this data is."""
    wanted, manifest = family.modality_for(source.dataset.kind), parent.manifest
    if manifest.modality != wanted:
        raise UsageError(
            f"{manifest.title} is a model of {manifest.modality}; it cannot learn from the "
            f"{source.dataset.kind} data of {source.dataset.title}",
            next_step="Choose a model of the same kind as the data.",
        )


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
        fresh: frozenset[str] = getattr(objective, "fresh", frozenset())
        yield from start_from(objective.networks, parent, config, copies, fresh)
        if (begun := getattr(objective, "begun", None)) is not None:
            yield from (Log(text=text) for text in begun(parent.manifest.config))


def resolve(family: Family, recipe: Recipe) -> Recipe:
    """The recipe with everything spelled out: its own values, then its preset's, then defaults.

    Raises UsageError for values that do not fit.
    """
    preset = family.preset(recipe.preset) if recipe.preset else Preset(name="", title="")
    options = check_values(family.options, {**preset.options, **recipe.options})
    own = recipe.settings.model_dump(exclude_unset=True)
    settings = TrainerSettings.model_validate({**preset.settings, **own})
    return recipe.model_copy(update={"options": options, "settings": settings})
