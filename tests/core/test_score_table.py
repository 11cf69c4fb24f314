"""What the table says of each score besides its value."""

from __future__ import annotations

import pytest

from genstudio.core.manifest import Score
from genstudio.core.score_table import (
    END,
    START,
    details,
    measured,
    number,
    real,
    table,
    with_table,
)


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


# ---- the table in a card


def row(metric: str = "frechet", value: float = 0.5, **more) -> Score:
    return Score(metric=metric, value=value, help=f"Help of {metric}", **more)


CARD = "# Toy\n\nDraws.\n\n## Scores\n\nNot measured yet.\n\n## Limits\n\nToys only.\n"


def test_a_table_takes_the_place_of_the_section():
    text = with_table(CARD, [row()])
    assert "Not measured yet" not in text
    assert text.startswith("# Toy\n\nDraws.\n\n## Scores\n\n<!-- scores -->")
    assert "## Limits\n\nToys only." in text


def test_a_new_table_takes_the_place_of_the_old_one():
    once = with_table(CARD, [row()])
    assert with_table(once, [row()]) == once
    again = with_table(once, [row("kernel")])
    assert "frechet" not in again
    assert again.count(START) == again.count(END) == 1
    assert again.endswith("## Limits\n\nToys only.\n")


def test_what_a_user_wrote_around_the_table_stays():
    mine = f"# Toy\n\nBefore.\n{START}\nold\n{END}\nBehind ünï.\n"
    text = with_table(mine, [row()])
    assert "Before." in text
    assert "Behind ünï." in text
    assert "old" not in text


def test_a_card_without_the_section_gets_one():
    text = with_table("# Toy\n\nDraws.", [row()])
    assert text.startswith("# Toy\n\nDraws.\n\n## Scores\n\n")
    assert text.endswith(f"{END}\n")


def test_every_row_has_as_many_cells_as_the_heading():
    rows = [
        row(),
        row("recall", 0.2, low=0.1, high=0.3, floor=0.9, better="higher", samples=10_000),
        row("speed", 12345.6, unit="images/s"),
    ]
    lines = [line for line in table(rows).split("\n") if line.startswith("|")]
    assert {line.count("|") for line in lines} == {7}
    assert lines[3] == "| recall | 0.2 | 0.1 to 0.3 | 0.9 | higher | 10,000 |"
    assert lines[4].startswith("| speed | 12,346 images/s |  |  |")


def test_every_score_is_explained_once():
    text = table([row("frechet"), row("kernel", settings={"machine": "a box"})])
    assert text.count("- **frechet**: Help of frechet.") == 1
    assert "- **kernel**: Help of kernel (a box)." in text


def test_half_an_interval_is_none():
    assert "to" not in table([row(low=0.1)]).split("\n")[2]


def test_scores_of_texts_speak_of_texts():
    rows = [row(settings={"kind": "text", "data": "tales", "split": "valid", "real": 200})]
    assert real(rows) == "Real texts"
    assert measured(rows)[1] == "Measured on the 200 held-out texts of tales, seed 0."
    assert real([]) == "Real pictures"


def test_judges_are_named_once():
    judged = {"extractor": "judge", "extractor_sha256": "abcdef0123456789"}
    rows = [row(settings=judged), row("kernel", settings=judged)]
    assert measured(rows)[1] == "Features and recognition by the judge judge (abcdef0123)."


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0001234, "1.23e-04"), (-0.5, "-0.5"), (999.96, "1000"), (1000, "1,000"),
     (1234567.8, "1,234,568"), (-2500.4, "-2,500"), (0.001, "0.001"), (1 / 3, "0.3333")],
)  # fmt: skip
def test_numbers_of_the_table(value, text):
    assert number(value) == text


def test_several_details_stand_in_one_order():
    found = details(
        row(settings={"longest_source": "tales", "longest_copy": 12, "tokenizer": "bpe",
                      "loss": 2.5, "characters": 1000, "looping": 0})
    )  # fmt: skip
    assert found == [
        "loss 2.5",
        "tokens: bpe",
        "1000 characters",
        "0 that repeat half of themselves",
        "longest copy 12 words",
        "from tales",
    ]
