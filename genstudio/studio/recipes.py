"""Make a Recipe from what a person chose: a family or a model to go on from, data, changes."""

from __future__ import annotations

from collections.abc import Container, Mapping

from pydantic import ValidationError

from genstudio import families
from genstudio.core import manifest
from genstudio.core.controls import check_values
from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.stored import Json, first_fault, to_name
from genstudio.studio import tuning
from genstudio.studio.library import Model

OF_DATA = ("prompts",)
"""Options that speak of the data; they are not handed on to a training with other data."""


def from_scratch(family: str, data: Dataset, preset: str = "") -> Recipe:
    """A recipe of this family with the values of its preset (default: its first).

    Raises UsageError.
    """
    kind = families.family(family)
    chosen = kind.preset(preset or kind.presets[0].name)
    return Recipe(
        family=family,
        model=to_name(f"{family}-{data.name}"),
        title=f"{data.title} ({kind.title})"[:400],
        licence=data.licence,
        data=data.name,
        options={**chosen.options, **kind.usual.get(data.kind, {})},
        settings=trainer_settings(TrainerSettings(), chosen.settings),
        preset=chosen.name,
    )


def continued(model: Model, data: Dataset) -> Recipe:
    """A recipe that starts from the model's weights and goes on gently (`studio.tuning`).

    What belonged to that computer or spoke of that data is left open: how much is held out, too.

    Raises GenStudioError where the package cannot be trained on.
    """
    if not model.manifest.trainable:
        raise GenStudioError(
            f"{model.id} cannot be trained further; its package has no trainer state"
        )
    read = Recipe.read(model.folder / manifest.RECIPE)
    return read.model_copy(
        update={
            "model": to_name(f"{model.id}-{data.name}"),
            "title": f"{model.title}, trained on with {data.title}"[:400],
            "licence": data.licence,
            "data": data.name,
            "options": {k: v for k, v in read.options.items() if k not in OF_DATA},
            "settings": tuning.settings(read),
            "hold_out": (),
            "start_from": model.id,
            "description": "",
            "limits": "",
        }
    )


def changed(recipe: Recipe, options: Mapping[str, Json], settings: Mapping[str, Json]) -> Recipe:
    """The recipe with other options of its family and settings of the trainer.

    An option that is turned on brings the settings that go along with it (`Family.along`), but
    for those named here. Raises UsageError for unknown names and values out of range.
    """
    family = families.family(recipe.family)
    own = {c.name: c for c in family.options}
    known = TrainerSettings.model_fields
    for name in (*options, *settings):
        if name not in (own if name in options else known):
            raise UsageError(
                f"there is no setting {name!r} here; known are: {', '.join([*own, *known])}"
            )
    checked = check_values([own[name] for name in options], options)
    for name in checked:
        if checked[name] and not recipe.options.get(name):
            settings = {**family.along.get(name, {}), **settings}
    return recipe.model_copy(
        update={
            "options": {**recipe.options, **checked},
            "settings": trainer_settings(recipe.settings, settings),
        }
    )


def trainer_settings(start: TrainerSettings, changes: Mapping[str, Json]) -> TrainerSettings:
    """`start` with `changes`; what neither names stays open for a preset. Raises UsageError."""
    try:
        return TrainerSettings.model_validate({**start.model_dump(exclude_unset=True), **changes})
    except ValidationError as error:
        raise UsageError(f"the trainer cannot take this: {first_fault(error)}") from error


def to_body(recipe: Recipe) -> dict[str, Json]:
    """The recipe as a job carries it: only what was asked for, so that a preset fills the rest."""
    return recipe.model_dump(mode="json", exclude_unset=True)


def free_name(name: str, taken: Container[str]) -> str:
    """The name, or the first free `name-2` …: hours of training must not end in a clash."""
    free, number = name, 2
    while free in taken:
        free = f"{name[:58]}-{number}"
        number += 1
    return free
