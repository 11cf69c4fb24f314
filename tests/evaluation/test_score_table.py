"""The table of scores inside a card: text around it stays, writing twice changes nothing."""

import pytest

from genstudio.core.manifest import Score
from genstudio.evaluation import card


def score(name: str = "frechet", **more) -> Score:
    return Score(**{"metric": name, "value": 1.5, "samples": 1000, "help": "A help", **more})


@pytest.mark.parametrize(
    "text",
    [
        "# Toy\n",
        "# Toy\n\n## Scores\n\nNot measured yet.\n\n## Limits\n\nNone.\n",
        "# Toy\n\n## Scores\n\nNot measured yet.\n",
        "",
    ],
)
def test_writing_twice_changes_nothing_and_new_scores_replace_old(text: str) -> None:
    once = card.with_table(text, [score()])
    assert card.with_table(once, [score()]) == once
    assert once.count(card.HEADING) == 1
    assert "Not measured yet" not in once
    other = card.with_table(once, [score("kernel")])
    assert "frechet" not in other
    assert card.with_table(other, [score()]) == once


def test_everything_around_the_table_is_kept() -> None:
    before, after = "# Toy\n\nMy own words.\n\n", "\n## Limits\n\nMine too.\n"
    text = card.with_table(f"{before}## Scores\n\nold\n{after}", [score()])
    assert text.startswith(before)
    assert text.endswith(after)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (0.5, "0.5"),
        (-0.25, "-0.25"),
        (0.123456, "0.1235"),
        (999.94, "999.9"),
        (1234.5, "1,234"),
        (12345678.0, "12,345,678"),
        (0.00012345, "1.23e-04"),
        (-0.0005, "-5.00e-04"),
    ],
)
def test_numbers_are_short(value: float, words: str) -> None:
    assert card.number(value) == words


def test_what_is_unknown_leaves_its_cell_empty() -> None:
    text = card.table([score(low=1.0, floor=0.5, better="near", unit="MSE")])
    assert "| frechet | 1.5 MSE |  | 0.5 | near | 1,000 |" in text
    assert "| frechet | 1.5 |  |  |  | 1,000 |" in card.table([score()])
    assert "Measured on" not in card.table([score()])


def test_several_ways_of_measuring_are_each_said_once() -> None:
    first = {"data": "shapes", "seed": 1, "extractor": "fox", "extractor_sha256": "ab" * 32}
    rows = [score("a", settings=first), score("b", settings=first)]
    rows.append(score("c", settings={"data": "shapes", "seed": 2, "split": "valid"}))
    text = card.table(rows)
    assert text.count("test pictures of shapes, seed 1") == 1
    assert "; the valid pictures of shapes, seed 2." in text
    assert text.count("fox (ababababab)") == 1


def test_details_follow_the_help() -> None:
    settings = {"psnr_db": 21.5, "first_result_ms": 3.0, "identical": 0, "by_class": {"a": 0.1}}
    text = card.table([score(settings=settings)])
    wanted = "21.5 dB PSNR; first picture after 3.0 ms; 0 identical to a training picture; "
    assert f"- **frechet**: A help ({wanted}by class: a 0.1)." in text
