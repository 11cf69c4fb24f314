"""An installed package written anew with its weights kept in other numbers, such as 8 bits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Done, Event, Log
from genstudio.core.manifest import (
    CARD,
    MANIFEST,
    PREVIEW,
    PROBE,
    RECIPE,
    WEIGHTS,
    Manifest,
)
from genstudio.core.recipe import Recipe
from genstudio.training import package, weights
from genstudio.training.setup import Part, resolve

PRECISIONS = ("fp32", "fp16", "int8")
_MADE_ANEW = frozenset({CARD, MANIFEST, PREVIEW, PROBE, RECIPE, WEIGHTS})


def repack(folder: Path, out: Path, precision: str, part: Part) -> Iterator[Event]:
    """Write the package in `folder` as `out` with weights as `precision`; Done.data: path, bytes.

    Scores are left out: they were measured with other numbers. Raises GenStudioError.
    """
    if precision not in PRECISIONS:
        raise UsageError(f"Weights can be kept as {', '.join(PRECISIONS)}, not as {precision!r}")
    manifest = Manifest.read(folder / MANIFEST)
    if not manifest.trainable:
        raise BadInput(f"{manifest.title} holds no weights of ours to write anew", file=folder)
    recipe = _recipe(folder, manifest, precision, part)
    objective = part(manifest.family, "objective").make(manifest.config, recipe.options)
    stored = weights.read(folder / WEIGHTS)
    names = {key.split(".", 1)[0] for key in stored}
    networks = {name: net for name, net in objective.networks.items() if name in names}
    if weights.fill(networks, stored):
        raise BadInput(f"The weights of {manifest.title} do not fit its networks", file=folder)
    yield Log(text=f"Writing {manifest.title} with weights as {precision}.")
    made = package.build(
        out,
        networks,
        lambda nets: part(manifest.family, "to_onnx").graphs(nets, manifest.config),
        lambda **found: manifest.model_copy(update={"scores": (), **found}),
        recipe,
        (folder / PREVIEW).read_bytes(),
        {path.name: path.read_bytes() for path in others(folder, manifest)},
    )
    yield Done(data={"path": str(out), "bytes": sum(entry.size for entry in made.files)})


def _recipe(folder: Path, manifest: Manifest, precision: str, part: Part) -> Recipe:
    """The recipe of the package with all options, and with the new precision."""
    recipe = resolve(part(manifest.family, "family").FAMILY, Recipe.read(folder / RECIPE))
    settings = recipe.settings.model_copy(update={"precision": precision})
    return recipe.model_copy(update={"settings": settings})


def others(folder: Path, manifest: Manifest) -> list[Path]:
    """Files of the package that are no graphs and are not made anew: its tokenizer and such."""
    graphs = {graph.file for graph in manifest.graphs}
    names = [entry.name for entry in manifest.files]
    return [folder / name for name in names if name not in _MADE_ANEW | graphs]
