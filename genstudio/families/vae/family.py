"""The VAE family: what its recipes may say and which config comes of it."""

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
from genstudio.families.vae.tasks import tasks

OPTIONS = (
    size_option("Side of the pictures the model makes; automatic takes the nearest to the data."),
    CHANNELS,
    Switch(
        name="conditional",
        label="Learn the classes",
        default=True,
        help="Lets you ask for a class by name; needs data sorted into classes.",
    ),
    Int(
        name="latent",
        label="Latent size",
        default=32,
        low=2,
        high=512,
        help="How many numbers a picture is squeezed into (the latent vector z).",
    ),
    Int(
        name="width",
        label="Width",
        default=32,
        low=4,
        high=256,
        help="Channels of encoder and decoder: wider draws finer and trains slower.",
    ),
    Int(
        name="hidden",
        label="Dense layer",
        default=256,
        low=8,
        high=2048,
        more=True,
        help="Length of the dense layer on either side of the latent vector.",
    ),
    Choice(
        name="likelihood",
        label="Likelihood",
        default="gaussian",
        help="How differences from the original are counted; absolute error forgives outliers.",
        options=(
            Option(value="gaussian", label="Gaussian (squared error)"),
            Option(value="laplace", label="Laplace (absolute error)"),
            Option(value="bernoulli", label="Bernoulli (black and white)"),
        ),
    ),
    Float(
        name="beta",
        label="Beta",
        default=1.0,
        low=0.0,
        high=20.0,
        step=0.05,
        help="Weight of the KL term: higher orders the latent space, lower keeps more detail.",
    ),
    Float(
        name="warm_up",
        label="KL warm-up",
        default=0.1,
        low=0.0,
        high=1.0,
        more=True,
        help="Share of the training over which beta rises from zero, against empty latents.",
    ),
    Float(
        name="free_bits",
        label="Free bits",
        default=0.0,
        low=0.0,
        high=4.0,
        more=True,
        help="Information each latent number may carry at no cost, in bits.",
    ),
    Float(
        name="denoise",
        label="Denoising share",
        default=0.3,
        low=0.0,
        high=1.0,
        more=True,
        help="Share of the pictures shown noisy or with a hole, to learn repairing them.",
    ),
    Switch(
        name="fitted_prior",
        label="Fit the prior",
        default=True,
        more=True,
        help="Measure afterwards where codes really lie and draw new pictures from there.",
    ),
)

_PRIOR_PARTS = 16

_SETTINGS = {
    "beta1": 0.9,
    "beta2": 0.99,
    "learning_rate": 1e-3,
    "final_rate": 0.02,
    "warmup": 0.01,
    "clip": 200.0,
}
PRESETS = (
    Preset(
        name="tiny",
        title="Tiny (seconds)",
        help="28 pixels, a few hundred steps: to see that everything works.",
        options={"size": "28", "width": 8, "hidden": 32, "latent": 8},
        settings={**_SETTINGS, "steps": 200, "batch": 32, "ema": 0.95, "sample_every": 100,
                  "validate_every": 100},
    ),
    Preset(
        name="small",
        title="Small (a quarter of an hour on a processor)",
        help="28 or 32 pixels: clothes, digits, icons.",
        options={"width": 16, "latent": 32},
        settings={**_SETTINGS, "steps": 6000, "batch": 64, "ema": 0.999, "sample_every": 500,
                  "validate_every": 500},
    ),
    Preset(
        name="standard",
        title="Standard (hours on a processor, minutes on a GPU)",
        help="Up to 64 pixels in colour.",
        options={"width": 48, "latent": 64, "hidden": 512},
        settings={**_SETTINGS, "steps": 30000, "batch": 128, "learning_rate": 5e-4, "ema": 0.999,
                  "sample_every": 1000, "validate_every": 1000},
    ),
    Preset(
        name="large",
        title="Large (for a GPU)",
        help="Up to 128 pixels with thousands of pictures.",
        options={"width": 96, "latent": 128, "hidden": 1024},
        settings={**_SETTINGS, "steps": 100000, "batch": 128, "learning_rate": 3e-4, "ema": 0.9995,
                  "sample_every": 2000, "validate_every": 2000},
    ),
)  # fmt: skip


def config(options: Mapping[str, Json], facts: Mapping[str, Json]) -> dict[str, Json]:
    """What is kept in the manifest to build the networks again.

    `options` are recipe options (absent ones take their defaults), `facts` a dumped DataFacts.
    Raises UsageError where they do not fit.
    """
    chosen: dict[str, Any] = check_values(OPTIONS, options)
    classes = class_names(facts) if chosen["conditional"] else []
    return {
        "size": pick_size(chosen["size"], facts),
        "channels": pick_channels(chosen["channels"], facts),
        "class_names": classes,
        "latent": chosen["latent"],
        "width": chosen["width"],
        "hidden": chosen["hidden"],
        "likelihood": chosen["likelihood"],
        "prior_parts": (len(classes) or _PRIOR_PARTS) if chosen["fitted_prior"] else 0,
    }


FAMILY = Family(
    name="vae",
    title="VAE",
    summary="Encoder and decoder around a small code: reconstruct, repair, compare, compress.",
    in_short="smooth, repairs",
    modality="image",
    tasks=tasks,
    config=config,
    options=OPTIONS,
    presets=PRESETS,
    free=frozenset({"likelihood"}),
    references=(
        "Kingma, Welling 2014, Auto-encoding variational Bayes",
        "Higgins et al. 2017, beta-VAE",
        "Rybkin, Daniilidis, Levine 2021, sigma-VAE",
        "Ghosh et al. 2020, From variational to deterministic autoencoders (fitted prior)",
    ),
)
