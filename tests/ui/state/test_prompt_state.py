"""History, styles and what a model understands."""

from __future__ import annotations

import pytest

from genstudio.core.controls import Int, Text
from genstudio.core.family import Task
from genstudio.ui.state.generation_state import GenerationState
from genstudio.ui.state.prompt_state import MOST_HISTORY
from tests.helpers.fake_studio import FakeModel, result

PROMPT = Text(name="prompt", label="Prompt", role="prompt")
AVOID = Text(name="negative", label="Avoid", role="negative", more=True)
STEPS = Int(name="steps", label="Steps", default=20, low=1, high=100)
COUNT = Int(name="count", label="Pictures", default=1, low=1, high=64)
DRAW = Task(name="draw", title="Draw", verb="Draw", controls=(PROMPT, COUNT, STEPS, AVOID))
MORPH = Task(name="morph", title="Morph", verb="Morph", controls=(PROMPT, STEPS))
CONFIG = {"size": 16, "words": ["cat", "dog", ""], "length": 9, "examples": ["a cat", 3]}


@pytest.fixture
def generation(studio):
    words = FakeModel("words", "Words", (DRAW, MORPH), config=CONFIG)
    studio.library.models.insert(0, words)
    made = GenerationState(studio)
    yield made
    made.close()


@pytest.fixture
def prompts(generation):
    return generation.prompts


def _ask(generation, prompt: str, negative: str = "") -> dict:
    generation.ask.set_value("prompt", prompt)
    generation.ask.set_value("negative", negative)
    generation.submit()
    return generation.rounds[-1].request.values


# ---- what a model understands


def test_knowledge_comes_from_the_config_and_ignores_what_is_no_text(generation, prompts):
    found = prompts.knowledge()
    assert (found.words, found.most, found.examples) == (("cat", "dog"), 8, ("a cat",))
    generation.ask.set_model("shapes")
    assert prompts.knowledge().words == ()
    assert prompts.knowledge().most == 0


# ---- one prompt for all tasks


def test_the_prompt_goes_with_the_model_not_with_the_task(generation):
    ask = generation.ask
    ask.set_value("prompt", "a cat")
    ask.set_value("steps", 4)
    ask.set_task("morph")
    assert ask.values == {"prompt": "a cat", "steps": 20}
    ask.set_values({"prompt": "a dog"})
    ask.set_task("draw")
    assert (ask.values["prompt"], ask.values["steps"]) == ("a dog", 4)
    ask.set_model("shapes")
    assert "prompt" not in ask.values


# ---- history


def test_history_has_the_newest_first_and_each_text_once(generation, prompts, heard):
    changes = heard(prompts.history_changed)
    for text in ("a", "b", " a ", "", "c", "c"):
        _ask(generation, text)
    assert prompts.history("prompt") == ["c", "a", "b"]
    assert prompts.history("negative") == []
    assert len(changes) == 4


def test_history_is_bounded_and_kept_over_a_restart(generation, prompts, studio):
    for number in range(MOST_HISTORY + 5):
        generation.ask.set_value("prompt", f"p{number}")
        prompts.remember()
    _ask(generation, "last", "mud")
    again = GenerationState(studio)
    again.restore(generation.snapshot())
    assert again.prompts.history("prompt") == prompts.history("prompt")
    assert len(again.prompts.history("prompt")) == MOST_HISTORY
    assert again.prompts.history("prompt")[:2] == ["last", f"p{MOST_HISTORY + 4}"]
    assert again.prompts.history("negative") == ["mud"]
    again.close()


def test_cleared_history_comes_back_with_undo_behind_newer_ones(generation, prompts, heard):
    _ask(generation, "old")
    _ask(generation, "older", "mud")
    said = heard(prompts.said)
    prompts.forget_history()
    assert prompts.history("prompt") == []
    _ask(generation, "new")
    said[0][2]()
    assert prompts.history("prompt") == ["new", "older", "old"]
    assert prompts.history("negative") == ["mud"]
    prompts._history = {}
    prompts.forget_history()
    assert len(said) == 1


