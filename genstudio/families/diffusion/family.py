"""The diffusion family: what its recipes may say and which config comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.core.controls import Choice, Float, Int, Option, Text, check_values
from genstudio.core.errors import UsageError
from genstudio.core.family import Family, Preset
from genstudio.core.picture_options import (
    CHANNELS,
    class_names,
    pick_channels,
    pick_size,
    size_option,
)
from genstudio.core.stored import Json
from genstudio.families.diffusion.tasks import tasks

GRID = 16
"""Cells a side that pixels are folded into where the patch is left open."""
SKETCH = 24
"""Width of the sketch where it is left open."""
REACH = 3
"""A word of a caption is read together with the one before and the one after it."""
OPTIONS = (
    size_option("Side of the pictures the model makes; automatic takes the nearest to the data."),
    CHANNELS,
    Choice(
        name="condition",
        label="Asked by",
        default="auto",
        help="Captions let you write what you want; classes let you choose; automatic takes "
        "captions where there are any, else classes.",
        options=(
            Option(value="auto", label="Automatic"),
            Option(value="text", label="Captions"),
            Option(value="classes", label="Classes"),
            Option(value="none", label="Nothing"),
        ),
    ),
    Int(
        name="width",
        label="Width",
        default=64,
        low=8,
        high=512,
        step=8,
        help="Channels of the U-Net: wider draws finer and trains slower.",
    ),
    Choice(
        name="patch",
        label="Patch",
        default="auto",
        more=True,
        options=("auto", "1", "2", "3", "4", "6", "8"),
        help="Pixels a side that are folded into one cell; larger is much faster and coarser.",
    ),
    Int(
        name="levels",
        label="Levels",
        default=2,
        low=1,
        high=4,
        more=True,
        help="Sizes the U-Net works at; each halves the last one.",
    ),
    Int(
        name="depth",
        label="Depth",
        default=1,
        low=1,
        high=4,
        more=True,
        help="Blocks at each level, on the way down and on the way up.",
    ),
    Int(
        name="text_width",
        label="Width of the text encoder",
        default=128,
        low=16,
        high=512,
        step=16,
        more=True,
        help="Length of the vector that stands for a word.",
    ),
    Int(
        name="length",
        label="Words of a caption",
        default=32,
        low=4,
        high=128,
        more=True,
        help="How many words of a caption or prompt are read.",
    ),
    Choice(
        name="sketch",
        label="Width of the sketch",
        default="auto",
        options=("auto", "0", "8", "16", "24", "32", "48", "64"),
        more=True,
        help="A quick network sketches the picture from its caption; the U-Net draws over it and "
        "follows words sooner. 0: none.",
    ),
    Float(
        name="sketch_first",
        label="Sketch alone until",
        default=0.2,
        low=0.0,
        high=0.9,
        step=0.05,
        more=True,
        help="Share of the training in which only the sketch learns; these steps are quick.",
    ),
    Choice(
        name="prediction",
        label="Prediction",
        default="v",
        more=True,
        help="What the network answers; velocity is steadier at high noise, the picture itself "
        "suits narrow networks.",
        options=(
            Option(value="v", label="Velocity (v)"),
            Option(value="epsilon", label="Noise (ε)"),
            Option(value="sample", label="Picture (x₀)"),
        ),
    ),
    Choice(
        name="schedule",
        label="Noise schedule",
        default="cosine",
        more=True,
        help="How noise grows over the steps; cosine keeps small pictures legible for longer.",
        options=(
            Option(value="cosine", label="Cosine"),
            Option(value="linear", label="Linear (DDPM)"),
        ),
    ),
    Float(
        name="min_snr",
        label="Min-SNR gamma",
        default=5.0,
        low=0.0,
        high=100.0,
        step=0.5,
        decimals=1,
        more=True,
        help="Limits how much nearly clean pictures count (Min-SNR weights), which brings shapes "
        "and small parts sooner; 0 counts all alike.",
    ),
    Float(
        name="min_snr_until",
        label="Min-SNR until",
        default=0.7,
        low=0.0,
        high=1.0,
        more=True,
        help="Share of the training after which all noise levels count alike: Min-SNR weights to "
        "the end leave grain.",
    ),
    Float(
        name="drop",
        label="Hidden captions",
        default=0.1,
        low=0.0,
        high=0.5,
        more=True,
        help="Share of captions or classes hidden in training, which makes guidance possible.",
    ),
    Float(
        name="lose",
        label="Shortened captions",
        default=0.2,
        low=0.0,
        high=0.5,
        more=True,
        help="How much of a caption's parts (between commas) is left out on average, so that "
        "short prompts work; parts also change places.",
    ),
    Float(
        name="guidance",
        label="Guidance",
        default=2.5,
        low=1.0,
        high=10.0,
        step=0.1,
        decimals=1,
        help="How strongly sample pictures and new models follow what was asked; 1 is off.",
    ),
    Float(
        name="guidance_from",
        label="Guidance from",
        default=0.0,
        low=0.0,
        high=0.9,
        step=0.05,
        more=True,
        help="Share of the way from noise to picture that is gone without guidance: pictures vary "
        "more, and guidance may be stronger after it.",
    ),
    Text(
        name="prompts",
        label="Prompts of the sample sheet",
        default="",
        multiline=True,
        more=True,
        help="One a line; the pictures shown while training are made for them. Empty: captions "
        "of held-out pictures.",
    ),
    Int(
        name="distil",
        label="Distil to steps",
        default=0,
        low=0,
        high=16,
        more=True,
        help="Teach the model you continue from to make a picture in so few steps (1, 2, 4 or "
        "8); 0 trains as usual.",
    ),
)  # fmt: skip

_SETTINGS = {
    "beta1": 0.9,
    "beta2": 0.99,
    "learning_rate": 1e-3,
    "final_rate": 0.02,
    "warmup": 0.02,
    "clip": 1.0,
}
PRESETS = (
    Preset(
        name="tiny",
        title="Tiny (seconds)",
        help="28 or 32 pixels, a few hundred steps: to see that everything works.",
        options={"width": 16, "patch": "4", "text_width": 32, "length": 16,
                 "sketch": "8"},
        settings={**_SETTINGS, "steps": 200, "batch": 32, "ema": 0.95, "sample_every": 100,
                  "validate_every": 100},
    ),
    Preset(
        name="small",
        title="Small (half an hour on a processor)",
        help="Up to 64 pixels, some thousand pictures: avatars, icons, sprites.",
        options={"width": 64},
        settings={**_SETTINGS, "steps": 5000, "batch": 32, "ema": 0.9995, "sample_every": 500,
                  "validate_every": 500},
    ),
    Preset(
        name="standard",
        title="Standard (a night on a processor, minutes on a GPU)",
        help="Finer pictures, more words.",
        options={"width": 96, "text_width": 192},
        settings={**_SETTINGS, "steps": 40000, "batch": 64, "learning_rate": 7e-4, "ema": 0.9995,
                  "sample_every": 2000, "validate_every": 2000},
    ),
    Preset(
        name="large",
        title="Large (for a GPU)",
        help="Small patches and a deep network for up to 128 pixels.",
        options={"width": 128, "text_width": 256, "depth": 2, "levels": 3, "patch": "2"},
        settings={**_SETTINGS, "steps": 100000, "batch": 128, "learning_rate": 3e-4,
                  "ema": 0.9998, "sample_every": 5000, "validate_every": 5000},
    ),
)  # fmt: skip


def config(options: Mapping[str, Json], facts: Mapping[str, Json]) -> dict[str, Json]:
    """What is kept in the manifest to build the networks again.

    `options` are recipe options (absent ones take their defaults), `facts` a dumped DataFacts,
    with "words" where captions were read. Raises UsageError where they do not fit.
    """
    chosen: dict[str, Any] = check_values(OPTIONS, options)
    size = pick_size(chosen["size"], facts)
    condition, classes = _condition(chosen["condition"], facts)
    words = facts.get("words")
    patch = _patch(chosen["patch"], size)
    return {
        "size": size,
        "channels": pick_channels(chosen["channels"], facts),
        "condition": condition,
        "class_names": classes,
        "words": list(words) if condition == "text" and isinstance(words, (list, tuple)) else [],
        "length": chosen["length"] if condition == "text" else 1,
        "width": chosen["width"],
        "patch": patch,
        "levels": _levels(chosen["levels"], size // patch),
        "depth": chosen["depth"],
        "text_width": chosen["text_width"],
        "reach": REACH,
        "sketch": _sketch(chosen["sketch"]) if condition == "text" else 0,
        "prediction": chosen["prediction"],
        "schedule": chosen["schedule"],
        "noise_steps": 1000,
        "guidance": chosen["guidance"],
        "guidance_from": chosen["guidance_from"],
        "distilled": chosen["distil"],
        "examples": _lines(chosen["prompts"]) if condition == "text" else [],
    }


def _condition(wanted: str, facts: Mapping[str, Json]) -> tuple[str, list[str]]:
    """(what the model is asked by, its classes); raises UsageError where the data has none."""
    if wanted == "text" and not facts.get("captions"):
        raise UsageError(
            "This data has no captions to learn from",
            next_step="Add captions (a .txt file beside each picture), or ask by classes.",
        )
    if wanted == "text" or (wanted == "auto" and facts.get("captions")):
        return "text", []
    classes = class_names(facts) if wanted != "none" else []
    if wanted == "classes" and not classes:
        raise UsageError("This data has no classes to learn; sort it into folders, one a class")
    return ("classes" if classes else "none"), classes


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _patch(wanted: str, size: int) -> int:
    """Pixels a side of a cell: as asked for, or what makes a grid of about GRID cells."""
    if wanted == "auto":
        fitting = [p for p in (1, 2, 3, 4, 6, 8) if size % p == 0]
        return min(fitting, key=lambda p: (abs(size / p - GRID), p))
    if size % int(wanted):
        raise UsageError(f"Pictures of {size} pixels cannot be folded into patches of {wanted}")
    return int(wanted)


def _sketch(wanted: str) -> int:
    return SKETCH if wanted == "auto" else int(wanted)


def _levels(wanted: int, grid: int) -> int:
    """As many levels as asked for, or as the grid can be halved."""
    levels = 1
    while levels < wanted and grid % 2 == 0 and grid > 4:
        grid, levels = grid // 2, levels + 1
    return levels


FAMILY = Family(
    name="diffusion",
    title="Diffusion",
    summary="Draws out of noise, step by step, what a prompt or a class asks for.",
    in_short="finest, slower",
    modality="image",
    tasks=tasks,
    config=config,
    options=OPTIONS,
    presets=PRESETS,
    captions=True,
    repeated=("unet",),
    free=frozenset({"guidance", "guidance_from", "examples"}),
    later={"sketch": "0"},
    references=(
        "Ho, Jain, Abbeel 2020, Denoising diffusion probabilistic models",
        "Song, Meng, Ermon 2021, Denoising diffusion implicit models",
        "Nichol, Dhariwal 2021, Improved denoising diffusion probabilistic models",
        "Ho, Salimans 2021, Classifier-free diffusion guidance",
        "Salimans, Ho 2022, Progressive distillation for fast sampling (v-prediction)",
        "Meng et al. 2023, On distillation of guided diffusion models",
        "Li, He 2025, Back to basics: let denoising generative models denoise (x-prediction)",
        "Rombach et al. 2022, Latent diffusion models (cross-attention)",
        "Lu et al. 2022, DPM-Solver++",
        "Hang et al. 2023, Min-SNR weighting",
        "Kynkäänniemi et al. 2024, Guidance in a limited interval",
    ),
)
