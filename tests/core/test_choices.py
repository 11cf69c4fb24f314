"""Choices whose words are alike, and whole numbers that are none."""

import math

import pytest

from genstudio.core.controls import Choice, Int, Option
from genstudio.core.errors import UsageError

LETTERS = Choice(name="class", label="Class", default="any", options=("any", "A", "a", "B"))


def test_the_exact_word_comes_before_one_of_another_case():
    assert [LETTERS.check(word) for word in ("A", "a", "B", "b")] == ["A", "a", "B", "B"]


def test_a_value_comes_before_the_label_of_another():
    made = Choice(
        name="c",
        label="C",
        default="x",
        options=(Option(value="x", label="Any"), Option(value="Any", label="Other")),
    )
    assert made.check("Any") == "Any"
    assert made.check("other") == "Any"
    assert made.check("X") == "x"


def test_numbers_are_words_but_switches_are_not():
    digits = Choice(name="class", label="Class", default="0", options=("0", "1"))
    assert digits.check(1) == "1"
    with pytest.raises(UsageError, match="one of 0, 1"):
        digits.check(True)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_whole_number_without_end_is_a_sentence(value):
    with pytest.raises(UsageError, match="a whole number"):
        Int(name="count", label="Count", default=1, low=0, high=9).check(value)
