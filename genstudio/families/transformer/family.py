"""The transformer family: what its recipes may say and which config comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.core import text_options
from genstudio.core.controls import Choice, Int, Option, Switch, check_values
from genstudio.core.errors import UsageError
from genstudio.core.family import Family, Preset
from genstudio.core.stored import Json
from genstudio.families.transformer.tasks import tasks

SHAPE = ("width", "layers", "heads", "positions", "norm", "activation", "bias")
PARTS = {"rotary": 16, "learned": 8}
"""A head has so many numbers, or several times as many: onnxruntime's operator asks for it."""
"""A head is a multiple of so many numbers wide."""

OPTIONS = (
    *text_options.SHARED,
    text_options.context_option(256, "Tokens that the model can see at once."),
    Int(
        name="width",
        label="Width",
        default=384,
        low=16,
        high=2048,
        help="Numbers that stand for a token inside: wider writes better and trains slower. It is "
        "rounded so that the heads fit.",
    ),
    Int(
        name="layers",
        label="Layers",
        default=6,
        low=1,
        high=48,
        help="How often tokens look at each other, one layer after the other.",
    ),
    Int(
        name="heads",
        label="Heads",
        default=6,
        low=1,
        high=32,
        help="How many things a token can look for at once; 64 numbers of the width each are "
        "usual.",
    ),
    Choice(
        name="positions",
        label="Positions",
        default="rotary",
        more=True,
        help="How the model knows where a token stands.",
        options=(
            Option(value="rotary", label="Rotary (how far apart)"),
            Option(value="learned", label="Learned (which place)"),
        ),
    ),
    Choice(
        name="norm",
        label="Normalisation",
        default="rms",
        more=True,
        help="What keeps the numbers of a layer in bounds.",
        options=(Option(value="rms", label="RMSNorm"), Option(value="layer", label="LayerNorm")),
    ),
    Choice(
        name="activation",
        label="Activation",
        default="swiglu",
        more=True,
        help="What happens in the dense parts; both have as many weights.",
        options=(Option(value="swiglu", label="SwiGLU"), Option(value="gelu", label="GELU")),
    ),
    Switch(
        name="bias",
        label="Biases",
        default=False,
        more=True,
        help="A further number for each output of a matrix, as GPT-2 has them.",
    ),
    text_options.dropout_option(0.1),
    Int(
        name="lora",
        label="Light add-on",
        default=0,
        low=0,
        high=128,
        unit="rank",
        more=True,
        help="Over 0: the model itself stays as it is, and a small change of this rank is "
        "learned, kept as an add-on to it.",
    ),
)

_SETTINGS = {
    "beta1": 0.9, "beta2": 0.99, "learning_rate": 1e-3, "final_rate": 0.05, "warmup": 0.03,
    "weight_decay": 0.1, "clip": 1.0, "holdout": 0.1, "sample_every": 250, "validate_every": 250,
}  # fmt: skip
_MUON = {"optimizer": "muon", "learning_rate": 8e-3}
"""200 steps on Shakespeare (width 160): 1.89 nats a character, with AdamW 1.97."""
LIGHT = {"optimizer": "adamw", "learning_rate": 2e-3, "weight_decay": 0.0}
"""An add-on starts from nothing, so it takes larger steps than the whole model would bear; its two
thin matrices are no place for Muon."""
PRESETS = (
    Preset(
        name="tiny",
        title="Tiny (seconds)",
        help="Characters, a few hundred steps: to see that everything works.",
        options={"tokenizer": "chars", "width": 64, "layers": 2, "heads": 2, "context": 64,
                 "dropout": 0.0},
        settings={**_SETTINGS, "steps": 300, "batch": 16, "ema": 0.9, "learning_rate": 3e-3,
                  "sample_every": 100, "validate_every": 100},
    ),
    Preset(
        name="small",
        title="Small (a quarter of an hour on a processor)",
        help="A few hundred pages: short sentences in their tone.",
        options={"width": 192, "layers": 4, "heads": 4, "context": 128},
        settings={**_SETTINGS, **_MUON, "steps": 1500, "batch": 16, "ema": 0.99},
    ),
    Preset(
        name="standard",
        title="Standard (hours on a processor, minutes on a GPU)",
        help="A megabyte of text or more.",
        options={"width": 384, "layers": 6, "heads": 6, "context": 256},
        settings={**_SETTINGS, **_MUON, "steps": 6000, "batch": 32, "ema": 0.998},
    ),
    Preset(
        name="large",
        title="Large (for a GPU)",
        help="Tens of megabytes of text; the size of the smallest GPT-2.",
        options={"width": 768, "layers": 12, "heads": 12, "context": 1024, "vocabulary": 16000},
        settings={**_SETTINGS, **_MUON, "steps": 30000, "batch": 64, "learning_rate": 3e-3,
                  "beta2": 0.95, "ema": 0.999, "sample_every": 1000, "validate_every": 1000},
    ),
)  # fmt: skip


def config(options: Mapping[str, Json], facts: Mapping[str, Json]) -> dict[str, Json]:
    """What is kept in the manifest to build the network again.

    `options` are recipe options (absent ones take their defaults), `facts` a dumped DataFacts.
    Raises UsageError where they do not fit.
    """
    chosen: dict[str, Any] = check_values(OPTIONS, options)
    whole = chosen["heads"] * PARTS[chosen["positions"]]
    chosen["width"] = max(1, round(chosen["width"] / whole)) * whole
    found = text_options.token_config(chosen, facts) | text_options.shape(chosen, facts, SHAPE)
    parent = facts.get("parent")
    if isinstance(parent, Mapping) and found["positions"] == "learned":
        found["context"] = parent["context"]  # there is a row for each place
    if chosen["lora"] and "tokenizer" in facts and parent is None:
        raise UsageError(
            "A light add-on needs a model to lie on",
            next_step="Choose the model to go on from, or set “Light add-on” to 0.",
        )
    return {**found, **({"lora": chosen["lora"]} if chosen["lora"] else {})}


FAMILY = Family(
    name="transformer",
    title="Transformer",
    summary="Each token looks at all before it: the best writer, and the one to fine-tune.",
    in_short="writes best",
    modality="text",
    data_kind="text",
    also=("music",),
    only=text_options.ONLY,
    usual=text_options.USUAL,
    tasks=tasks,
    config=config,
    options=OPTIONS,
    presets=PRESETS,
    along={"lora": LIGHT},
    repeated=("step",),
    free=frozenset({"fim", "surprise"}),
    references=(
        "Vaswani et al. 2017, Attention is all you need",
        "Radford et al. 2019, Language models are unsupervised multitask learners",
        "Su et al. 2021, RoFormer (rotary positions)",
        "Bavarian et al. 2022, Efficient training of language models to fill in the middle",
        "Hu et al. 2022, LoRA: low-rank adaptation",
    ),
)
