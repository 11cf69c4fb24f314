"""Recipe options that every family of pictures shares, and how they meet the data."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core.controls import Choice, Option
from genstudio.core.errors import UsageError
from genstudio.core.stored import Json

SIZES = (28, 32, 48, 64, 96, 128)
"""Sides in pixels that networks can be built for."""
MAX_CLASSES = 1000

CHANNELS = Choice(
    name="channels",
    label="Colour",
    default="auto",
    help="Grey trains faster; automatic follows the data.",
    options=(
        Option(value="auto", label="Automatic"),
        Option(value="1", label="Grey"),
        Option(value="3", label="Colour"),
    ),
)


def size_option(help_text: str) -> Choice:
    """The choice of the pictures' side."""
    return Choice(
        name="size",
        label="Picture size",
        default="auto",
        help=help_text,
        options=("auto", *map(str, SIZES)),
    )


def pick_size(wanted: Json, facts: Mapping[str, Json]) -> int:
    """The side in pixels: as asked for, or the allowed one nearest to the data's."""
    if wanted != "auto":
        return int(str(wanted))
    found = facts.get("size")
    if not isinstance(found, int) or not found:
        return 64
    return min(SIZES, key=lambda size: (abs(size - found), size))


def pick_channels(wanted: Json, facts: Mapping[str, Json]) -> int:
    """1 or 3, as asked for or as in the data (transparency is laid over a background)."""
    if wanted != "auto":
        return int(str(wanted))
    return 1 if facts.get("channels") in (1, 2) else 3


def class_names(facts: Mapping[str, Json]) -> list[str]:
    """Names of the data's classes; none where there is only one. Raises UsageError.

    With the fact `one_class` a single class counts too: a model that knows classes goes on with
    data that has none.
    """
    found = facts.get("classes")
    names = [str(name) for name in found] if isinstance(found, (list, tuple)) else []
    if len(names) > MAX_CLASSES:
        raise UsageError(f"{len(names)} classes are too many; up to {MAX_CLASSES} can be learnt")
    return names if len(names) > 1 or facts.get("one_class") else []
