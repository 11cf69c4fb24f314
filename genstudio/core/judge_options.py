"""Recipe options of the models that look at pictures: what classifiers and readers share."""

from __future__ import annotations

from genstudio.core.controls import Float, Int

WIDTH = Int(
    name="width",
    label="Width",
    default=24,
    low=4,
    high=256,
    help="Channels of the first layer: wider sees more and trains slower.",
)


def features_option(default: int, high: int, help_text: str) -> Int:
    """The length of the vector that a picture becomes: 8 … `high`."""
    return Int(
        name="features",
        label="Features",
        default=default,
        low=8,
        high=high,
        more=True,
        help=help_text,
    )


def dropout_option(default: float) -> Float:
    """How much of that vector is hidden while training: 0 … 0.9."""
    return Float(
        name="dropout",
        label="Dropout",
        default=default,
        low=0.0,
        high=0.9,
        more=True,
        help="Share of the features hidden at random while training, against rote learning.",
    )


def smoothing_option(default: float) -> Float:
    """How certain a classifier may become: 0 … 0.5 below all of it."""
    return Float(
        name="smoothing",
        label="Label smoothing",
        default=default,
        low=0.0,
        high=0.5,
        more=True,
        help="How far the wanted certainty stays below 100 %, against overconfidence.",
    )
