"""The GAN family: what its recipes may say and which config comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genstudio.core.controls import Choice, Float, Int, Option, Switch, check_values
from genstudio.core.family import Family, Preset
from genstudio.core.picture_options import (
    CHANNELS,
    class_names,
    pick_channels,
    pick_size,
    size_option,
)
from genstudio.core.stored import Json
from genstudio.families.gan.tasks import tasks

OPTIONS = (
    size_option("Side of the pictures the model makes; automatic takes the nearest to the data."),
    CHANNELS,
    Switch(
        name="conditional",
        label="Learn the classes",
        default=True,
        help="Lets you ask for a class by name; needs data sorted into classes.",
    ),
    Choice(
        name="loss",
        label="Loss",
        default="hinge",
        help="What critic and generator play for: hinge is sharp and steady on small data.",
        options=(
            Option(value="hinge", label="Hinge"),
            Option(value="non-saturating", label="Non-saturating"),
            Option(value="wgan-gp", label="Wasserstein with gradient penalty (WGAN-GP)"),
        ),
    ),
    Int(
        name="latent",
        label="Latent size",
        default=64,
        low=2,
        high=512,
        help="How many numbers describe one picture (the latent vector z).",
    ),
    Int(
        name="width",
        label="Generator width",
        default=32,
        low=4,
        high=256,
        help="Channels of the generator: wider draws finer and trains slower.",
    ),
    Int(
        name="critic_width",
        label="Critic width",
        default=32,
        low=4,
        high=256,
        help="Channels of the critic, the network that tells real from made.",
    ),
    Choice(
        name="augment",
        label="Differentiable augmentation",
        default="auto",
        help="Shows the critic changed pictures, so that few are enough; automatic: below 10,000.",
        options=(
            Option(value="auto", label="Automatic"),
            Option(value="off", label="Off"),
            Option(value="color", label="Colour"),
            Option(value="color,translation", label="Colour, shift"),
            Option(value="color,translation,cutout", label="Colour, shift, cutout"),
        ),
    ),
    Int(
        name="critic_steps",
        label="Critic steps",
        default=1,
        low=1,
        high=10,
        more=True,
        help="Critic updates per generator update; WGAN-GP wants about 5.",
    ),
    Float(
        name="critic_rate",
        label="Critic rate",
        default=1.0,
        low=0.05,
        high=10.0,
        more=True,
        help="Learning rate of the critic as a multiple of the generator's (two time scales).",
    ),
    Switch(
        name="spectral",
        label="Spectral normalisation",
        default=True,
        more=True,
        help="Keeps the critic's slope bounded; never used with WGAN-GP, which has its penalty.",
    ),
    Float(
        name="penalty",
        label="Gradient penalty",
        default=10.0,
        low=0.0,
        high=100.0,
        step=1.0,
        more=True,
        help="Weight of the WGAN-GP gradient penalty; other losses do not use it.",
    ),
    Float(
        name="r1",
        label="R1 penalty",
        default=0.0,
        low=0.0,
        high=100.0,
        step=0.1,
        more=True,
        help="Weight (gamma) of the penalty on the critic's slope at real pictures; 0 is off.",
    ),
    Int(
        name="r1_every",
        label="R1 interval",
        default=16,
        low=1,
        high=64,
        more=True,
        help="The R1 penalty is computed every so many steps only (lazy regularisation).",
    ),
    Float(
        name="critic_class",
        label="Class weight of the critic",
        default=1.0,
        low=0.0,
        high=10.0,
        step=0.1,
        more=True,
        help="How hard the critic learns to name the class of real pictures.",
    ),
    Float(
        name="generator_class",
        label="Class weight of the generator",
        default=0.1,
        low=0.0,
        high=10.0,
        step=0.05,
        more=True,
        help="How hard the generator is pulled to pictures that show their class.",
    ),
    Int(
        name="embedding",
        label="Class embedding",
        default=32,
        low=2,
        high=512,
        more=True,
        help="Length of the vector that stands for a class inside the generator.",
    ),
)

PRESETS = (
    Preset(
        name="tiny",
        title="Tiny (seconds)",
        help="28 pixels, a few hundred steps: to see that everything works.",
        options={"size": "28", "width": 8, "critic_width": 8, "latent": 16, "embedding": 8},
        settings={"steps": 200, "batch": 32, "learning_rate": 4e-4, "beta1": 0.0, "beta2": 0.99,
                  "ema": 0.95, "sample_every": 100, "validate_every": 100},
    ),
    Preset(
        name="small",
        title="Small (under an hour on a processor)",
        help="28 or 32 pixels: clothes, digits, icons.",
        options={"width": 24, "critic_width": 24, "latent": 64, "critic_rate": 1.5},
        settings={"steps": 5000, "batch": 64, "learning_rate": 4e-4, "beta1": 0.0, "beta2": 0.99,
                  "final_rate": 0.02, "warmup": 0.0, "ema": 0.999, "sample_every": 500,
                  "validate_every": 500},
    ),
    Preset(
        name="standard",
        title="Standard (hours on a processor, minutes on a GPU)",
        help="Up to 64 pixels in colour.",
        options={"width": 48, "critic_width": 48, "latent": 96, "critic_rate": 1.5},
        settings={"steps": 60000, "batch": 64, "learning_rate": 2e-4, "beta1": 0.0, "beta2": 0.99,
                  "final_rate": 0.02, "warmup": 0.0, "ema": 0.9995, "sample_every": 2000,
                  "validate_every": 2000},
    ),
    Preset(
        name="large",
        title="Large (for a GPU)",
        help="Up to 128 pixels with thousands of pictures.",
        options={"width": 96, "critic_width": 96, "latent": 128, "embedding": 64, "r1": 0.1},
        settings={"steps": 150000, "batch": 128, "learning_rate": 2e-4, "beta1": 0.0,
                  "beta2": 0.99, "final_rate": 0.02, "warmup": 0.0, "ema": 0.9999,
                  "sample_every": 5000, "validate_every": 5000},
    ),
)  # fmt: skip


_MANY = 10_000


def config(options: Mapping[str, Json], facts: Mapping[str, Json]) -> dict[str, Json]:
    """What is kept in the manifest to build the networks again.

    `options` are recipe options (absent ones take their defaults), `facts` a dumped DataFacts.
    Raises UsageError where they do not fit.
    """
    chosen: dict[str, Any] = check_values(OPTIONS, options)
    classes = class_names(facts) if chosen["conditional"] else []
    wasserstein = chosen["loss"] == "wgan-gp"
    return {
        "size": pick_size(chosen["size"], facts),
        "channels": pick_channels(chosen["channels"], facts),
        "class_names": classes,
        "latent": chosen["latent"],
        "width": chosen["width"],
        "critic_width": chosen["critic_width"],
        "embedding": chosen["embedding"],
        "spectral": chosen["spectral"] and not wasserstein,
        "augment": _policy(chosen["augment"], facts),
    }


def _policy(wanted: str, facts: Mapping[str, Json]) -> str:
    """The policy meant by "auto": few pictures need it most (Zhao et al. 2020, tables 2 and 3)."""
    if wanted != "auto":
        return wanted
    count = facts.get("count")
    few = isinstance(count, int) and 0 < count < _MANY
    return "color,translation,cutout" if few else "off"


FAMILY = Family(
    name="gan",
    title="GAN",
    summary="A generator learns by fooling a critic: fast sampling, sharp pictures.",
    in_short="fast, sharp, live",
    modality="image",
    tasks=tasks,
    config=config,
    options=OPTIONS,
    presets=PRESETS,
    free=frozenset({"augment"}),
    references=(
        "Goodfellow et al. 2014, Generative adversarial nets",
        "Radford, Metz, Chintala 2016, DCGAN",
        "Gulrajani et al. 2017, Improved training of Wasserstein GANs",
        "Miyato et al. 2018, Spectral normalization for GANs",
    ),
)
