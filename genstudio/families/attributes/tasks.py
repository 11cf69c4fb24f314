"""What an attribute reader can be asked: which attributes a picture has."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core.controls import ImageInput
from genstudio.core.family import Task
from genstudio.core.stored import Json


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The one task of a reader, whatever its config."""
    return (
        Task(
            name="read",
            title="Read attributes",
            verb="Read",
            help="What the reader sees in a picture: for each attribute its likeliest value.",
            output="report",
            controls=(
                ImageInput(name="image", label="Picture", help="The picture to be looked at."),
            ),
        ),
    )
