"""What the training that is prepared would see: augmentation, policy, size of its pictures.

A family that has differentiable augmentation (Zhao et al. 2020) calls its option `augment`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from genstudio.core.controls import Choice
from genstudio.core.dataset import Dataset
from genstudio.core.errors import GenStudioError
from genstudio.core.family import Family
from genstudio.core.recipe import TrainerSettings
from genstudio.core.stored import Json

SIZES = (28, 32, 48, 64, 96, 128)
SETTINGS = ("flip", "shift", "colour", "cutout")
OPTION = "augment"
OFF = "off"


def likely_size(dataset: Dataset | None) -> int:
    """The side (pixels) that a model of these pictures would likely have."""
    least = dataset.facts.size if dataset else 0
    return max((size for size in SIZES if size <= least), default=SIZES[1])


@dataclass(frozen=True)
class TrainingLook:
    """`values`: flip, shift, colour, cutout and policy as training would use them; `policies`
    offers the policies of the family (None: it has none); `resolve` says what one of them
    comes to, "" for nothing. `size` in pixels."""

    values: Mapping[str, Json] = field(
        default_factory=lambda: {
            "flip": False,
            "shift": 0.0,
            "colour": 0.0,
            "cutout": 0.0,
            "policy": "",
        }
    )
    policies: Choice | None = None
    size: int = 32
    channels: int = 3
    resolve: Callable[[str], str] = lambda policy: "" if policy == OFF else policy


def look_of(
    family: Family | None,
    options: Mapping[str, Json],
    settings: TrainerSettings,
    dataset: Dataset | None,
) -> TrainingLook:
    """The look of a training of `family` with these options (all of them) and settings."""
    found = next((o for o in family.options if o.name == OPTION), None) if family else None
    policies = found if isinstance(found, Choice) else None

    def config(changes: Mapping[str, Json]) -> dict[str, Json]:
        if family is None or dataset is None:
            return {}
        try:
            return family.config({**options, **changes}, dataset.facts.model_dump())
        except GenStudioError:  # the plan says what does not fit
            return {}

    def resolve(policy: str) -> str:
        meant = str(config({OPTION: policy}).get(OPTION, policy)) if policies else ""
        return "" if meant == OFF else meant

    made = config({})
    values: dict[str, Json] = {name: getattr(settings, name) for name in SETTINGS}
    values["policy"] = str(options.get(OPTION, OFF)) if policies else ""
    return TrainingLook(
        values,
        policies,
        _whole(made.get("size")) or likely_size(dataset),
        _whole(made.get("channels")) or (dataset.facts.channels if dataset else 0) or 3,
        resolve,
    )


def _whole(value: Json) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
