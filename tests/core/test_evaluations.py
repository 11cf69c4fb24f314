"""Evaluations in the data folder: kept by weights, joined with the card, never in a package."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core import evaluations
from genstudio.core.evaluations import Evaluation
from genstudio.core.manifest import FileEntry, Graph, Manifest, Score
from genstudio.core.paths import Home

PNG = b"\x89PNG"


def manifest(weights: str = "a", scores: tuple[Score, ...] = ()) -> Manifest:
    return Manifest(
        id="toy",
        title="Toy",
        family="gan",
        modality="image",
        config={},
        graphs=(Graph(name="g", file="g.onnx", inputs=(), outputs=()),),
        scores=scores,
        files=(
            FileEntry(name="g.onnx", size=1, sha256="0" * 64),
            FileEntry(name="weights.safetensors", size=1, sha256=weights * 64),
        ),
    )


def found(*scores: Score, weights: str = "a") -> Evaluation:
    return Evaluation(model="toy", sha256=weights * 64, scores=scores, data="shapes")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def values(scores: tuple[Score, ...]) -> dict[str, float]:
    return {score.metric: score.value for score in scores}


def test_what_was_never_measured_is_what_the_card_says(home: Home):
    card = (Score(metric="frechet", value=1.0),)
    assert evaluations.read(home, manifest()) is None
    assert evaluations.scores(home, manifest(scores=card)) == card
    assert evaluations.nearest(home, manifest()) is None


def test_newer_numbers_replace_those_of_the_card_and_join_them(home: Home):
    card = (Score(metric="frechet", value=1.0), Score(metric="recall", value=0.5))
    here = (Score(metric="frechet", value=2.0), Score(metric="density", value=0.9))
    evaluations.keep(home, manifest(), found(*here))
    assert values(evaluations.scores(home, manifest(scores=card))) == {
        "frechet": 2.0,
        "recall": 0.5,
        "density": 0.9,
    }


def test_a_second_evaluation_keeps_what_it_did_not_measure(home: Home):
    evaluations.keep(
        home, manifest(), found(Score(metric="a", value=1), Score(metric="b", value=2))
    )
    evaluations.keep(home, manifest(), found(Score(metric="b", value=3)))
    assert values(evaluations.scores(home, manifest())) == {"a": 1, "b": 3}


def test_other_weights_under_the_same_name_start_anew(home: Home):
    evaluations.keep(home, manifest(), found(Score(metric="a", value=1)), PNG)
    other = manifest("b")
    assert evaluations.scores(home, other) == ()
    assert evaluations.nearest(home, other) is None
    evaluations.keep(home, other, found(Score(metric="c", value=1), weights="b"))
    assert values(evaluations.scores(home, other)) == {"c": 1}
    # The sheet showed samples of the weights that are gone.
    assert evaluations.nearest(home, other) is None
    assert evaluations.scores(home, manifest()) == ()


def test_the_sheet_stays_until_a_newer_one_comes(home: Home):
    evaluations.keep(home, manifest(), found(), PNG)
    evaluations.keep(home, manifest(), found(Score(metric="a", value=1)))
    path = evaluations.nearest(home, manifest())
    assert path is not None
    assert path.read_bytes() == PNG
    evaluations.keep(home, manifest(), found(), PNG + b"2")
    assert path.read_bytes() == PNG + b"2"


def test_a_table_speaks_of_one_dataset(home: Home):
    def on(data: str, metric: str, value: float) -> Score:
        return Score(metric=metric, value=value, settings={"data_sha256": data * 64})

    card = (on("1", "a", 1), on("1", "b", 1), Score(metric="c", value=1))
    assert values(evaluations.merged(card, (on("1", "a", 2),))) == {"a": 2, "b": 1, "c": 1}
    assert values(evaluations.merged(card, (on("2", "a", 3),))) == {"a": 3, "c": 1}
    assert evaluations.merged(card, ()) == card
    evaluations.keep(home, manifest(), found(on("1", "a", 1), on("1", "b", 1)), PNG)
    other = found(on("2", "b", 5)).model_copy(update={"data": "cells"})
    evaluations.keep(home, manifest(), other)
    assert values(evaluations.scores(home, manifest(scores=card))) == {"b": 5, "c": 1}
    # The sheet showed pictures of the other dataset.
    assert evaluations.nearest(home, manifest()) is None


def test_a_damaged_file_counts_as_never_measured_and_is_replaced(home: Home):
    evaluations.keep(home, manifest(), found(Score(metric="a", value=1)))
    (evaluations.folder(home, "toy") / evaluations.EVALUATION_FILE).write_bytes(b"{")
    assert evaluations.scores(home, manifest()) == ()
    evaluations.keep(home, manifest(), found(Score(metric="b", value=1)))
    assert values(evaluations.scores(home, manifest())) == {"b": 1}
