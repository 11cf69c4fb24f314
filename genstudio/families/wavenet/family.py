"""The WaveNet family: what its recipes may say and which config comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.core.controls import Choice, Float, Int, Option, Switch, check_values
from genstudio.core.family import Family, Preset
from genstudio.core.picture_options import class_names
from genstudio.core.stored import Json
from genstudio.families.wavenet.tasks import tasks

AUTO = "auto"
RATES = (2000, 4000, 8000, 11025, 16000, 22050, 32000, 44100, 48000)
"""Samples a second that a recipe may ask for; others follow the data."""
GUESS = 8000  # before the sounds were read

OPTIONS = (
    Choice(
        name="rate",
        label="Samples a second",
        default=AUTO,
        help="Twice as many hold tones up to an octave higher and take twice as long. Automatic "
        "follows the data.",
        options=(
            Option(value=AUTO, label="Automatic"),
            *(Option(value=str(rate), label=f"{rate:,}") for rate in RATES),
        ),
    ),
    Switch(
        name="conditional",
        label="Learn the kinds",
        default=True,
        help="Lets you ask for a kind of sound by name; needs data sorted into classes.",
    ),
    Int(
        name="width",
        label="Width",
        default=64,
        low=4,
        high=512,
        help="Numbers that each layer keeps of every sample: wider sounds better and slower.",
    ),
    Int(
        name="layers",
        label="Layers",
        default=7,
        low=1,
        high=14,
        help="Layers of a stack; each looks back further than the one below, by as many times as "
        "it reads samples.",
    ),
    Int(
        name="stacks",
        label="Stacks",
        default=1,
        low=1,
        high=6,
        more=True,
        help="How often the layers are stacked on top of each other.",
    ),
    Int(
        name="kernel",
        label="Samples a layer reads",
        default=3,
        low=2,
        high=4,
        more=True,
        help="2 is what the paper has; with 3 fewer layers look back as far.",
    ),
    Int(
        name="window",
        label="Window",
        default=4096,
        low=64,
        high=65_536,
        unit="samples",
        help="How much of a sound is heard at once in training.",
    ),
    Float(
        name="drop",
        label="Kind hidden",
        default=0.1,
        low=0.0,
        high=1.0,
        more=True,
        help="Share of the sounds whose kind is not told, so that the model makes some without "
        "one, too.",
    ),
)

_SETTINGS = {
    "optimizer": "muon", "beta1": 0.9, "beta2": 0.99, "learning_rate": 1e-2, "final_rate": 0.02,
    "warmup": 0.02, "clip": 1.0, "holdout": 0.05, "sample_every": 500, "validate_every": 250,
    "ema": 0.995,
}  # fmt: skip
PRESETS = (
    Preset(
        name="tiny",
        title="Tiny (a minute)",
        help="A few hundred steps: to hear that everything works.",
        options={"width": 16, "layers": 4, "window": 512},
        settings={**_SETTINGS, "steps": 300, "batch": 8, "ema": 0.9,
                  "sample_every": 100, "validate_every": 100},
    ),
    Preset(
        name="small",
        title="Small (half an hour on a processor)",
        help="Short sounds at 8,000 samples a second: words, hits, calls.",
        options={"width": 64, "layers": 7},
        settings={**_SETTINGS, "steps": 2000, "batch": 4},
    ),
    Preset(
        name="standard",
        title="Standard (hours on a processor, minutes on a GPU)",
        help="Sounds of some seconds at up to 16,000 samples a second.",
        options={"width": 96, "layers": 7, "stacks": 2, "window": 8192},
        settings={**_SETTINGS, "steps": 10_000, "batch": 8, "ema": 0.999, "learning_rate": 5e-3},
    ),
    Preset(
        name="large",
        title="Large (for a GPU)",
        help="Hours of sound; the size of the paper's networks.",
        options={"width": 256, "layers": 10, "stacks": 3, "kernel": 2, "window": 16_384},
        settings={**_SETTINGS, "steps": 100_000, "batch": 16, "ema": 0.9999, "learning_rate": 2e-3,
                  "sample_every": 2000, "validate_every": 2000},
    ),
)  # fmt: skip
SHAPES = ("width", "layers", "stacks", "kernel")


def config(options: Mapping[str, Json], facts: Mapping[str, Json]) -> dict[str, Json]:
    """What is kept in the manifest to build the network again.

    `options` are recipe options (absent ones take their defaults), `facts` a dumped DataFacts
    with "rate" and "seconds" of the sounds; both are missing in a first look and then guessed.
    A model that goes on from a "parent" keeps its shape and rate. Raises UsageError.
    """
    chosen: dict[str, Any] = check_values(OPTIONS, options)
    parent = facts.get("parent")
    known: Mapping[str, Any] = parent if isinstance(parent, Mapping) else chosen
    rate = known["rate"]
    shape = {key: int(known[key]) for key in SHAPES}
    dilations = sum(shape["kernel"] ** i for i in range(shape["layers"]))
    return {
        "rate": int(str(facts.get("rate") or GUESS)) if rate == AUTO else int(str(rate)),
        "seconds": float(str(facts.get("seconds") or 1.0)),
        "window": chosen["window"],
        "class_names": [*class_names(facts)] if chosen["conditional"] else [],
        "reach": 1 + (shape["kernel"] - 1) * shape["stacks"] * dilations,
        **shape,
    }


FAMILY = Family(
    name="wavenet",
    title="WaveNet",
    summary="Makes sound sample by sample: short words, hits and calls, also by class.",
    in_short="sound, sample by sample",
    modality="sound",
    data_kind="sound",
    tasks=tasks,
    config=config,
    options=OPTIONS,
    presets=PRESETS,
    free=frozenset({"rate", "window", "seconds"}),
    references=(
        "van den Oord et al. 2016, WaveNet: a generative model for raw audio",
        "Le Paine et al. 2016, Fast WaveNet generation algorithm",
        "ITU-T G.711, Pulse code modulation of voice frequencies (mu-law)",
    ),
)
