"""The LSTM family: what its recipes may say and which config comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.core import text_options
from genstudio.core.controls import Int, check_values
from genstudio.core.family import Family, Preset
from genstudio.core.stored import Json
from genstudio.families.lstm.tasks import tasks

OPTIONS = (
    *text_options.SHARED,
    text_options.context_option(
        128, "Tokens of a passage in training; what is written may be longer."
    ),
    Int(
        name="width",
        label="Width",
        default=384,
        low=8,
        high=2048,
        help="Numbers that the network remembers in each layer: wider writes better and slower.",
    ),
    Int(
        name="layers",
        label="Layers",
        default=2,
        low=1,
        high=8,
        help="Recurrent layers, each reading what the one below makes of the text.",
    ),
    text_options.dropout_option(0.2),
)

_SETTINGS = {
    "beta1": 0.9, "beta2": 0.99, "learning_rate": 2e-3, "final_rate": 0.05, "warmup": 0.02,
    "weight_decay": 0.01, "clip": 1.0, "holdout": 0.1, "sample_every": 250, "validate_every": 250,
}  # fmt: skip
_MUON = {"optimizer": "muon", "learning_rate": 8e-3, "weight_decay": 0.1}
"""240 steps on Shakespeare (width 384): 1.82 nats a character, with AdamW 2.03."""
PRESETS = (
    Preset(
        name="tiny",
        title="Tiny (seconds)",
        help="Characters, a few hundred steps: to see that everything works.",
        options={"tokenizer": "chars", "width": 64, "layers": 1, "context": 64, "dropout": 0.0},
        settings={**_SETTINGS, "steps": 300, "batch": 16, "ema": 0.9, "learning_rate": 5e-3,
                  "sample_every": 100, "validate_every": 100},
    ),
    Preset(
        name="small",
        title="Small (a quarter of an hour on a processor)",
        help="Characters: rhythm, spelling and names of a few hundred pages.",
        options={"tokenizer": "chars", "width": 384, "layers": 2, "context": 128},
        settings={**_SETTINGS, **_MUON, "steps": 1000, "batch": 32, "ema": 0.99},
    ),
    Preset(
        name="standard",
        title="Standard (hours on a processor, minutes on a GPU)",
        help="A megabyte of text or more, by characters or pieces of words.",
        options={"width": 512, "layers": 3, "context": 192, "dropout": 0.3},
        settings={**_SETTINGS, **_MUON, "steps": 6000, "batch": 50, "ema": 0.998},
    ),
    Preset(
        name="large",
        title="Large (for a GPU)",
        help="Tens of megabytes of text.",
        options={"width": 1024, "layers": 4, "context": 256, "vocabulary": 8192, "dropout": 0.3},
        settings={**_SETTINGS, **_MUON, "steps": 30000, "batch": 128, "learning_rate": 4e-3,
                  "ema": 0.999, "sample_every": 1000, "validate_every": 1000},
    ),
)  # fmt: skip


def config(options: Mapping[str, Json], facts: Mapping[str, Json]) -> dict[str, Json]:
    """What is kept in the manifest to build the network again.

    `options` are recipe options (absent ones take their defaults), `facts` a dumped DataFacts.
    Raises UsageError where they do not fit.
    """
    chosen: dict[str, Any] = check_values(OPTIONS, options)
    shared = text_options.token_config(chosen, facts)
    return {**shared, **text_options.shape(chosen, facts, ("width", "layers"))}


FAMILY = Family(
    name="lstm",
    title="LSTM",
    summary="Reads token by token with a memory of its own: light, and any length.",
    in_short="light, any length",
    modality="text",
    data_kind="text",
    also=("music",),
    only=text_options.ONLY,
    usual=text_options.USUAL,
    tasks=tasks,
    config=config,
    options=OPTIONS,
    presets=PRESETS,
    repeated=("step",),
    free=frozenset({"context", "fim", "surprise"}),
    references=(
        "Hochreiter, Schmidhuber 1997, Long short-term memory",
        "Gers, Schmidhuber, Cummins 2000, Learning to forget",
        "Zaremba, Sutskever, Vinyals 2014, Recurrent neural network regularization",
        "Karpathy 2015, The unreasonable effectiveness of recurrent neural networks",
    ),
)
