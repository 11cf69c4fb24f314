"""Settings of other programs as facts, and prompts without their marks."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from genstudio.core.foreign import Foreign, plain_prompt


def test_facts_come_in_the_order_in_which_a_person_asks() -> None:
    found = Foreign(
        software="x", steps=20, prompt="cat", guidance=7.0, width=5, height=6, more=(("LoRA", "a"),)
    )
    assert found.facts() == [
        ("Prompt", "cat"), ("Steps", "20"), ("Guidance", "7"), ("Size", "5 × 6 px"), ("LoRA", "a"),
    ]  # fmt: skip
    assert not Foreign(software="x").says_anything()


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"guidance": float("nan")}, {"width": 0}])
def test_values_are_checked(wrong: dict) -> None:
    with pytest.raises(ValidationError):
        Foreign(software="x", **wrong)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a (blue:1.2) cat", "a blue cat"),
        ("((masterpiece)), [dull], {soft}, {{very}} good", "masterpiece, dull, soft, very good"),
        ("a {red|blue} cat", "a {red|blue} cat"),
        ("cat <lora:ink_v2:0.8>, hat", "cat , hat"),
        ("cat BREAK hat AND coat", "cat hat coat"),
        (r"cat \(animal\)", "cat (animal)"),
        ("3:2 and 10:30", "3:2 and 10:30"),
        ("one\n\n  two ,\n", "one\ntwo"),
        ("", ""),
    ],
)
def test_marks_of_other_programs_go(text: str, plain: str) -> None:
    assert plain_prompt(text) == plain


def test_hostile_prompts_cost_linear_time() -> None:
    for text in ("(" * 20_000, "{" * 20_000, "<lora:" * 3_000, ":1" * 10_000, "\\" * 20_000):
        assert len(plain_prompt(text)) <= len(text)
