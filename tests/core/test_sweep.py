"""Axes of a sweep: what is typed, and what it means."""

from __future__ import annotations

import itertools

import pytest

from genstudio.core.controls import MAX_SEED, Choice, Float, Int, Option, Seed, Switch, Text
from genstudio.core.errors import UsageError
from genstudio.core.sweep import MOST, hint, read_axis, shown

STEPS = Int(name="steps", label="Steps", default=8, low=1, high=50)
AMOUNT = Float(name="amount", label="Amount", default=0.5, low=-1.0, high=10.0)
KIND = Choice(
    name="kind",
    label="Kind",
    default="any",
    options=(Option(value="any", label="Any"), Option(value="boot", label="Ankle boot")),
)
LOOP = Switch(name="loop", label="Loop")
SEED = Seed(name="seed", label="Seed")
PROMPT = Text(name="prompt", label="Prompt", role="prompt", max_length=40)


@pytest.mark.parametrize(
    ("control", "text", "values"),
    [
        (STEPS, "4, 8,20", (4, 8, 20)),
        (STEPS, "1-9 (5)", (1, 3, 5, 7, 9)),
        (STEPS, "1-9 [3]", (1, 5, 9)),
        (STEPS, "1-4", (1, 2, 3, 4)),
        (STEPS, "1-9 (+4)", (1, 5, 9)),
        (STEPS, "9-1 (+4)", (9, 5, 1)),
        (STEPS, "1-3 (9)", (1, 2, 3)),
        (STEPS, "5-5 (1)", (5,)),
        (STEPS, "3, 3, 3", (3,)),
        (STEPS, "1, 4-6", (1, 4, 5, 6)),
        (AMOUNT, "0-1 (5)", (0.0, 0.25, 0.5, 0.75, 1.0)),
        (AMOUNT, "-1--0.5 (3)", (-1.0, -0.75, -0.5)),
        (AMOUNT, "0 to 0.2 (+0.1)", (0.0, 0.1, 0.2)),
        (AMOUNT, "0.1..0.3 (3)", (0.1, 0.2, 0.3)),
        (AMOUNT, "1\n2", (1.0, 2.0)),
        (KIND, "all", ("any", "boot")),
        (KIND, "ankle BOOT, any", ("boot", "any")),
        (LOOP, "*", (False, True)),
        (LOOP, "on", (True,)),
        (SEED, "7, 1-3", (7, 1, 2, 3)),
        (PROMPT, "red, dark blue", ("red", "dark blue")),
        (PROMPT, '"red, round", ""', ("red, round", "")),
        (PROMPT, "one, and more\n\ntwo", ("one, and more", "two")),
    ],
)
def test_values_as_they_are_typed(control, text, values):
    assert read_axis(control, text).values == values


@pytest.mark.parametrize(
    ("control", "text", "words"),
    [
        (STEPS, "", "at least one value"),
        (STEPS, " , ", "at least one value"),
        (STEPS, "60", "from 1 to 50"),
        (STEPS, "1-60 (2)", "from 1 to 50"),
        (STEPS, "many", "a whole number"),
        (STEPS, "1-9 (2.5)", "a whole number of values"),
        (STEPS, "1-9 (0)", "from 1 to 100"),
        (STEPS, "1-9 (101)", "from 1 to 100"),
        (AMOUNT, "0-1", "say how many values, such as 0-1 (5)"),
        (AMOUNT, "0-1 (+0.001)", "from 1 to 100"),
        (AMOUNT, "nan", "from -1 to 10"),
        (KIND, "sofa", "one of any, boot"),
        (LOOP, "maybe", "on or off"),
        (SEED, f"{MAX_SEED + 1}", "from 0 to"),
        (SEED, "random (101)", "from 1 to 100"),
        (PROMPT, "", "at least one value"),
        (PROMPT, "x" * 41, "at most 40 characters"),
    ],
)
def test_what_does_not_fit_is_a_sentence(control, text, words):
    with pytest.raises(UsageError) as error:
        read_axis(control, text, draw=lambda: 1)
    assert words in error.value.problem.what


def test_seeds_can_be_drawn():
    drawn = itertools.count(10)
    assert read_axis(SEED, "random (3), 5", draw=lambda: next(drawn)).values == (10, 11, 12, 5)
    with pytest.raises(UsageError, match="cannot be drawn"):
        read_axis(SEED, "random")


def test_a_sweep_has_no_more_values_than_cells():
    whole = Int(name="n", label="N", default=0, low=0, high=1000)
    assert len(read_axis(whole, f"1-{MOST}").values) == MOST
    with pytest.raises(UsageError, match="from 1 to 100"):
        read_axis(whole, "1-60, 101-160")


def test_labels_are_the_words_people_read():
    assert read_axis(KIND, "all").labels == ("Any", "Ankle boot")
    assert read_axis(AMOUNT, "0.50, 1").labels == ("0.5", "1")
    assert read_axis(LOOP, "all").labels == ("off", "on")
    assert read_axis(PROMPT, 'red, ""').labels == ("red", "(nothing)")
    assert shown(STEPS, 7) == "7"


def test_words_of_a_text_are_replaced():
    axis = read_axis(PROMPT, "sad, angry", find="Smiling")
    assert axis.label == "Prompt: Smiling"
    assert axis.applied(1, "a smiling man, smiling") == "a angry man, angry"
    with pytest.raises(UsageError, match="'Smiling' does not stand"):
        axis.applied(0, "a man")
    assert read_axis(PROMPT, "red").applied(0, "whatever stood there") == "red"
    # What is put in is text, never a pattern.
    assert read_axis(PROMPT, r"\1 (", find="a.b").applied(0, "xa.b aXb") == r"x\1 ( aXb"


def test_words_to_find_belong_to_texts_only():
    assert read_axis(STEPS, "4", find="8").find == ""


@pytest.mark.parametrize("control", [STEPS, AMOUNT, SEED, LOOP, PROMPT])
def test_every_hint_shows_what_may_be_typed(control):
    for words in hint(control).split("  or  "):
        if control is AMOUNT and "(5)" in words:
            words = "0.1-0.9 (5)"
        assert read_axis(control, words, draw=itertools.count(1).__next__).values
