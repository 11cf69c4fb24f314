"""How a text may begin with a model: what its training was watched with, else a few plain ones."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from genstudio.core import text_options
from genstudio.core.errors import GenStudioError
from genstudio.core.recipe import Recipe

if TYPE_CHECKING:
    from genstudio.studio.library import Model

MOST = 3
LETTERS = 160
PLAIN = (
    "Once upon a time there was a",
    "The old house at the end of the lane",
    "“I have a letter for you,” said",
)


def beginnings(model: Model | None) -> tuple[str, ...]:
    """At most three beginnings; the option `prompts` of the recipe has one a line."""
    if model is None:
        return ()
    with contextlib.suppress(GenStudioError, OSError):
        recipe = Recipe.read(model.folder / "recipe.json")
        found = text_options.beginnings(recipe.options.get("prompts"))
        if found:
            return tuple(line[:LETTERS] for line in found[:MOST])
    return PLAIN
