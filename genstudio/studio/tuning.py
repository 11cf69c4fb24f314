"""Training on from a model: gentler and shorter than the training that made it.

A full rate on trained weights undoes what they know; a third of it and a quarter of the steps are
where to begin. A model that was itself trained on keeps its own: they were lowered before.
"""

from __future__ import annotations

import math

from genstudio import families
from genstudio.core.budget import LOOKS
from genstudio.core.manifest import RECIPE
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.studio.library import Model

GENTLER, SHORTER, FEWEST = 3.0, 4, 100
"""The rate and the steps are divided by; fewer steps are not cut any shorter."""
OF_THE_COMPUTER = ("threads", "shards", "parts")
OF_THE_DATA = ("holdout", "patience")
"""Sizes of the parent's data chose them: a hundredth of a million words is enough to measure by,
of a user's twenty letters it is nothing."""


def full_settings(recipe: Recipe) -> TrainerSettings:
    """The recipe's settings with what its preset fills in, where the preset is known."""
    own = recipe.settings.model_dump(exclude_unset=True)
    known = families.family(recipe.family).presets if recipe.family in families.names() else ()
    preset = next((p.settings for p in known if p.name == recipe.preset), {})
    return TrainerSettings.model_validate({**preset, **own})


def settings(parent: Recipe) -> TrainerSettings:
    """What training on from the model of this recipe takes; the rest is left to its preset."""
    full = full_settings(parent)
    kept = parent.settings.model_dump(exclude_unset=True)
    for name in (*OF_THE_COMPUTER, *OF_THE_DATA):
        kept.pop(name, None)
    steps, rate = full.steps, full.learning_rate
    if not parent.start_from:
        steps, rate = min(steps, max(FEWEST, steps // SHORTER)), rate / GENTLER
    every = max(1, steps // LOOKS)
    kept |= {"steps": steps, "learning_rate": rate, "validate_every": every}
    kept["sample_every"] = every if full.sample_every else 0
    return TrainerSettings.model_validate(kept)


def in_words(recipe: Recipe, parent: Model) -> str:
    """How training goes on from `parent`, in a sentence for people; raises GenStudioError."""
    now, was = full_settings(recipe), full_settings(Recipe.read(parent.folder / RECIPE))
    held = f"{100 * now.holdout:g} % of the data is" if now.holdout else "none of the data is"
    rate, how = f"{now.learning_rate:.2g}", _how(recipe, now, was, parent.title)
    return f"Learning rate {rate} ({how}), {now.steps:,} steps; {held} kept back to measure by."


def _how(recipe: Recipe, now: TrainerSettings, was: TrainerSettings, title: str) -> str:
    """Where the learning rate comes from."""
    family = families.family(recipe.family)
    for control in family.options:
        along = family.along.get(control.name, {})
        if recipe.options.get(control.name) and along.get("learning_rate") == now.learning_rate:
            return f"usual with “{control.label}”"
    third = math.isclose(now.learning_rate * GENTLER, was.learning_rate)
    if third and now.optimizer == was.optimizer:
        return f"a third of what {title} began with"
    if now.learning_rate == was.learning_rate:
        return f"that of {title}"
    return f"{title} began with {was.learning_rate:.2g}"
