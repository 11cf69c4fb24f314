"""What a classifier can be asked: what a picture shows."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core.controls import ImageInput
from genstudio.core.family import Task
from genstudio.core.stored import Json


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The one task of a classifier, whatever its config."""
    return (
        Task(
            name="classify",
            title="Recognise",
            verb="Classify",
            help="How likely each class is for a picture, in the judge's opinion.",
            output="report",
            controls=(
                ImageInput(name="image", label="Picture", help="The picture to be recognised."),
            ),
        ),
    )
