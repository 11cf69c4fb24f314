"""What a matcher can be asked: which of several texts fits a picture."""

from __future__ import annotations

from collections.abc import Mapping

from genstudio.core.controls import ImageInput, Text
from genstudio.core.family import Task
from genstudio.core.stored import Json

MOST_LINES = 100


def tasks(config: Mapping[str, Json]) -> tuple[Task, ...]:
    """The one task of a matcher; a few words that it knows stand there as an example."""
    words = config.get("words")
    known = [str(word) for word in words] if isinstance(words, list) else []
    return (
        Task(
            name="match",
            title="Match texts",
            verb="Match",
            help="Which of several texts fits a picture best, in the judge's opinion.",
            output="report",
            controls=(
                ImageInput(name="image", label="Picture", help="The picture to be looked at."),
                Text(
                    name="captions",
                    label="Texts",
                    multiline=True,
                    default="\n".join(known[:4]) or "a picture\na drawing",
                    help=f"One text a line, up to {MOST_LINES}; each gets its share of how well "
                    "it fits. One alone gets the likeness of text and picture, 0 to 1.",
                ),
            ),
        ),
    )
