"""An add-on and the model that it lies over, made into one package that stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from genstudio.core import addons
from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Event, Log
from genstudio.core.manifest import MANIFEST, PREVIEW, RECIPE, WEIGHTS, Manifest
from genstudio.core.recipe import Recipe
from genstudio.core.stored import Json
from genstudio.training import package, weights
from genstudio.training.repack import others
from genstudio.training.setup import Part, resolve


def merge(folder: Path, out: Path, name: str, part: Part) -> Iterator[Event]:
    """Write the add-on in `folder` with its base as the package `out`, called `name`.

    Done.data: path, bytes. Scores are left out. Raises GenStudioError.
    """
    manifest = Manifest.read(folder / MANIFEST)
    if manifest.base is None:
        raise UsageError(f"{manifest.title} is no add-on: it is whole as it is")
    under = addons.base_folder(folder, manifest.base, manifest.title)
    recipe = _recipe(folder, name, part)
    objective = part(manifest.family, "objective")
    both = objective.make(manifest.config, recipe.options).networks
    stored = {**weights.read(under / WEIGHTS), **weights.read(folder / WEIGHTS)}
    if left := weights.fill(both, stored):
        raise UsageError(f"{manifest.title} and its base do not fit together: {left[0]}")
    networks, config = objective.merged(both, manifest.config)
    yield Log(text=f"Merging {manifest.title} with {manifest.base.title or manifest.base.id}.")
    origin = Manifest.read(under / MANIFEST)
    changes = {
        "id": name, "config": config, "base": None, "trainable": True, "scores": (),
        "trained_on": (*origin.trained_on, *manifest.trained_on),
    }  # fmt: skip
    made = package.build(
        out,
        networks,
        lambda nets: part(manifest.family, "to_onnx").graphs(nets, config),
        lambda **found: manifest.model_copy(update={**changes, **found}),
        recipe,
        (folder / PREVIEW).read_bytes(),
        {path.name: path.read_bytes() for path in others(folder, manifest)},
    )
    yield Done(data={"path": str(out), "bytes": sum(entry.size for entry in made.files)})


def _recipe(folder: Path, name: str, part: Part) -> Recipe:
    """The recipe of the add-on with all options, for a model that stands alone."""
    recipe = Recipe.read(folder / RECIPE)
    recipe = resolve(part(recipe.family, "family").FAMILY, recipe)
    options: dict[str, Json] = {**recipe.options, "lora": 0}
    changes = {"model": name, "options": options, "start_from": ""}
    return recipe.model_copy(update=changes)
