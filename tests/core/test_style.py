"""Styles laid around prompts."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from genstudio.core.controls import Int, Text
from genstudio.core.style import Style, dressed, prompt_controls

PROMPT = Text(name="prompt", label="Prompt", role="prompt")
AVOID = Text(name="avoid", label="Avoid", role="negative")
STEPS = Int(name="steps", label="Steps", default=20, low=1, high=100)
OTHER = Text(name="prompt_to", label="To", role="prompt")


@pytest.mark.parametrize(
    ("style", "prompt", "asked"),
    [
        ("{prompt}, watercolour", "a cat", "a cat, watercolour"),
        ("watercolour of {prompt}, soft", " a cat ", "watercolour of a cat, soft"),
        ("watercolour", "a cat,", "a cat, watercolour"),
        ("watercolour", "", "watercolour"),
        ("{prompt}, watercolour", "", "watercolour"),
        ("", "a {red|blue} cat", "a {red|blue} cat"),
        ("{soft|hard} {prompt}", "cat", "{soft|hard} cat"),
    ],
)
def test_a_style_stands_around_or_behind_the_prompt(style, prompt, asked):
    assert Style(name="s", prompt=style).around(prompt) == asked


def test_several_styles_lie_around_each_other():
    styles = [
        Style(name="a", prompt="{prompt} A", negative="mud"),
        Style(name="b", prompt="B {prompt}", values={"steps": 3}),
        Style(name="c", negative="grain"),
    ]
    values = {"prompt": "cat", "avoid": "dog", "steps": 20}
    found = dressed((STEPS, PROMPT, AVOID), values, styles)
    assert found == {"prompt": "B cat A", "avoid": "dog, mud, grain", "steps": 20}
    assert values["prompt"] == "cat"


def test_tasks_without_a_prompt_stay_as_they_are():
    assert dressed((STEPS,), {"steps": 4}, [Style(name="a", prompt="x", negative="y")]) == {
        "steps": 4
    }


def test_the_first_control_of_each_role_is_the_prompt():
    assert prompt_controls((STEPS, PROMPT, OTHER, AVOID)) == (PROMPT, AVOID)
    assert prompt_controls((STEPS,)) == (None, None)


def test_names_are_one_line_and_not_empty():
    assert Style(name="  soft \n light ").name == "soft light"
    with pytest.raises(ValidationError):
        Style(name=" \n ")
