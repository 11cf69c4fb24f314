"""Which kinds of model can learn from a dataset, and from which models training can go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from genstudio import families
from genstudio.core.controls import Control
from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError
from genstudio.core.family import Family
from genstudio.core.stored import Json
from genstudio.studio.library import Model


def every() -> list[Family]:
    """All families, makers of things before judges of them."""
    found = [families.family(name) for name in families.names()]
    return sorted(found, key=lambda family: family.modality == "judge")


def known(name: str) -> Family | None:
    """The family called `name`, None where this version has none."""
    return families.family(name) if name in families.names() else None


def fitting(data: Dataset | None) -> list[Family]:
    """Families that learn from data of this kind; all of them while there is no data.

    Those that learn to follow words come first where there are captions.
    """
    found = [family for family in every() if data is None or fits(family, data)]
    said = data is not None and data.facts.captions
    return sorted(found, key=lambda family: not (said and family.captions))


def in_short(family: Family, data: Dataset | None) -> str:
    """Two or three words for the family's card, as it would learn from this data."""
    said = data is not None and data.facts.captions and family.captions
    return "text to image" if said else family.in_short


def fits(family: Family, data: Dataset) -> bool:
    """True where the family takes this kind of data and finds the classes or captions it needs."""
    classes = len(data.facts.classes) > 1 or not family.needs_classes
    captions = data.facts.captions or not family.needs_captions
    return family.learns(data.kind) and classes and captions


def parents(
    models: Iterable[Model], kinds: Iterable[Family], data: Dataset | None = None
) -> list[Model]:
    """Models that training can go on from, of one of these kinds; where there is data, only
    those that make such things."""
    by_name = {family.name: family for family in kinds}
    found = [m for m in models if m.manifest.trainable and m.manifest.family in by_name]
    if data is None:
        return found
    made = {name: family.modality_for(data.kind) for name, family in by_name.items()}
    return [m for m in found if m.manifest.modality == made[m.manifest.family]]


def size_of(family: Family, options: Mapping[str, Json], data: Dataset) -> int:
    """Side in pixels that a model with these options has; 0 where that means nothing."""
    try:
        size = family.config(options, data.facts.model_dump()).get("size", 0)
    except GenStudioError:
        return 0
    return size if isinstance(size, int) else 0


def open_options(
    family: Family, parent: Model | None, data: Dataset | None = None
) -> tuple[Control, ...]:
    """Options that may still be chosen: going on from a model, its networks keep their shape;
    where there is data, those that mean something for such data."""
    shape = set(parent.manifest.config) - family.free if parent is not None else set()
    shown = family.options if data is None else family.options_for(data.kind)
    return tuple(c for c in shown if c.name not in shape)
