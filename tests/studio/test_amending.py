"""What of a run may change in mid-training."""

from __future__ import annotations

import pytest

from genstudio.core.errors import UsageError
from genstudio.core.recipe import Recipe
from genstudio.core.run import Run
from genstudio.studio import amending


def run(data: str, start_from: str = "") -> Run:
    """A run of a model that is asked by words."""
    recipe = Recipe(
        family="diffusion", model="x", data=data, start_from=start_from, preset="tiny",
        options={"condition": "text", "width": 16},
    )  # fmt: skip
    return Run(id="0009-x", recipe=recipe)


@pytest.mark.parametrize("data", ["captioned", "shapes", "gone"])
def test_what_shapes_no_network_may_change_also_without_captions(tiny_copy, data: str):
    """A model that knows words goes on with pictures that have none."""
    made = amending.check(tiny_copy, run(data, "tiny-diffusion"), {"drop": 0.05}, {"steps": 9})
    assert (made.options["drop"], made.settings.steps) == (0.05, 9)


def test_what_shapes_networks_may_not(tiny_copy):
    with pytest.raises(UsageError, match="width cannot change"):
        amending.check(tiny_copy, run("captioned"), {"width": 24}, {})
    with pytest.raises(UsageError, match="holdout cannot change"):
        amending.check(tiny_copy, run("captioned"), {}, {"holdout": 0.4})


def test_changes_are_told_in_words():
    assert amending.words({"drop": 0.05}, {"steps": 9}) == "drop = 0.05, steps = 9"
    assert amending.words({}, {}) == "nothing"
