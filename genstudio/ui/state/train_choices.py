"""What was chosen for the next training, apart for every kind of model, and the recipe of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from genstudio.core.budget import BUDGETS
from genstudio.core.controls import check_values
from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError, UsageError
from genstudio.core.family import Family
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.stored import Json
from genstudio.studio import kinds, recipes, trainer_controls, tuning
from genstudio.studio.library import Model

MOST_HELD, MOST_LETTERS = 1000, 400
"""Combinations a recipe holds out, and how long one may be."""
FIRST_PRESET = 1
"""Presets go from a toy upwards: the one after the toy is where to begin."""


@dataclass
class Choices:
    """`options` and `settings` are kept by `kind_key`: what was changed there by hand.

    `hold_out` is text as it was typed: one combination a line.
    """

    family: str = ""
    start_from: str = ""
    budget: str = BUDGETS[0].name
    title: str = ""
    hold_out: str = ""
    presets: dict[str, str] = field(default_factory=dict)
    options: dict[str, dict[str, Json]] = field(default_factory=dict)
    settings: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def kind_key(self) -> str:
        """Changes made to a GAN stay with GANs, those made to what goes on from a model there."""
        return f"{self.family}/{self.start_from}" if self.start_from else self.family

    @property
    def own_options(self) -> dict[str, Json]:
        """Options of the family changed by hand."""
        return self.options.get(self.kind_key, {})

    @property
    def own_settings(self) -> dict[str, Json]:
        """Settings of the trainer changed by hand."""
        return self.settings.get(self.kind_key, {})

    def preset(self, family: Family) -> str:
        """The preset to begin with."""
        names = [preset.name for preset in family.presets]
        chosen = self.presets.get(family.name, "")
        if chosen in names:
            return chosen
        return names[min(FIRST_PRESET, len(names) - 1)] if names else ""

    def base(self, data: Dataset, parent: Model | None) -> Recipe:
        """The recipe before any change by hand; raises GenStudioError."""
        if parent is not None:
            return recipes.continued(parent, data)
        family = kinds.known(self.family)
        if family is None:
            raise UsageError("Choose a kind of model first")
        return recipes.from_scratch(self.family, data, self.preset(family))

    def recipe(self, data: Dataset, parent: Model | None, timed: Mapping[str, Json]) -> Recipe:
        """The recipe with `timed` settings of a time and what was changed by hand.

        Raises GenStudioError.
        """
        base = self.base(data, parent)
        timed = dict(timed)
        if not tuning.full_settings(base).sample_every:
            timed.pop("sample_every", None)  # this kind has nothing to show on the way
        made = recipes.changed(base, self.own_options, {**timed, **self.own_settings})
        lines = [line.strip()[:MOST_LETTERS] for line in self.hold_out.splitlines()]
        held = tuple(filter(None, lines))[:MOST_HELD] if data.facts.captions else ()
        return made.model_copy(update={"hold_out": held}) if held else made

    def put_option(self, name: str, value: Json) -> None:
        """An option was changed by hand."""
        self.options.setdefault(self.kind_key, {})[name] = value

    def put_setting(self, name: str, value: Json) -> None:
        """A setting was changed by hand."""
        self.settings.setdefault(self.kind_key, {})[name] = value

    def forget_changes(self) -> None:
        """Back to the preset."""
        self.options.pop(self.kind_key, None)
        self.settings.pop(self.kind_key, None)
        self.presets.pop(self.family, None)
        self.hold_out = ""

    def snapshot(self) -> dict[str, Json]:
        """What the session keeps."""
        return {
            "family": self.family,
            "start_from": self.start_from,
            "budget": self.budget,
            "title": self.title,
            "hold_out": self.hold_out,
            "presets": dict(self.presets),
            "options": {key: dict(values) for key, values in self.options.items() if values},
            "settings": {key: dict(values) for key, values in self.settings.items() if values},
        }

    def take(self, kept: Mapping[str, Any]) -> None:
        """Take what a session kept; what makes no sense any more is left out."""
        self.family = str(kept.get("family", ""))
        self.start_from = str(kept.get("start_from", ""))
        self.title = str(kept.get("title", ""))[:200]
        self.hold_out = str(kept.get("hold_out", ""))[: trainer_controls.HOLD_OUT.max_length]
        name = kept.get("budget")
        self.budget = name if name in {b.name for b in BUDGETS} else BUDGETS[0].name
        self.presets = {str(k): str(v) for k, v in _table(kept.get("presets")).items()}
        self.options = {}
        self.settings = {}
        for key, values in _table(kept.get("options")).items():
            family = kinds.known(key.partition("/")[0])
            if family is not None:
                self.options[key] = good_options(family, _table(values))
        for key, values in _table(kept.get("settings")).items():
            self.settings[key] = good_settings(_table(values))


def good_options(family: Family, values: Mapping[str, Any]) -> dict[str, Json]:
    """Those of `values` that the family takes."""
    own = {control.name: control for control in family.options}
    good: dict[str, Json] = {}
    for name, value in values.items():
        try:
            good.update(check_values([own[name]], {name: value}))
        except (KeyError, GenStudioError):
            continue
    return good


def good_settings(values: Mapping[str, Any]) -> dict[str, Json]:
    """Those of `values` that the trainer takes."""
    good: dict[str, Json] = {}
    for name, value in values.items():
        if name not in TrainerSettings.model_fields:
            continue
        try:
            recipes.trainer_settings(TrainerSettings(), {name: value})
        except GenStudioError:
            continue
        good[name] = value
    return good


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
