"""Words: splitting, vocabularies, tokens, and forms of known words."""

import pytest

from genstudio.core import words
from genstudio.core.words import Words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A blue-haired woman", ["a", "blue", "haired", "woman"]),
        ("3D_emoji, (round)!", ["3d", "emoji", "round"]),
        ("Übergröße", ["übergrösse"]),
        ("  \n", []),
    ],
)
def test_split(text, found):
    assert words.split(text) == found


def test_vocabulary_counts_captions_and_sorts_by_frequency_then_name():
    captions = ["red red red hat", "red cap", "blue cap", "blue hat", "green"]
    assert words.vocabulary(captions) == ["blue", "cap", "hat", "red"]
    assert words.vocabulary(captions, limit=2) == ["blue", "cap"]
    assert words.vocabulary(captions, at_least=1)[-1] == "green"


def test_tokens_start_pad_and_keep_order():
    known = Words(["hat", "red"])
    assert len(known) == 4
    assert known.tokens("red hat", 5) == ([1, 3, 2, 0, 0], [])
    assert known.tokens("", 3) == ([1, 0, 0], [])


def test_unknown_words_are_left_out_and_named_once():
    known = Words(["hat", "red"])
    assert known.tokens("a red purple hat, purple", 5) == ([1, 3, 2, 0, 0], ["a", "purple"])


def test_words_without_a_place_are_named_too():
    assert Words(["hat", "red"]).tokens("red hat red", 3) == ([1, 3, 2], ["red"])


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ("hair", "haired"),
        ("smiling", "smiles"),
        ("smiling", "smile"),
        ("grin", "grinning"),
        ("glasses", "glass"),
        ("banana", "bananas"),
        ("curly", "curls"),
    ],
)
def test_forms_of_a_known_word_are_understood(known, asked):
    assert Words(["other", known]).find(asked) == words.FIRST + 1


def test_the_word_itself_goes_before_a_form_and_the_more_frequent_form_before_the_other():
    known = Words(["smile", "smiling"])
    assert known.find("smiling") == words.FIRST + 1
    assert known.find("smiles") == words.FIRST


@pytest.mark.parametrize("word", ["is", "as", "red", "bed", "ring", "glass", "bee"])
def test_short_words_are_not_cut_to_nothing(word):
    assert len(words.stem(word)) > 2 or words.stem(word) == word


def test_places_are_those_of_the_words_as_they_are_written():
    text = "A blue-haired GIRL, 'smiling'"
    found = words.places(text)
    assert [text[a:b] for a, b, _ in found] == ["A", "blue", "haired", "GIRL", "smiling"]
    assert [word for _, _, word in found] == words.split(text)
