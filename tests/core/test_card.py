"""The card of a package."""

from pathlib import Path

import pytest

from genstudio.core import card, files
from genstudio.core.manifest import (
    CARD,
    MANIFEST,
    FileEntry,
    Graph,
    Manifest,
    Score,
    TrainedOn,
    Training,
)


def manifest(folder: Path) -> Manifest:
    """A package of two files."""
    files.write_bytes(folder / "g.onnx", b"graph")
    files.write_bytes(folder / CARD, b"old")
    entries = tuple(
        FileEntry(name=n, size=(folder / n).stat().st_size, sha256=files.sha256_of(folder / n))
        for n in (CARD, "g.onnx")
    )
    made = Manifest(
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
        files=entries,
    )
    files.write_bytes(folder / MANIFEST, made.to_bytes())
    return made


def test_everything_that_is_known_is_said(tmp_path: Path):
    text = card.text(manifest(tmp_path))
    for words in ("# Toy", "Draws toys.", "60,000 pictures", "CC0", "Attribution: Me", "A box",
                  "4,500 steps of 64 pictures in 40 min", "Toys only.", "MIT"):  # fmt: skip
        assert words in text
    assert "Not measured yet" in text


def test_nothing_known_is_said_too(tmp_path: Path):
    bare = manifest(tmp_path).model_copy(
        update={"trained_on": (), "limits": "", "licence": "", "description": ""}
    )
    assert card.text(bare).count("Not stated.") == 2
    assert "No description was given." in card.text(bare)


def test_scores_go_into_card_and_manifest(tmp_path: Path):
    manifest(tmp_path)
    first = Score(metric="frechet", value=3.14159, low=3.0, high=3.3, floor=0.2, samples=10000,
                  better="lower", help="Distance of features.")  # fmt: skip
    card.with_scores(tmp_path, [first])
    made = card.with_scores(
        tmp_path, [Score(metric="recall", value=0.5), first.model_copy(update={"value": 2.5})]
    )
    assert Manifest.read(tmp_path / MANIFEST) == made
    assert [(s.metric, s.value) for s in made.scores] == [("frechet", 2.5), ("recall", 0.5)]
    text = (tmp_path / CARD).read_text(encoding="utf-8")
    assert "| frechet | 2.5 | 3 to 3.3 | 0.2 | lower is better | 10,000 |" in text
    assert "- frechet: Distance of features." in text
    for entry in made.files:
        assert files.sha256_of(tmp_path / entry.name) == entry.sha256


@pytest.mark.parametrize(
    ("seconds", "words"), [(3, "3 s"), (99, "99 s"), (720, "12 min"), (12000, "3 h 20 min")]
)
def test_durations(seconds: float, words: str):
    assert card.duration(seconds) == words
