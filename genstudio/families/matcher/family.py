"""The matcher: pictures and captions in one space, where what belongs together is near."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.core.controls import Float, Int, check_values
from genstudio.core.errors import UsageError
from genstudio.core.family import Family, Preset
from genstudio.core.judge_options import WIDTH, features_option
from genstudio.core.picture_options import CHANNELS, pick_channels, pick_size, size_option
from genstudio.core.stored import Json
from genstudio.families.matcher.tasks import tasks

OPTIONS = (
    size_option("Side to which pictures are brought; automatic takes the nearest to the data."),
    CHANNELS,
    WIDTH,
    features_option(96, 1024, "Length of the vectors in which pictures and texts are compared."),
    Int(
        name="text_width",
        label="Width of words",
        default=64,
        low=8,
        high=1024,
        more=True,
        help="Length of the vector that is learnt for each word.",
    ),
    Int(
        name="length",
        label="Words of a text",
        default=24,
        low=4,
        high=128,
        more=True,
        help="Longer captions are cut off after so many words that are known.",
    ),
    Float(
        name="word_dropout",
        label="Word dropout",
        default=0.1,
        low=0.0,
        high=0.9,
        more=True,
        help="Share of the words hidden at random while training, against rote learning.",
    ),
)

_SETTINGS = {"learning_rate": 2e-3, "final_rate": 0.001, "warmup": 0.05, "weight_decay": 0.05}
PRESETS = (
    Preset(
        name="tiny",
        title="Tiny (seconds)",
        help="28 pixels, a few hundred steps: to see that everything works.",
        options={"size": "28", "width": 8, "features": 16, "text_width": 8, "length": 8},
        settings={**_SETTINGS, "steps": 150, "batch": 32, "ema": 0.9, "sample_every": 0,
                  "validate_every": 50},
    ),
    Preset(
        name="small",
        title="Small (minutes on a processor)",
        help="Up to 64 pixels and a few thousand words.",
        settings={**_SETTINGS, "steps": 3000, "batch": 128, "ema": 0.995, "sample_every": 0,
                  "validate_every": 250},
    ),
    Preset(
        name="standard",
        title="Standard (an hour on a processor, minutes on a GPU)",
        help="Up to 96 pixels, captions with several things in them.",
        options={"width": 32, "features": 128, "text_width": 128},
        settings={**_SETTINGS, "steps": 20000, "batch": 256, "ema": 0.999, "sample_every": 0,
                  "validate_every": 1000},
    ),
    Preset(
        name="large",
        title="Large (for a GPU)",
        help="Up to 128 pixels with tens of thousands of pictures.",
        options={"width": 64, "features": 256, "text_width": 256, "length": 48},
        settings={**_SETTINGS, "steps": 50000, "batch": 512, "ema": 0.999, "sample_every": 0,
                  "validate_every": 1000},
    ),
)  # fmt: skip


def config(options: Mapping[str, Json], facts: Mapping[str, Json]) -> dict[str, Json]:
    """What is kept in the manifest to build the networks again.

    `options` are recipe options (absent ones take their defaults), `facts` a dumped DataFacts,
    with the captions' "words" where they are known. Raises UsageError where they do not fit.
    """
    chosen: dict[str, Any] = check_values(OPTIONS, options)
    words = facts.get("words")
    if not facts.get("captions") or words == []:
        raise UsageError("a matcher needs pictures with captions that have words in common")
    return {
        "size": pick_size(chosen["size"], facts),
        "channels": pick_channels(chosen["channels"], facts),
        "words": list(words) if isinstance(words, list) else [],
        "length": chosen["length"],
        "width": chosen["width"],
        "features": chosen["features"],
        "text_width": chosen["text_width"],
    }


FAMILY = Family(
    name="matcher",
    title="Matcher",
    summary="Says which caption fits a picture; the judge of models that draw what is written.",
    in_short="matches texts",
    modality="judge",
    tasks=tasks,
    config=config,
    options=OPTIONS,
    presets=PRESETS,
    needs_captions=True,
    references=(
        "Radford et al. 2021, Learning transferable visual models from natural language "
        "supervision (CLIP)",
        "van den Oord, Li, Vinyals 2018, Contrastive predictive coding (InfoNCE)",
    ),
)
