"""What a GAN can be asked: new pictures, and a walk between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from genstudio.core import asking
from genstudio.core.controls import Float
from genstudio.core.family import Task
from genstudio.core.stored import Json


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The tasks of a model with this config; class controls only where it knows classes."""
    names = asking.class_names(config)
    return _sample(names), _interpolate(names)


def _sample(names: Sequence[str]) -> Task:
    return Task(
        name="sample",
        title="New pictures",
        verb="Generate",
        help="Pictures the model makes up, each from its own random numbers.",
        live=True,
        controls=(
            asking.count(
                16, "How many to make. Each can be made again alone from its seed and number."
            ),
            *asking.drawn_class(
                names, "What the pictures should show. “Any” draws a class for each."
            ),
            _truncation(),
            asking.seed(),
            *asking.variation(),
        ),
    )


def _interpolate(names: Sequence[str]) -> Task:
    return Task(
        name="interpolate",
        title="Morph",
        verb="Animate",
        help="A smooth walk past several random pictures, as an animation.",
        output="animation",
        controls=(
            asking.frames(),
            asking.stops(4, "Random pictures the walk passes."),
            *asking.drawn_class(
                names, "What the pictures show. “Any” draws a class for each stop."
            ),
            *asking.goal_class(names),
            _truncation(live=False),
            asking.seed(),
            *asking.walk(),
        ),
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
