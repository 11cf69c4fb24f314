"""The card of a package."""

import pytest

from genstudio.core import card
from genstudio.core.manifest import FileEntry, Graph, Manifest, TrainedOn, Training


def manifest() -> Manifest:
    """Of a package of one graph."""
    entry = FileEntry(name="g.onnx", size=5, sha256="0" * 64)
    return Manifest(
        id="toy",
        title="Toy",
        family="gan",
        modality="image",
        description="Draws toys.",
        config={},
        graphs=(Graph(name="g", file="g.onnx", inputs=(), outputs=()),),
        licence="MIT",
        trained_on=(
            TrainedOn(name="Toys", count=60000, licence="CC0", attribution="Me", source="here"),
        ),
        training=Training(steps=4500, batch=64, seconds=2400, device="CPU", machine="A box"),
        limits="Toys only.",
        files=(entry,),
    )


def test_everything_that_is_known_is_said():
    text = card.text(manifest())
    for words in ("# Toy", "Draws toys.", "60,000 pictures", "CC0", "Attribution: Me", "A box",
                  "4,500 steps of 64 pictures in 40 min", "Toys only.", "MIT"):  # fmt: skip
        assert words in text
    assert "Not measured yet" in text


def test_nothing_known_is_said_too():
    bare = manifest().model_copy(
        update={"trained_on": (), "limits": "", "licence": "", "description": ""}
    )
    assert card.text(bare).count("Not stated.") == 2
    assert "No description was given." in card.text(bare)


@pytest.mark.parametrize(
    ("seconds", "words"), [(3, "3 s"), (99, "99 s"), (720, "12 min"), (12000, "3 h 20 min")]
)
def test_durations(seconds: float, words: str):
    assert card.duration(seconds) == words
