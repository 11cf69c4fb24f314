"""What is said about a prompt: pure functions over a model's words."""

from __future__ import annotations

import pytest

from genstudio.ui.widgets.prompt_marks import PromptReader, reader, ways

WORDS = ("a", "hair", "blue", "glasses", "blush", "round", "smiling", "block")


@pytest.fixture
def knows() -> PromptReader:
    return PromptReader(WORDS, most=4)


def test_words_are_found_by_their_stems_and_letters_let_pass(knows):
    text = "Blue-HAIRED, smiles; purpel s glass"
    assert knows.unknown(text) == [(21, 27, "purpel")]
    assert knows.unknown(text, writing=27) == []


def test_without_a_vocabulary_all_is_understood():
    silent = PromptReader()
    assert silent.unknown("anything goes") == []
    assert silent.completions("any", 5) == []
    assert silent.summary("anything goes") == "2 words"


def test_completions_come_in_the_order_of_the_vocabulary(knows):
    assert knows.completions("BL", 9) == ["blue", "blush", "block"]
    assert knows.completions("bl", 2) == ["blue", "blush"]
    assert knows.completions("blue", 9) == []
    assert knows.completions("", 99) == list(WORDS)


def test_near_words_help_to_mend_one(knows):
    assert knows.near("glases") == ["glasses"]
    assert knows.near("xyzzy") == []


def test_what_is_too_far_behind_is_named(knows):
    text = "a blue xx hair round glasses"
    assert knows.unread(text) == (21, len(text))
    assert knows.unread("a blue xx hair round") is None
    assert knows.unread(text + " {a|b}") is None
    assert PromptReader(WORDS).unread(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        (" , {|} ", ""),
        ("hair", "1 word"),
        ("blue {hair|round glasses|}", "3 words · 3 alternatives"),
        ("{a|blue} {hair|a|round}", "2 words · 2 × 3 = 6 combinations"),
        ("{a|blue} {hair|xx}", "2 words · 2 × 2 = 4 combinations · 1 not known"),
        ("xx hair yy xx", "4 words · not known: xx, yy"),
        ("xx yy zz", "3 words · 3 not known"),
        ("a blue hair round glasses", "5 words · only 4 words are read"),
        ("a blue xx hair round glasses", "6 words · only 4 words are read · not known: xx"),
    ],
)
def test_the_summary(knows, text, said):
    assert knows.summary(text) == said


def test_many_combinations_stay_readable():
    assert ways("{a|b}" * 5) == "32 combinations"
    assert ways("{a|b}" * 30) == "over a million combinations"
    assert ways("{" + "|".join("x" * 1001) + "}") == "1001 alternatives"


def test_a_reader_is_made_once_for_the_same_words():
    assert reader(WORDS, 3) is reader(tuple(WORDS), 3)
    assert reader(WORDS, 4).most == 4
