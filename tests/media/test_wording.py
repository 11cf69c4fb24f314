"""Words and their hashes: what counts as the same word, and where it stands."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.media.wording import hashes, runs, wording, words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("  …—!  ", []),
        ("Don't panic!", ["don't", "panic"]),
        ("Don’t PANIC", ["don't", "panic"]),
        ("snake_case and 3.14", ["snake", "case", "and", "3", "14"]),
        ("Die Straße, à Köln", ["die", "straße", "à", "köln"]),
        ("猫が好き", ["猫", "が", "好", "き"]),
        ("ab猫cd", ["ab", "猫", "cd"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("'tis 'quoted'", ["tis", "quoted"]),
    ],
)
def test_words_are_what_people_call_words(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted
    found = wording(text)
    assert len(found) == len(wanted)
    spans = zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    assert [text[a:b].lower().replace("’", "'") for a, b in spans] == wanted


def test_the_same_words_have_the_same_numbers_however_they_are_written() -> None:
    one, other = hashes("It’s the END, he said."), hashes("“It's\nthe end” he SAID")
    assert np.array_equal(one, other)
    assert not np.array_equal(one, hashes("It's the end she said"))
    assert hashes("a lone half \ud800 of a character").dtype == np.uint64


def test_runs_depend_on_every_word_and_their_order() -> None:
    base = hashes("one two three four five six")
    assert len(runs(base, 3)) == 4
    assert runs(base, 6).shape == (1,)
    assert runs(base, 7).shape == (0,)
    whole = runs(base, 6)[0]
    for place in range(6):
        changed = base.copy()
        changed[place] = 7
        assert runs(changed, 6)[0] != whole
    assert runs(base[::-1], 6)[0] != whole


def test_a_run_has_the_same_number_wherever_it_stands() -> None:
    text = "the quick brown fox jumps"
    alone = runs(hashes(text), 5)[0]
    inside = runs(hashes(f"And so {text} over it all"), 5)
    assert np.flatnonzero(inside == alone).tolist() == [2]
    assert len(set(inside.tolist())) == len(inside)