@pytest.mark.parametrize(
    "saved",
    [{}, {"history": 3, "styles": "x"}, {"history": {"image": {"prompt": [1, " ", "ok"]}}}],
)
def test_a_strange_session_does_no_harm(prompts, saved):
    prompts.restore(saved)
    assert prompts.history("prompt") == (["ok"] if isinstance(saved.get("history"), dict) else [])
    assert prompts.active == []


# ---- styles


@pytest.fixture
def soft(generation, prompts):
    generation.ask.set_values({"prompt": "{prompt}, soft", "negative": "mud", "steps": 7})
    assert prompts.keep("Soft", with_values=True)
    generation.ask.reset_values()
    return prompts


def test_a_style_in_use_dresses_the_request_and_not_the_field(generation, soft):
    soft.use("soft")
    values = _ask(generation, "a cat")
    assert (values["prompt"], values["negative"], values["steps"]) == ("a cat, soft", "mud", 7)
    assert generation.ask.values["prompt"] == "a cat"
    assert soft.history("prompt") == ["a cat"]
    soft.use("Soft", False)
    assert _ask(generation, "a cat")["prompt"] == "a cat"


def test_settings_of_a_style_are_set_once_and_can_be_taken_back(generation, soft, heard):
    said = heard(soft.said)
    soft.use("Soft")
    assert generation.ask.values["steps"] == 7
    assert said[0][:2] == ("“Soft” changed steps", "Undo")
    said[0][2]()
    assert generation.ask.values["steps"] == 20
    generation.ask.set_value("steps", 9)
    assert _ask(generation, "a cat")["steps"] == 9


def test_style_without_settings_holds_only_words(generation, prompts, heard):
    said = heard(prompts.said)
    generation.ask.set_values({"prompt": "neon", "steps": 3})
    assert prompts.keep(" Neon  night ")
    assert prompts.styles[0].values == {}
    assert said[0][:2] == ("Style “Neon night” is kept", "Use it now")
    said[0][2]()
    assert (generation.ask.values["prompt"], prompts.active) == ("", ["Neon night"])
    assert generation.ask.values["steps"] == 3


def test_replacing_renaming_deleting_and_undo(generation, soft, heard):
    said, problems = heard(soft.said), heard(soft.problem)
    soft.use("Soft")
    generation.ask.set_value("prompt", "hard")
    soft.keep("soft")
    assert said[-1][:2] == ("Style “soft” is replaced", "Undo")
    said[-1][2]()
    assert soft.styles[0].prompt == "{prompt}, soft"
    assert soft.rename("Soft", "Softer")
    assert soft.active == ["Softer"]
    assert not soft.rename("gone", "x")
    soft.delete("Softer")
    assert (soft.styles, soft.active) == ([], [])
    said[-1][2]()
    assert (len(soft.styles), soft.active) == (1, ["Softer"])
    soft.delete("gone")
    assert len(problems) == 2


def test_nothing_makes_no_style_and_no_name_neither(generation, prompts, heard):
    problems = heard(prompts.problem)
    assert not prompts.keep("empty")
    generation.ask.set_value("prompt", "x")
    assert not prompts.keep("   ")
    assert "write one first" in problems[0].sentence
    assert "cannot be kept as a style" in problems[1].sentence


def test_settings_of_a_picture_come_without_its_styles_on_top(generation, soft, studio):
    soft.use("Soft")
    _ask(generation, "a cat")
    made = generation.rounds[-1]
    generation.on_event(result(studio, made.job, made.request, 0))
    assert generation.use_settings_of(generation.artifact_of(made.places[0]))
    assert soft.active == []
    assert generation.ask.request(1).values["prompt"] == "a cat, soft"


def test_styles_in_use_survive_a_restart_and_deletion(generation, soft, studio):
    soft.use("Soft")
    again = GenerationState(studio)
    again.restore(generation.snapshot())
    assert again.prompts.active == ["Soft"]
    studio.styles.remove("Soft")
    assert again.prompts.active == []
    again.close()
