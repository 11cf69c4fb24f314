"""Controls that tasks of several families share, with the same names, words and meaning.

`values` of a saved request use these names, so they must not change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from genstudio.core.controls import (
    MAX_SEED,
    Choice,
    Control,
    Float,
    ImageInput,
    Int,
    MaskInput,
    Option,
    Seed,
    Switch,
    Text,
)
from genstudio.core.errors import UsageError
from genstudio.core.stored import Json

ANY, SAME, AUTO = "any", "same", "auto"
"""Values of class choices: draw one, the same as the other choice, recognise it."""
MOST_PICTURES = 256


def class_names(config: Mapping[str, Json]) -> list[str]:
    """Names of the classes that a model with this config knows, maybe none."""
    names = config.get("class_names")
    return [str(name) for name in names] if isinstance(names, list) else []


def class_number(names: Sequence[str], word: str) -> int:
    """The place of a class name; raises UsageError."""
    if word not in names:
        raise UsageError(f"This model has no class {word!r}; it has: {', '.join(names)}")
    return list(names).index(word)


def count(default: int, help_text: str, high: int = MOST_PICTURES) -> Int:
    """How many results."""
    return Int(name="count", label="Pictures", default=default, low=1, high=high, help=help_text)


def seed(more: bool = False) -> Seed:
    """The number all chance comes from."""
    return Seed(
        name="seed",
        label="Seed",
        more=more,
        help="The number all chance comes from; the same seed gives the same result.",
    )


def drawn_class(names: Sequence[str], help_text: str) -> tuple[Control, ...]:
    """The class of new pictures, "any" by default; nothing for a model without classes."""
    if not names:
        return ()
    options = (Option(value=ANY, label="Any"), *_options(names))
    return (
        Choice(
            name="class", label="Class", default=ANY, live=True, options=options, help=help_text
        ),
    )


def shown_class(names: Sequence[str]) -> tuple[Control, ...]:
    """The class of a given picture, recognised by default; nothing without classes."""
    if not names:
        return ()
    return (
        Choice(
            name="class",
            label="Class",
            default=AUTO,
            more=True,
            options=(Option(value=AUTO, label="Recognise"), *_options(names)),
            help="What the picture shows. “Recognise” takes the class that fits it best.",
        ),
    )


def goal_class(names: Sequence[str]) -> tuple[Control, ...]:
    """The class a walk turns into; nothing without classes."""
    if not names:
        return ()
    return (
        Choice(
            name="class_to",
            label="Change into",
            default=SAME,
            options=(Option(value=SAME, label="Same class"), *_options(names)),
            help="The walk turns gradually from the class above into this one.",
            more=True,
        ),
    )


def _options(names: Sequence[str]) -> tuple[Option, ...]:
    return tuple(Option(value=name, label=name) for name in names)


def prompt(help_text: str) -> Text:
    """What to make, in words."""
    return Text(
        name="prompt",
        label="Prompt",
        role="prompt",
        multiline=True,
        placeholder="What should it show?",
        help=help_text,
    )


def negative() -> Text:
    """What to stay away from, in words."""
    return Text(
        name="negative",
        label="Negative prompt",
        role="negative",
        multiline=True,
        more=True,
        placeholder="What should it not show?",
        help="The pictures move away from this; it needs a guidance above 1.",
    )


def picture(help_text: str = "It is cut to a square and scaled to the model's size.") -> ImageInput:
    """The picture a task starts from."""
    return ImageInput(name="image", label="Picture", help=help_text)


def region() -> MaskInput:
    """The part of the picture that is made anew."""
    return MaskInput(
        name="mask",
        label="Region to fill",
        over="image",
        help="White is made anew, black is kept exactly.",
    )


def frames(default: int = 48, high: int = 240) -> Int:
    """Length of an animation."""
    return Int(
        name="frames",
        label="Frames",
        default=default,
        low=2,
        high=high,
        help="Pictures in the whole animation.",
    )


def stops(default: int, help_text: str) -> Int:
    """Pictures that a walk passes."""
    return Int(name="stops", label="Stops", default=default, low=2, high=16, help=help_text)


def walk() -> tuple[Control, ...]:
    """How a walk past several pictures is gone and shown: fps, loop, method."""
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


def variation() -> tuple[Control, ...]:
    """Moving away from the pictures of a seed: variation, variation_seed, variation_of."""
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
        variation_seed(),
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


def variation_seed() -> Int:
    """Where the movement away from a picture comes from."""
    return Int(
        name="variation_seed",
        label="Variation seed",
        default=0,
        low=0,
        high=MAX_SEED,
        more=True,
        help="Where the movement comes from; another number gives another variation.",
    )
