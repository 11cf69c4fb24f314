"""What a GAN can be asked: new pictures, and a walk between them."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core.controls import MAX_SEED, Choice, Control, Float, Int, Option, Seed, Switch
from genstudio.core.family import Task
from genstudio.core.stored import Json

ANY = "any"
SAME = "same"


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The tasks of a model with this config; class controls only where it knows classes."""
    names = config.get("class_names")
    classes = [str(name) for name in names] if isinstance(names, list) else []
    return _sample(classes), _interpolate(classes)


def _sample(classes: list[str]) -> Task:
    return Task(
        name="sample",
        title="New pictures",
        verb="Generate",
        help="Pictures the model makes up, each from its own random numbers.",
        live=True,
        controls=(
            Int(
                name="count",
                label="Pictures",
                default=16,
                low=1,
                high=256,
                help="How many to make. Each can be made again alone from its seed and number.",
            ),
            *_class(classes, "What the pictures should show. “Any” draws a class for each."),
            _truncation(),
            _seed(),
            *_variation(),
        ),
    )


def _interpolate(classes: list[str]) -> Task:
    goal = (
        Choice(
            name="class_to",
            label="Change into",
            default=SAME,
            options=(Option(value=SAME, label="Same class"), *_options(classes)),
            help="The walk turns gradually from the class above into this one.",
            more=True,
        ),
    )
    return Task(
        name="interpolate",
        title="Morph",
        verb="Animate",
        help="A smooth walk past several random pictures, as an animation.",
        output="animation",
        controls=(
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
                help="Random pictures the walk passes.",
            ),
            *_class(classes, "What the pictures show. “Any” draws a class for each stop."),
            *(goal if classes else ()),
            _truncation(live=False),
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


def _options(classes: list[str]) -> tuple[Option, ...]:
    return tuple(Option(value=name, label=name) for name in classes)


def _class(classes: list[str], help_text: str) -> tuple[Control, ...]:
    if not classes:
        return ()
    return (
        Choice(
            name="class",
            label="Class",
            default=ANY,
            live=True,
            options=(Option(value=ANY, label="Any"), *_options(classes)),
            help=help_text,
        ),
    )


def _seed() -> Seed:
    return Seed(
        name="seed",
        label="Seed",
        help="The number all chance comes from; the same seed gives the same result.",
    )


def _truncation(live: bool = True) -> Float:
    return Float(
        name="truncation",
        label="Truncation",
        default=1.0,
        low=0.0,
        high=1.0,
        live=live,
        help="1 gives full variety; smaller values give more typical, more similar pictures.",
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
