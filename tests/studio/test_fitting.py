"""What of another program's settings fits a form here, and what is said about the rest."""

from __future__ import annotations

import pytest

from genstudio.core.controls import Choice, Float, ImageInput, Int, Option, Text
from genstudio.core.family import Task
from genstudio.core.foreign import Foreign
from genstudio.studio.fitting import best_fit, fit, known_as
from tests.helpers.fake_studio import MAKE, FakeModel

SAY = Task(
    name="sample",
    title="New pictures",
    verb="Generate",
    controls=(
        Text(name="prompt", label="Prompt", role="prompt", max_length=40),
        Text(name="negative", label="Negative prompt", role="negative"),
        Int(name="steps", label="Steps", default=20, low=1, high=100),
        Float(name="guidance", label="Guidance", default=4, low=1, high=20),
        Choice(
            name="sampler",
            label="Sampler",
            default="ddim",
            options=(
                Option(value="ddim", label="DDIM"),
                Option(value="dpm2m", label="DPM-Solver++ (2M)"),
                Option(value="euler_ancestral", label="Euler ancestral"),
            ),
        ),
        Choice(name="spacing", label="Spacing", default="even", options=("even", "karras")),
    ),
)
CHANGE = Task(
    name="change",
    title="Change",
    verb="Change",
    controls=(
        ImageInput(name="image", label="Picture"),
        Text(name="prompt", label="Prompt", role="prompt"),
        Float(name="strength", label="Strength", default=0.6, low=0.0, high=1.0),
    ),
)
AVATARS = FakeModel("avatars", "Avatars", (SAY, CHANGE))
EMOJI = FakeModel("emoji", "Emoji", (SAY,))
SHAPES = FakeModel("shapes", "Shapes", (MAKE,))
SAID = Foreign(
    software="x", prompt="a (red:1.2) cat", negative="[dog]", seed=7, steps=30, guidance=6.5,
    sampler="DPM++ 2M Karras", scheduler="karras",
)  # fmt: skip


def test_all_that_fits() -> None:
    found = fit(SAID, AVATARS, SAY)
    assert found.prompts == {"prompt": "a red cat", "negative": "dog"}
    assert found.values == {
        **found.prompts, "steps": 30, "guidance": 6.5, "sampler": "dpm2m", "spacing": "karras",
    }  # fmt: skip
    assert (found.seed, found.place) == (7, "Avatars · New pictures")
    assert found.left_out == ()
    assert found.fits_more


@pytest.mark.parametrize(
    ("sampler", "scheduler", "spacing"),
    [
        ("DPM++ 2M Karras", "", "karras"),
        ("dpmpp_2m", "karras", "karras"),
        ("dpmpp_2m", "normal", None),
        ("dpmpp_2m", "", None),
    ],
)
def test_the_spacing_of_steps_is_taken_where_it_is_known(sampler, scheduler, spacing) -> None:
    said = SAID.model_copy(update={"sampler": sampler, "scheduler": scheduler})
    found = fit(said, AVATARS, SAY)
    assert found.values.get("spacing") == spacing
    assert found.left_out == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"steps": 5000}, "Steps 5000 lies outside"),
        ({"guidance": 0.5}, "Guidance 0.5 lies outside"),
        ({"sampler": "UniPC"}, "Sampler UniPC is not known"),
        ({"strength": 0.5}, "Strength 0.5 has no place"),
        ({"seed": 2**40}, "Seed 1099511627776 is larger"),
        ({"prompt": "word " * 20}, "Prompt was cut at 40"),
    ],
)
def test_what_does_not_fit_is_named_and_not_bent(changes: dict, words: str) -> None:
    found = fit(SAID.model_copy(update=changes), AVATARS, SAY)
    assert len(found.left_out) == 1
    assert found.left_out[0].startswith(words)
    name = next(iter(changes))
    assert name not in found.values or name == "prompt"
    assert len(str(found.values["prompt"])) <= 40


def test_a_task_without_a_negative_prompt_says_so() -> None:
    found = fit(SAID, AVATARS, CHANGE)
    assert found.prompts == {"prompt": "a red cat"}
    assert "The negative prompt has no place here." in found.left_out


def test_the_form_at_hand_goes_first_then_any_that_takes_a_prompt() -> None:
    models = [SHAPES, AVATARS, EMOJI]

    def place(model: str, task: str = "", found: Foreign = SAID) -> str:
        chosen = best_fit(found, models, model, task)
        assert chosen is not None
        return chosen.place

    assert place("avatars", "change") == "Avatars · Change"
    assert place("emoji", "sample") == "Emoji · New pictures"
    assert place("shapes", "make") == "Avatars · New pictures"
    assert place("shapes", found=SAID.model_copy(update={"model": "EMOJI"})).startswith("Emoji")


def test_without_a_model_for_words_nothing_fits() -> None:
    assert best_fit(SAID, [SHAPES]) is None
    assert best_fit(SAID, []) is None
    wordless = Foreign(software="x", steps=20, guidance=3.0)
    assert best_fit(wordless, [SHAPES]) is None
    chosen = best_fit(wordless, [SHAPES, AVATARS])
    assert chosen is not None
    assert chosen.values == {"steps": 20, "guidance": 3.0}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DPM++ 2M Karras", "dpmpp_2m"),
        ("sample_dpmpp_2m", "DPM-Solver++ (2M)"),
        ("Euler a", "euler_ancestral"),
        ("k_euler_ancestral", "Euler ancestral"),
        ("euler_k", "k_euler"),
        ("DDIM", "ddim"),
        ("dpmpp_2m_sde_gpu", "DPM++ 2M SDE"),
    ],
)
def test_spellings_of_samplers(one: str, other: str) -> None:
    assert known_as(one) == known_as(other)


def test_different_samplers_stay_different() -> None:
    names = ["ddim", "ddpm", "euler", "euler_a", "heun", "dpmpp_2m", "dpmpp_2m_sde", "dpm_2", "lms"]
    assert len({known_as(name) for name in names}) == len(names)
