"""Changing the recipe of a run in mid-training: what may change, and in which words."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio import families
from genstudio.core.dataset import DataFacts, Dataset
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.core.stored import Json
from genstudio.studio import recipes

FIXED = {
    "holdout": "held-out pictures would be trained on",
    "shards": "the order of noise would change",
    "optimizer": "what the other one knows would be lost",
}
_ANEW = "Start a new run with it: Duplicate with changes, then Train."


def check(
    home: Home, run: Run, options: Mapping[str, Json], settings: Mapping[str, Json]
) -> Recipe:
    """The run's recipe with the changes; raises UsageError where only a new run can have them.

    Those are changes of the family's config that shape networks, and of `FIXED` settings.
    """
    old = run.recipe
    new = recipes.changed(old, options, settings)
    for name, why in FIXED.items():
        if getattr(new.settings, name) != getattr(old.settings, name):
            raise UsageError(f"{name} cannot change while a model learns: {why}", next_step=_ANEW)
    if bool(new.settings.weight_decay) != bool(old.settings.weight_decay):
        raise UsageError(
            "weight_decay cannot be turned on or off while a model learns: its optimiser would "
            "have to forget what it knows",
            next_step=_ANEW,
        )
    family = families.family(old.family)
    facts = _facts(home, old)
    before, after = (family.config(recipe.options, facts) for recipe in (old, new))
    shaping = [key for key in after if after[key] != before.get(key) and key not in family.free]
    if shaping:
        names = ", ".join(sorted(set(options) & set(shaping)) or sorted(options))
        raise UsageError(
            f"{names} cannot change while a model learns: its networks would have another shape",
            next_step=_ANEW,
        )
    return new


def words(options: Mapping[str, Json], settings: Mapping[str, Json]) -> str:
    """The changes as text: "free_bits = 0.5, clip = 1"."""
    both = {**options, **settings}.items()
    return ", ".join(f"{name} = {value}" for name, value in both)[:400] or "nothing"


def _facts(home: Home, recipe: Recipe) -> dict[str, Json]:
    """Facts of the dataset; of a usual one where it is gone.

    A model that goes on from another takes data without classes or captions as well.
    """
    try:
        found = Dataset.read(home.datasets / recipe.data / "dataset.json").facts
    except GenStudioError:
        found = DataFacts(count=1000, size=28, channels=1, classes=("a", "b"), captions=True)
    facts: dict[str, Json] = found.model_dump()
    if recipe.start_from:
        classes = list(found.classes) or [recipe.data]
        facts |= {"captions": True, "one_class": True, "classes": [*classes]}
    return facts
