"""Instruments by name and number."""

import pytest

from genstudio.core import instruments
from genstudio.core.errors import UsageError


def test_the_table_is_whole():
    assert len(instruments.NAMES) == len(set(instruments.NAMES)) == 128
    assert len(instruments.FAMILIES) == 16
    assert instruments.NAMES[0] == "Grand piano"
    assert [instruments.NAMES[n] for n in (19, 40, 56, 73, 127)] == [
        "Church organ", "Violin", "Trumpet", "Flute", "Gunshot",
    ]  # fmt: skip
    assert instruments.family_of(40) == "Strings"
    assert instruments.family_of(instruments.DRUMS) == "Drums"


@pytest.mark.parametrize("number", range(-1, 128))
def test_names_and_numbers_lead_to_each_other(number):
    assert instruments.program_of(instruments.name_of(number)) == number
    assert instruments.program_of(str(number)) == number


@pytest.mark.parametrize(
    ("word", "number"),
    [("VIOLIN", 40), (" church  organ", 19), ("harpsi", 6), ("piano", 0), ("drums", -1)],
)
def test_words_that_people_use(word, number):
    assert instruments.program_of(word) == number


@pytest.mark.parametrize("word", ["128", "-2", "--5", "²", "9" * 5000, "violun", "saxo", ""])
def test_others_are_refused_with_a_proposal(word):
    with pytest.raises(UsageError) as caught:
        instruments.program_of(word)
    assert "instrument" in caught.value.problem.what
    if word == "violun":
        assert "Violin" in caught.value.problem.next_step


def test_lists_are_read_and_written():
    found = instruments.parse("violin, Violin; viola,42 , drums,")
    assert found == (40, 40, 41, 42, -1)
    assert instruments.parse(instruments.listed(found)) == found
    assert instruments.parse("  ") == ()
