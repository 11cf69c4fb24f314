"""Tiny trainings that really go wrong, to see what the training doctor says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch

from genstudio import families
from genstudio.core import controls
from genstudio.core.dataset import DataFacts
from genstudio.core.events import Advice, Event
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.core.words import vocabulary
from genstudio.training.device import choose
from genstudio.training.trainer import Trainer

SIDE = 28


class Pictures:
    """Pixels, labels and captions as datasets.store gives them."""

    def __init__(
        self, images: np.ndarray, captions: tuple[tuple[str, ...], ...] | None = None
    ) -> None:
        self.images, self.labels = images, np.arange(len(images)) % 2
        self.captions = captions


def blobs(count: int, seed: int) -> Pictures:
    """Discs and boxes of any size and place: new ones look like known ones."""
    numbers = np.random.default_rng(seed)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    images = np.zeros((count, SIDE, SIDE, 1), np.uint8)
    for i in range(count):
        (x, y), radius = numbers.uniform(8, 20, 2), numbers.uniform(3, 8)
        down, right = np.abs(rows - y), np.abs(columns - x)
        far = np.hypot(down, right) if i % 2 else np.maximum(down, right)
        images[i, :, :, 0] = np.clip((radius - far) * 60, 0, 255) * numbers.uniform(0.5, 1)
    return Pictures(images)


def noise(count: int, seed: int) -> Pictures:
    """Squares of chance: nothing can be learnt of them but by heart."""
    cells = np.random.default_rng(seed).integers(0, 256, (count, 7, 7))
    return Pictures(np.kron(cells, np.ones((4, 4))).astype(np.uint8)[..., None])


def trained(
    folder: Path,
    family: str,
    data: Pictures,
    held: Pictures | None,
    options: dict[str, Any],
    settings: dict[str, Any],
    seed: int = 3,
) -> tuple[Trainer, list[Event]]:
    """A training of the tiny preset with these changes, and all that it said."""
    kind = families.family(family)
    preset = kind.preset("tiny")
    chosen = controls.check_values(kind.options, {**preset.options, **options})
    said = data.captions or ()
    facts = DataFacts(
        count=len(data.images), size=SIDE, channels=1, classes=("a", "b"), captions=bool(said)
    )
    known = {**facts.model_dump(mode="json"), "words": vocabulary(" ".join(one) for one in said)}
    config = kind.config(chosen, known)
    fixed = {"threads": 1, "checkpoint_seconds": 3600, "batch": 16}
    values = TrainerSettings(**{**preset.settings, **fixed, **settings})
    recipe = Recipe(
        family=family, model="toy", data="x", options=chosen, settings=values, seed=seed
    )  # fmt: skip
    torch.manual_seed(seed)
    objective = families.part(family, "objective").make(config, chosen)
    trainer = Trainer(recipe, objective, data, held, folder, choose("cpu", 1))
    return trainer, list(trainer.run())


def advice(events: list[Event], name: str) -> list[Advice]:
    """What that detector said, oldest first."""
    return [event for event in events if isinstance(event, Advice) and event.name == name]
