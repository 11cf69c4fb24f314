"""Tone by a list of words."""

from __future__ import annotations

import pytest

from genstudio.evaluation import word_lists
from genstudio.evaluation.sentiment import tone, tones
from genstudio.evaluation.word_lists import SentimentWords

LISTS = SentimentWords(good=("kind", "happy"), bad=("cruel",), turning=("not", "never"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", 0.0),
        ("the door was open", 0.0),
        ("She was kind.", 1.0),
        ("CRUEL!", -1.0),
        ("kind but cruel", 0.0),
        ("kind, happy, cruel", 1 / 3),
        ("not kind", -1.0),
        ("never very cruel", 1.0),
        ("not that he was kind", 1.0),  # too far away to turn it
    ],
)
def test_tone_counts_praise_and_blame(text: str, wanted: float) -> None:
    assert tone(text, LISTS) == pytest.approx(wanted)


def test_tones_are_those_of_each_text() -> None:
    assert tones(["kind", "", "cruel"], LISTS).tolist() == [1.0, 0.0, -1.0]


def test_the_list_of_the_program_knows_plain_cases() -> None:
    lists = word_lists.read().sentiment
    assert tone("They lived happily and loved each other with joy.", lists) == 1.0
    assert tone("The wicked murderer died in terrible agony.", lists) == -1.0
    assert not set(lists.good) & set(lists.bad)
    assert all(word == word.lower() for word in (*lists.good, *lists.bad, *lists.turning))
