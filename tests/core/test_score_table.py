"""What the table says of each score besides its value."""

from __future__ import annotations

import pytest

from genstudio.core.manifest import Score
from genstudio.core.score_table import details, measured


def score(**settings) -> Score:
    return Score(metric="m", value=1.0, settings=settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"psnr_db": 21.5}, "21.5 dB PSNR"),
        ({"identical": 0}, "0 identical to a training picture"),
        ({"taught": "linear"}, "linear"),
        ({"by_batch": {"1": 80.5, "16": 400.0}}, "pictures a second when so many are asked for: "
         "1 80.5, 16 400.0"),
        ({"by_class": {"a": 0.5}}, "by class: a 0.5"),
        ({"by_set": {"shoes": 0.9, "hats": 0.8}}, "by set: shoes 0.9, hats 0.8"),
    ],
)  # fmt: skip
def test_settings_that_a_reader_needs_become_words(settings: dict, words: str):
    assert details(score(**settings)) == [words]


@pytest.mark.parametrize("settings", [{}, {"by_class": {}}, {"machine": ""}, {"neighbours": 3}])
def test_what_says_nothing_is_left_out(settings: dict):
    assert details(score(**settings)) == []


def test_how_many_real_pictures_is_said_once():
    rows = [score(data="cells", split="valid", real=1600), score(data="cells", split="valid")]
    assert measured(rows)[1] == "Measured on the 1,600 valid pictures of cells, seed 0."
    assert measured(rows[::-1]) == measured(rows)


def test_nothing_known_of_the_measurement_gives_no_sentence():
    assert measured([score()]) == []
    assert measured([score(data="shapes", seed=2)])[1] == (
        "Measured on the test pictures of shapes, seed 2."
    )
