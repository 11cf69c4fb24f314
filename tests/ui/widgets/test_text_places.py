"""Places in characters and in Qt's units, over texts of all kinds of scripts."""

from __future__ import annotations

import random

import pytest
from PySide6.QtGui import QTextDocument

from genstudio.ui.widgets.text_places import common, in_characters, in_units, parted, units, whole

LETTERS = "ab \näßñ名前😀𝕏🇩🇪שלΩ\u0301\u200d"
TEXTS = ["", "abc", "ä\u0301ö", "😀", "😀😀", "a😀", "😀a", "𝕏 marks 名前", "👩‍👩‍👧 family"]


def any_text(chance: random.Random, most: int = 20) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randrange(most)))


@pytest.mark.parametrize("text", TEXTS)
def test_units_are_those_of_qt(text):
    document = QTextDocument()
    document.setPlainText(text)
    assert units(text) == document.characterCount() - 1


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_parted_and_joined_at_every_character(text):
    for place in range(len(text) + 1):
        there = units(text[:place])
        before, after = parted(text, there, there)
        assert (before, after) == (text[:place], text[place:])


def test_parting_between_the_halves_of_a_character_loses_nothing():
    before, after = parted("a😀b", 2, 2)
    assert (len(before), len(after)) == (2, 2)
    coded = (before + after).encode("utf-16-le", "surrogatepass")
    assert coded.decode("utf-16-le") == "a😀b"


def test_what_lies_between_start_and_end_is_in_neither_part():
    assert parted("one 😀😀 two", 4, 8) == ("one ", " two")
    assert parted("plain", 0, 5) == ("", "")


def test_spans_there_and_back_in_any_text():
    chance = random.Random(5)
    for _ in range(200):
        text = any_text(chance)
        ends = [sorted(chance.choices(range(len(text) + 1), k=2)) for _ in range(3)]
        spans = [(a, b, number) for number, (a, b) in enumerate(ends, 1)]
        there = in_units(text, spans)
        assert there == [(units(text[:a]), units(text[:b]), n) for a, b, n in spans]
        assert in_characters(text, there) == spans


def test_a_span_that_ends_inside_a_character_leaves_it_out():
    # Qt's cursor never stands there, but a span of an old file may end there.
    assert in_characters("😀b", [(0, 1, 1)]) == [(0, 0, 1)]
    assert in_characters("a😀b", [(0, 2, 1), (2, 4, 2)]) == [(0, 1, 1), (1, 3, 2)]


def test_no_spans_stay_none():
    assert in_units("😀", []) == in_characters("😀", iter(())) == []


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("", ""),
        ("\ud83d", "\ufffd"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("ok \udfff end", "ok \ufffd end"),
        ("😀 \ud800", "😀 \ufffd"),
    ],
)
def test_halves_become_one_mark_each_and_can_be_saved(text, mended):
    assert whole(text) == mended
    assert whole(text).encode().decode() == mended
    assert len(whole(text)) == len(text)


def test_common_ends_never_overlap_and_rebuild_the_text():
    chance = random.Random(9)
    for _ in range(300):
        one, other = any_text(chance, 8), any_text(chance, 8)
        start, tail = common(one, other)
        assert start + tail <= min(len(one), len(other))
        assert one[:start] == other[:start]
        assert one[len(one) - tail :] == other[len(other) - tail :]
        rebuilt = one[:start] + other[start : len(other) - tail] + one[len(one) - tail :]
        assert rebuilt == other


def test_common_ends_are_the_longest():
    chance = random.Random(10)
    for _ in range(100):
        one, other = any_text(chance, 8), any_text(chance, 8)
        start, tail = common(one, other)
        shorter = min(len(one), len(other))
        if start < shorter:
            assert one[start] != other[start]
        if start + tail < shorter:
            assert one[-1 - tail] != other[-1 - tail]
