"""Alternatives in prompts: what is read, what is chosen, and that it stays so."""

from __future__ import annotations

import pytest

from genstudio.core import prompts


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("", 1),
        ("a red hat", 1),
        ("a {red|blue} hat", 2),
        ("a {red|blue|} hat with {one|two}", 6),
        ("{a|{b|c|d}}", 4),
        ("{a|{b|c} {d|e}} {f|g}", 10),
        ("{prompt}, {alone}", 1),
        ("{open | one", 1),
        ("open} | {", 1),
        (r"\{a|b\}", 1),
        ("{{a|b}", 2),
    ],
)
def test_combinations(text: str, ways: int) -> None:
    assert prompts.combinations(text) == ways


def test_plain_text_comes_back_as_it_is() -> None:
    text = "  two  spaces, {prompt}, a | b\nnext line "
    assert prompts.expand(text, 3, 4) == text


def test_backslashes_make_plain_braces_and_others_stay() -> None:
    assert prompts.expand(r"\{a\|b\} c\d \\", 0, 0) == "{a|b} c\\d \\"
    assert prompts.expand(r"{x\||x\|} end", 0, 0) == "x| end"


def test_every_combination_comes_once_before_one_comes_again() -> None:
    text = "{a|b|c} {d|{e|f}}"
    all_nine = {f"{x} {y}" for x in "abc" for y in "def"}
    for block in range(3):
        found = [prompts.expand(text, 7, block * 9 + place) for place in range(9)]
        assert set(found) == all_nine


def test_order_depends_on_the_seed_and_repeats() -> None:
    text = "{0|1|2|3|4|5|6|7}{0|1|2|3|4|5|6|7}"
    first = [prompts.expand(text, 1, place) for place in range(64)]
    assert first == [prompts.expand(text, 1, place) for place in range(64)]
    assert first != [prompts.expand(text, 2, place) for place in range(64)]
    assert first != sorted(first)


def test_choices_stay_what_they_were() -> None:
    """Seeds of kept pictures must go on meaning the same words in later versions."""
    found = [prompts.expand("a {red|blue|green} {cat|dog}", 42, place) for place in range(6)]
    assert found == FORTY_TWO


FORTY_TWO = [
    "a green dog",
    "a red dog",
    "a red cat",
    "a blue cat",
    "a blue dog",
    "a green cat",
]


def test_words_outside_the_groups_change_no_choice() -> None:
    for place in range(8):
        short = prompts.expand("{red|blue|green}", 5, place)
        assert prompts.expand("a smiling {red|blue|green} cat", 5, place) == (
            f"a smiling {short} cat"
        )


def test_first_choices_of_many_seeds_are_even() -> None:
    found = [prompts.expand("{a|b|c|d}", seed, 0) for seed in range(2000)]
    assert all(430 < found.count(letter) < 570 for letter in "abcd")


def test_an_empty_alternative_leaves_no_double_space() -> None:
    found = {prompts.expand("a {|very} small {cat|}", 0, place) for place in range(4)}
    assert found == {"a very small cat", "a very small", "a small cat", "a small"}


def test_marks_are_the_braces_and_bars_that_mean_something() -> None:
    text = "{prompt} {a|{b|c}} | \\{ }"
    assert [(place, text[place]) for place in prompts.marks(text)] == [
        (9, "{"),
        (11, "|"),
        (12, "{"),
        (14, "|"),
        (16, "}"),
        (17, "}"),
    ]
    assert prompts.sizes(text) == (3,)


def test_very_many_combinations_and_very_deep_braces() -> None:
    wide = "{a|b}" * 300
    assert prompts.combinations(wide) == 2**300
    found = {prompts.expand(wide, 1, place) for place in range(50)}
    assert len(found) == 50
    assert all(len(text) == 300 for text in found)
    deep = "{" * 2000 + "a|b" + "}" * 2000
    assert prompts.combinations(deep) == 1
    assert prompts.expand(deep, 0, 0) == deep
