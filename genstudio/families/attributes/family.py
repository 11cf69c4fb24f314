"""The attribute reader: from a picture to what a caption says, attribute by attribute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.core import attributes
from genstudio.core.attributes import Slot
from genstudio.core.controls import Text, check_values
from genstudio.core.errors import UsageError
from genstudio.core.family import Family, Preset
from genstudio.core.judge_options import WIDTH, dropout_option, features_option, smoothing_option
from genstudio.core.picture_options import CHANNELS, pick_channels, pick_size, size_option
from genstudio.core.stored import Json
from genstudio.families.attributes.tasks import tasks

OPTIONS = (
    Text(
        name="attributes",
        label="Attributes",
        multiline=True,
        max_length=100_000,
        placeholder="hair: blue, dark brown, red; {} hair\nglasses: round glasses, square glasses",
        help="One a line: its values, and after ; the phrase they stand in ({} is the value). "
        "Empty: the most frequent words of the captions.",
    ),
    size_option("Side to which pictures are brought; automatic takes the nearest to the data."),
    CHANNELS,
    WIDTH,
    features_option(128, 2048, "Length of the vector from which all attributes are read."),
    dropout_option(0.1),
    smoothing_option(0.02),
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
        help="Up to 64 pixels: avatars, icons, characters.",
        settings={**_SETTINGS, "steps": 3000, "batch": 64, "ema": 0.995, "sample_every": 0,
                  "validate_every": 250},
    ),
    Preset(
        name="standard",
        title="Standard (an hour on a processor, minutes on a GPU)",
        help="Up to 96 pixels with hundreds of values.",
        options={"width": 32, "features": 256},
        settings={**_SETTINGS, "steps": 20000, "batch": 128, "ema": 0.999, "sample_every": 0,
                  "validate_every": 1000},
    ),
    Preset(
        name="large",
        title="Large (for a GPU)",
        help="Up to 128 pixels with thousands of pictures.",
        options={"width": 64, "features": 512},
        settings={**_SETTINGS, "steps": 50000, "batch": 256, "ema": 0.999, "sample_every": 0,
                  "validate_every": 1000},
    ),
)  # fmt: skip


def config(options: Mapping[str, Json], facts: Mapping[str, Json]) -> dict[str, Json]:
    """What is kept in the manifest to build the network again.

    `options` are recipe options (absent ones take their defaults), `facts` a dumped DataFacts,
    with the captions' "words" where they are known. Raises UsageError where they do not fit.
    """
    chosen: dict[str, Any] = check_values(OPTIONS, options)
    if not facts.get("captions"):
        raise UsageError("an attribute reader needs pictures with captions")
    return {
        "size": pick_size(chosen["size"], facts),
        "channels": pick_channels(chosen["channels"], facts),
        "slots": attributes.to_json(_slots(chosen["attributes"], facts)),
        "width": chosen["width"],
        "features": chosen["features"],
        "dropout": chosen["dropout"],
    }


def _slots(written: str, facts: Mapping[str, Json]) -> tuple[Slot, ...]:
    if written.strip():
        return attributes.parse(written)
    words = facts.get("words")
    if not isinstance(words, list):
        return ()  # nobody has read the captions yet: this config is only looked at
    found = attributes.of_words(map(str, words))
    if not found:
        raise UsageError("no word stands in two captions: write down the attributes to be read")
    return found


FAMILY = Family(
    name="attributes",
    title="Attribute reader",
    summary="Reads from a picture what captions say; the judge of whether prompts are followed.",
    in_short="reads attributes",
    modality="judge",
    tasks=tasks,
    config=config,
    options=OPTIONS,
    presets=PRESETS,
    free=frozenset({"dropout"}),
    needs_captions=True,
    references=(
        "Liu, Luo, Wang, Tang 2015, Deep learning face attributes in the wild",
        "Ioffe, Szegedy 2015, Batch normalization",
    ),
)
