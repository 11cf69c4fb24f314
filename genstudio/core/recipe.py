"""Recipe: everything one training run needs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from genstudio.core.controls import MAX_SEED
from genstudio.core.stored import Json, Long, Name, Plain, Short, Stored


class TrainerSettings(Plain):
    """Options of the Trainer, the same for every family.

    `steps` counts rounds over all phases. `warmup` is a share of the steps; the learning rate
    then falls along a cosine to `final_rate` times its start. `holdout` is the share of the
    data kept for validation. `patience`: end after so many validations without a better one
    (0: never). `batch` counts the pictures of one step; it is cut into `shards` of equal size
    with noise of their own, spread over the devices, and each shard is computed in `parts` one
    after the other where memory is short. Augmentation: `flip` mirrors half of the pictures,
    `shift` moves them by up to that share of the side, `colour` changes brightness, contrast and
    saturation by up to that share, `cutout` blanks a square with up to that share of the side.
    `optimizer` "muon" turns the gradients of matrices before each step, which transformers learn
    from in fewer steps. `mixed` computes in bf16 or fp16 where the device is a GPU.
    """

    steps: Annotated[int, Field(ge=1, le=100_000_000)] = 1000
    batch: Annotated[int, Field(ge=1, le=65536)] = 64
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 2e-4
    final_rate: Annotated[float, Field(ge=0, le=1)] = 0.1
    optimizer: Literal["adamw", "muon"] = "adamw"
    warmup: Annotated[float, Field(ge=0, le=1)] = 0.02
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.0
    beta1: Annotated[float, Field(ge=0, lt=1)] = 0.9
    beta2: Annotated[float, Field(ge=0, lt=1)] = 0.999
    clip: Annotated[float, Field(ge=0)] = 0.0
    ema: Annotated[float, Field(ge=0, lt=1)] = 0.999
    flip: bool = False
    shift: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    colour: Annotated[float, Field(ge=0, le=1)] = 0.0
    cutout: Annotated[float, Field(ge=0, le=0.9)] = 0.0
    holdout: Annotated[float, Field(ge=0, le=0.5)] = 0.05
    checkpoint_seconds: Annotated[float, Field(ge=0)] = 60.0
    sample_every: Annotated[int, Field(ge=0)] = 500
    validate_every: Annotated[int, Field(ge=0)] = 500
    patience: Annotated[int, Field(ge=0, le=10_000)] = 0
    shards: Annotated[int, Field(ge=1, le=4096)] = 1
    parts: Annotated[int, Field(ge=1, le=65536)] = 1
    mixed: bool = True
    threads: Annotated[int, Field(ge=0, le=1024)] = 0
    precision: str = "fp16"


class Recipe(Stored):
    """Which family, which data, which options, how long; enough to make the run again.

    `data` names a dataset of the data folder, or a path relative to the recipe file.
    `options` are the family's recipe options; absent ones take their defaults.
    `start_from` is a model id or package folder whose weights training continues from.
    `hold_out` lists combinations such as "blue hair + round glasses": pictures whose caption
    says all of one are left out of training, so that the model can be asked for what it never saw.
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
    hold_out: Annotated[tuple[Short, ...], Field(max_length=1000)] = ()
