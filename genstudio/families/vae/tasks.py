"""What a variational autoencoder can be asked: new pictures, and work on given ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from genstudio.core import asking
from genstudio.core.controls import FileInput, Float, ImageInput, Int
from genstudio.core.family import Task
from genstudio.core.stored import Json

LATENT_SUFFIX = ".latent"


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The tasks of a model with this config; class controls only where it knows classes."""
    names = asking.class_names(config)
    return (
        _sample(names),
        _interpolate(names),
        _reconstruct(names),
        _denoise(names),
        _complete(names),
        _anomaly(names),
        _encode(names),
        _decode(),
    )


def _sample(names: Sequence[str]) -> Task:
    return Task(
        name="sample",
        title="New pictures",
        verb="Generate",
        help="Pictures the model makes up, each from its own random numbers.",
        live=True,
        controls=(
            asking.count(16, "How many to make. Each can be made again from its seed and number."),
            *asking.drawn_class(
                names, "What the pictures should show. “Any” draws a class for each."
            ),
            Float(
                name="temperature",
                label="Temperature",
                default=1.0,
                low=0.0,
                high=2.0,
                live=True,
                help="1 is as in training; less gives more typical pictures, more gives odd ones.",
            ),
            asking.seed(),
            *asking.variation(),
        ),
    )


def _interpolate(names: Sequence[str]) -> Task:
    return Task(
        name="interpolate",
        title="Morph",
        verb="Animate",
        help="A smooth walk past random pictures, or from one of your pictures to another.",
        output="animation",
        controls=(
            ImageInput(
                name="image",
                label="From picture",
                required=False,
                help="Where the walk begins; without it, at a random picture.",
            ),
            ImageInput(
                name="image_b",
                label="To picture",
                required=False,
                help="Where the walk leads; without it, to random pictures.",
            ),
            asking.frames(),
            asking.stops(4, "Pictures the walk passes; your own ones count."),
            *asking.drawn_class(
                names, "What random pictures show. “Any” draws a class for each stop."
            ),
            asking.seed(),
            *asking.walk(),
        ),
    )


def _reconstruct(names: Sequence[str]) -> Task:
    return Task(
        name="reconstruct",
        title="Reconstruct",
        verb="Reconstruct",
        help="Squeeze a picture through the model's few numbers and see what comes back.",
        compare_input="image",
        controls=(asking.picture(), *asking.shown_class(names)),
    )


def _denoise(names: Sequence[str]) -> Task:
    return Task(
        name="denoise",
        title="Remove noise",
        verb="Clean",
        help="Replace noise and scratches by what the model expects to see there.",
        compare_input="image",
        controls=(
            asking.picture(),
            Float(
                name="strength",
                label="Strength",
                default=1.0,
                low=0.0,
                high=1.0,
                help="How much of the cleaned picture to use; 0 keeps the picture as it is.",
            ),
            Int(
                name="samples",
                label="Readings",
                default=16,
                low=1,
                high=64,
                more=True,
                help="Readings of the noisy picture that are averaged; more is smoother.",
            ),
            asking.seed(more=True),
            *asking.shown_class(names),
        ),
    )


def _complete(names: Sequence[str]) -> Task:
    return Task(
        name="complete",
        title="Fill a region",
        verb="Complete",
        help="Paint over a part of a picture and let the model make it anew.",
        compare_input="image",
        controls=(
            asking.picture(),
            asking.region(),
            asking.count(4, "How many different fillings to make.", 64),
            Int(
                name="iterations",
                label="Rounds",
                default=40,
                low=1,
                high=200,
                more=True,
                help="How often the filling is fitted to the kept part; more fits better.",
            ),
            Float(
                name="temperature",
                label="Variety",
                default=1.0,
                low=0.0,
                high=2.0,
                more=True,
                help="How much the fillings may differ; 0 leads all to the most expected one.",
            ),
            asking.seed(),
            *asking.shown_class(names),
        ),
    )


def _anomaly(names: Sequence[str]) -> Task:
    return Task(
        name="anomaly",
        title="Find the unusual",
        verb="Inspect",
        help="Show where a picture differs from what the model has learned, and how much.",
        compare_input="image",
        controls=(
            asking.picture(),
            Float(
                name="opacity",
                label="Overlay",
                default=0.85,
                low=0.0,
                high=1.0,
                help="How strongly the heat map covers the picture.",
            ),
            Float(
                name="sensitivity",
                label="Sensitivity",
                default=2.0,
                low=0.5,
                high=10.0,
                step=0.5,
                decimals=1,
                more=True,
                help="How small a difference already shows bright; the score does not change.",
            ),
            *asking.shown_class(names),
        ),
    )


def _encode(names: Sequence[str]) -> Task:
    return Task(
        name="encode",
        title="Compress",
        verb="Compress",
        help="Store a picture as the model's few numbers, in a small file of its own.",
        output="file",
        controls=(asking.picture(), *asking.shown_class(names)),
    )


def _decode() -> Task:
    return Task(
        name="decode",
        title="Decompress",
        verb="Open",
        help="Bring back the picture from a file made by “Compress”.",
        controls=(
            FileInput(
                name="latent",
                label="Compressed picture",
                suffixes=(LATENT_SUFFIX,),
                help="A .latent file made with this very model.",
            ),
        ),
    )
