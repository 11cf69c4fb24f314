"""The classifier family: judge and feature extractor for image scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.core.controls import check_values
from genstudio.core.errors import UsageError
from genstudio.core.family import Family, Preset
from genstudio.core.judge_options import WIDTH, dropout_option, features_option, smoothing_option
from genstudio.core.picture_options import (
    CHANNELS,
    class_names,
    pick_channels,
    pick_size,
    size_option,
)
from genstudio.core.stored import Json
from genstudio.families.classifier.tasks import tasks

OPTIONS = (
    size_option("Side to which pictures are brought; automatic takes the nearest to the data."),
    CHANNELS,
    WIDTH,
    features_option(
        96, 2048, "Length of the vector on which Fréchet and kernel distances are computed."
    ),
    dropout_option(0.2),
    smoothing_option(0.05),
)

_SETTINGS = {"learning_rate": 3e-3, "final_rate": 0.001, "warmup": 0.05, "weight_decay": 0.02}
PRESETS = (
    Preset(
        name="tiny",
        title="Tiny (seconds)",
        help="28 pixels, a few hundred steps: to see that everything works.",
        options={"size": "28", "width": 8, "features": 16},
        settings={**_SETTINGS, "steps": 150, "batch": 32, "ema": 0.9, "sample_every": 0,
                  "validate_every": 50},
    ),
    Preset(
        name="small",
        title="Small (minutes on a processor)",
        help="28 or 32 pixels: clothes, digits, icons.",
        settings={**_SETTINGS, "steps": 5000, "batch": 128, "ema": 0.995, "sample_every": 0,
                  "validate_every": 250},
    ),
    Preset(
        name="standard",
        title="Standard (an hour on a processor, minutes on a GPU)",
        help="Up to 64 pixels in colour.",
        options={"width": 32, "features": 128},
        settings={**_SETTINGS, "steps": 20000, "batch": 128, "ema": 0.999, "sample_every": 0,
                  "validate_every": 1000},
    ),
    Preset(
        name="large",
        title="Large (for a GPU)",
        help="Up to 128 pixels with thousands of pictures.",
        options={"width": 64, "features": 256},
        settings={**_SETTINGS, "steps": 50000, "batch": 256, "ema": 0.999, "sample_every": 0,
                  "validate_every": 1000},
    ),
)  # fmt: skip


def config(options: Mapping[str, Json], facts: Mapping[str, Json]) -> dict[str, Json]:
    """What is kept in the manifest to build the network again.

    `options` are recipe options (absent ones take their defaults), `facts` a dumped DataFacts.
    Raises UsageError where they do not fit.
    """
    chosen: dict[str, Any] = check_values(OPTIONS, options)
    names = class_names(facts)
    if not names:
        raise UsageError("a classifier needs data with at least 2 classes")
    return {
        "size": pick_size(chosen["size"], facts),
        "channels": pick_channels(chosen["channels"], facts),
        "class_names": names,
        "width": chosen["width"],
        "features": chosen["features"],
        "dropout": chosen["dropout"],
    }


FAMILY = Family(
    name="classifier",
    title="Classifier",
    summary="Names what a picture shows; judge and measure for the other image models.",
    in_short="names pictures",
    modality="judge",
    tasks=tasks,
    config=config,
    options=OPTIONS,
    presets=PRESETS,
    free=frozenset({"dropout"}),
    needs_classes=True,
    references=(
        "Simonyan, Zisserman 2015, VGG",
        "Ioffe, Szegedy 2015, Batch normalization",
    ),
)
