"""Held-out combinations: which captions hold them."""

import pytest

from genstudio.core.combinations import any_held, holds, says
from genstudio.core.words import split


@pytest.mark.parametrize(
    ("caption", "phrase", "answer"),
    [
        ("a blue hair, round glasses", "blue hair", True),
        ("hair, blue", "blue hair", False),
        ("dark blue hair", "blue hair", True),
        ("bluehair", "blue hair", False),
        ("Blue-Hair", "blue hair", True),
    ],
)
def test_a_phrase_stands_word_by_word(caption, phrase, answer):
    assert says(split(caption), phrase) is answer


def test_all_phrases_in_one_caption():
    assert holds(["x", "blue hair, round glasses"], "blue hair + round glasses")
    assert not holds(["blue hair", "round glasses"], "blue hair + round glasses")
    assert holds(["blue hair"], "blue hair +")
    assert not holds(["blue hair"], " + ")


def test_any_of_several_combinations():
    assert any_held(("red hat, beard",), ["blue hair", "beard + red hat"])
    assert not any_held((), ["blue hair"])
