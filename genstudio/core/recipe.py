"""Recipe: everything one training run needs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from genstudio.core.controls import MAX_SEED
from genstudio.core.stored import Json, Long, Name, Plain, Short, Stored


class TrainerSettings(Plain):
    """Options of the Trainer, the same for every family.

    `steps` counts rounds over all phases. `warmup` is a share of the steps; the learning rate
    then falls along a cosine to `final_rate` times its start. `holdout` is the share of the
    data kept for validation.
    """

    steps: Annotated[int, Field(ge=1, le=100_000_000)] = 1000
    batch: Annotated[int, Field(ge=1, le=65536)] = 64
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 2e-4
    final_rate: Annotated[float, Field(ge=0, le=1)] = 0.1
    warmup: Annotated[float, Field(ge=0, le=1)] = 0.02
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.0
    beta1: Annotated[float, Field(ge=0, lt=1)] = 0.9
    beta2: Annotated[float, Field(ge=0, lt=1)] = 0.999
    clip: Annotated[float, Field(ge=0)] = 0.0
    ema: Annotated[float, Field(ge=0, lt=1)] = 0.999
    flip: bool = False
    holdout: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    checkpoint_seconds: Annotated[float, Field(ge=0)] = 60.0
    sample_every: Annotated[int, Field(ge=0)] = 500
    validate_every: Annotated[int, Field(ge=0)] = 500
    threads: Annotated[int, Field(ge=0, le=1024)] = 0
    precision: str = "fp16"


class Recipe(Stored):
    """Which family, which data, which options, how long; enough to make the run again.

    `data` names a dataset of the data folder, or a path relative to the recipe file.
    `options` are the family's recipe options; absent ones take their defaults.
    `start_from` is a model id or package folder whose weights training continues from.
    """

    family: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    model: Name
    title: Short = ""
    description: Long = ""
    limits: Long = ""
    licence: Short = ""
    data: Short
    options: dict[str, Json] = {}
    settings: TrainerSettings = TrainerSettings()
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    start_from: Short = ""
    preset: Short = ""
