"""Add-ons in training: networks laid over those of a parent, whose weights are not kept again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from genstudio.core import addons
from genstudio.core.manifest import BASE_WEIGHTS, WEIGHTS, Base, Manifest
from genstudio.training import weights
from genstudio.training.objective import Objective
from genstudio.training.weights import Place


def base_of(objective: Objective, parent: Manifest | None) -> Base | None:
    """The model that the objective's networks are laid over, or None where they are whole."""
    if not under(objective) or parent is None:
        return None
    size = next(entry.size for entry in parent.files if entry.name == WEIGHTS)
    return Base(id=parent.id, title=parent.title, sha256=parent.sha256, size=size)


def under(objective: Objective) -> frozenset[str]:
    """Names of the networks that are the parent's and stay as they are."""
    found: frozenset[str] = getattr(objective, "laid_over", frozenset())
    return found


def places(out: Path, base: Base, title: str, objective: Objective) -> Mapping[str, Place]:
    """Where the numbers of those networks lie in the weights of `base`; raises BadInput.

    `out` and `title` are those of the add-on.
    """
    folder = addons.base_folder(out, base, title)
    found = weights.places_of(folder / WEIGHTS, BASE_WEIGHTS)
    names = under(objective)
    return {name: place for name, place in found.items() if name.split(".", 1)[0] in names}
