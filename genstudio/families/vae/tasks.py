"""What a variational autoencoder can be asked: new pictures, and work on given ones."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core.controls import (
    MAX_SEED,
    Choice,
    Control,
    FileInput,
    Float,
    ImageInput,
    Int,
    MaskInput,
    Option,
    Seed,
    Switch,
)
from genstudio.core.family import Task
from genstudio.core.stored import Json

ANY = "any"
AUTO = "auto"
LATENT_SUFFIX = ".latent"


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The tasks of a model with this config; class controls only where it knows classes."""
    names = config.get("class_names")
    classes = [str(name) for name in names] if isinstance(names, list) else []
    return (
        _sample(classes),
        _interpolate(classes),
        _reconstruct(classes),
        _denoise(classes),
        _complete(classes),
        _anomaly(classes),
        _encode(classes),
        _decode(),
    )


def _sample(classes: list[str]) -> Task:
    return Task(
        name="sample",
        title="New pictures",
        verb="Generate",
        help="Pictures the model makes up, each from its own random numbers.",
        live=True,
        controls=(
            _count(16, 256, "How many to make. Each can be made again from its seed and number."),
            *_class(classes, ANY, "What the pictures should show. “Any” draws a class for each."),
            Float(
                name="temperature",
                label="Temperature",
                default=1.0,
                low=0.0,
                high=2.0,
                live=True,
                help="1 is as in training; less gives more typical pictures, more gives odd ones.",
            ),
            _seed(),
            *_variation(),
        ),
    )


def _interpolate(classes: list[str]) -> Task:
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
            Int(
                name="frames",
                label="Frames",
                default=48,
                low=2,
                high=240,
                help="Pictures in the whole animation.",
            ),
            Int(
                name="stops",
                label="Stops",
                default=4,
                low=2,
                high=16,
                help="Pictures the walk passes; your own ones count.",
            ),
            *_class(classes, ANY, "What random pictures show. “Any” draws a class for each stop."),
            _seed(),
            *_walk(),
        ),
    )


def _walk() -> tuple[Control, ...]:
    return (
        Float(
            name="fps",
            label="Speed",
            default=24,
            low=1,
            high=60,
            step=1,
            decimals=0,
            unit="frames/s",
            help="Frames shown in a second.",
        ),
        Switch(
            name="loop",
            label="Loop",
            default=True,
            help="Come back to the first picture, so that it plays without a seam.",
        ),
        Choice(
            name="method",
            label="Path",
            default="slerp",
            more=True,
            options=(
                Option(value="slerp", label="Arc (spherical)"),
                Option(value="lerp", label="Straight line"),
            ),
            help="An arc keeps to typical pictures; a straight line crosses average ones.",
        ),
    )


def _reconstruct(classes: list[str]) -> Task:
    return Task(
        name="reconstruct",
        title="Reconstruct",
        verb="Reconstruct",
        help="Squeeze a picture through the model's few numbers and see what comes back.",
        compare_input="image",
        controls=(_image(), *_shown(classes)),
    )


def _denoise(classes: list[str]) -> Task:
    return Task(
        name="denoise",
        title="Remove noise",
        verb="Clean",
        help="Replace noise and scratches by what the model expects to see there.",
        compare_input="image",
        controls=(
            _image(),
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
            _seed(more=True),
            *_shown(classes),
        ),
    )


def _complete(classes: list[str]) -> Task:
    return Task(
        name="complete",
        title="Fill a region",
        verb="Complete",
        help="Paint over a part of a picture and let the model make it anew.",
        compare_input="image",
        controls=(
            _image(),
            MaskInput(
                name="mask",
                label="Region to fill",
                over="image",
                help="White is made anew, black is kept exactly.",
            ),
            _count(4, 64, "How many different fillings to make."),
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
            _seed(),
            *_shown(classes),
        ),
    )


def _anomaly(classes: list[str]) -> Task:
    return Task(
        name="anomaly",
        title="Find the unusual",
        verb="Inspect",
        help="Show where a picture differs from what the model has learned, and how much.",
        compare_input="image",
        controls=(
            _image(),
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
            *_shown(classes),
        ),
    )


def _encode(classes: list[str]) -> Task:
    return Task(
        name="encode",
        title="Compress",
        verb="Compress",
        help="Store a picture as the model's few numbers, in a small file of its own.",
        output="file",
        controls=(_image(), *_shown(classes)),
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


def _seed(more: bool = False) -> Seed:
    return Seed(
        name="seed",
        label="Seed",
        more=more,
        help="The number all chance comes from; the same seed gives the same result.",
    )


def _image() -> ImageInput:
    return ImageInput(
        name="image",
        label="Picture",
        help="It is cut to a square and scaled to the model's size.",
    )


def _count(default: int, high: int, help_text: str) -> Int:
    return Int(name="count", label="Pictures", default=default, low=1, high=high, help=help_text)


def _class(classes: list[str], default: str, help_text: str) -> tuple[Control, ...]:
    if not classes:
        return ()
    first = Option(value=ANY, label="Any")
    if default == AUTO:
        first = Option(value=AUTO, label="Recognise")
    options = (first, *(Option(value=name, label=name) for name in classes))
    return (
        Choice(
            name="class",
            label="Class",
            default=default,
            live=default == ANY,
            more=default == AUTO,
            options=options,
            help=help_text,
        ),
    )


def _shown(classes: list[str]) -> tuple[Control, ...]:
    return _class(
        classes, AUTO, "What the picture shows. “Recognise” takes the class that fits it best."
    )


def _variation() -> tuple[Control, ...]:
    return (
        Float(
            name="variation",
            label="Variation",
            default=0.0,
            low=0.0,
            high=1.0,
            live=True,
            more=True,
            help="How far to move away from the picture of this seed: 0 not at all, 1 entirely.",
        ),
        Int(
            name="variation_seed",
            label="Variation seed",
            default=0,
            low=0,
            high=MAX_SEED,
            more=True,
            help="Where the movement comes from; another number gives another variation.",
        ),
        Int(
            name="variation_of",
            label="Vary picture number",
            default=-1,
            low=-1,
            high=1_000_000,
            more=True,
            help="All results vary this one picture of the seed; −1: each picture varies itself.",
        ),
    )
