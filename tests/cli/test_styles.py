"""`styles`, and `--style` of the commands that ask for pictures."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from genstudio.cli.app import main
from genstudio.cli.batch import Words
from genstudio.cli.flags import to_request
from genstudio.cli.many import describe
from genstudio.core.controls import Int, Text
from genstudio.core.errors import UsageError
from genstudio.core.family import Task
from genstudio.core.style import Style

PROMPT = Text(name="prompt", label="Prompt", role="prompt")
AVOID = Text(name="negative", label="Avoid", role="negative")
STEPS = Int(name="steps", label="Steps", default=20, low=1, high=50)
DRAW = Task(name="draw", title="Draw", verb="Draw", controls=(PROMPT, STEPS, AVOID))
PLAIN = Task(name="plain", title="Plain", verb="Draw", controls=(STEPS,))
TASKS = {"": DRAW, "draw": DRAW, "plain": PLAIN}
MODEL = SimpleNamespace(id="m", title="M", task=TASKS.__getitem__)
SOFT = Style(
    name="Soft", prompt="{prompt}, soft", negative="mud", values={"steps": 7, "gone": 1, "count": 9}
)
HARSH = Style(name="Harsh", prompt="harsh", values={"steps": 999})


def _values(*words: str, styles=(SOFT,)) -> dict:
    return to_request(MODEL, DRAW, "1", None, words, [], styles).values


def test_words_of_styles_go_around_and_typed_settings_win():
    assert _values("prompt=a cat") == {"prompt": "a cat, soft", "negative": "mud", "steps": 7}
    found = _values("prompt=a cat", "steps=3", "negative=dog", styles=(SOFT, HARSH))
    assert found == {"prompt": "a cat, soft, harsh", "negative": "dog, mud", "steps": 3}
    assert _values(styles=(HARSH,))["steps"] == 20  # what does not fit is left out
    assert _values("prompt=a cat", styles=())["prompt"] == "a cat"


def test_a_task_without_a_prompt_refuses_styles():
    with pytest.raises(UsageError, match="--style does not apply"):
        to_request(MODEL, PLAIN, "1", None, [], [], (SOFT,))


def test_every_line_of_a_list_gets_the_style(tmp_path):
    lines = tmp_path / "list.csv"
    lines.write_text("prompt,negative\na cat,\na dog,bone\n", encoding="utf-8")
    words = Words("m", "", "1", None, [], [], "", (SOFT,))
    items = describe(MODEL, words, lines).items
    assert [item.values["prompt"] for item in items] == ["a cat, soft", "a dog, soft"]
    assert [item.values.get("negative") for item in items] == [None, "bone, mud"]
    assert words.given


@pytest.fixture
def styles(tmp_path, capsys):
    """`styles(...)` -> (exit code, stdout, stderr)."""

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["styles", *words], str(tmp_path / "home"))
        return code, *capsys.readouterr()

    return call


def test_styles_are_added_listed_replaced_and_removed(styles):
    assert styles("add", "Soft", "--prompt", "{prompt}, soft", "--negative", "mud")[0] == 0
    assert "replaced" in styles("add", "soft", "--prompt", "softer")[2]
    code, out, _ = styles("list", "--json")
    kept = json.loads(out)["data"]["styles"]
    assert (code, kept) == (
        0,
        [{"name": "soft", "prompt": "softer", "negative": "", "values": {}}],
    )
    assert "softer" in styles("list")[1]
    assert "removed" in styles("remove", "SOFT")[2]
    code, _, err = styles("remove", "soft")
    assert code == 1
    assert "none yet" in err


def test_a_style_needs_words_and_a_name(styles):
    assert styles("add", "Empty")[0] == 2
    code, _, err = styles("add", "x" * 61, "--prompt", "a")
    assert code == 2
    assert "no style" in err


def test_an_unknown_style_is_named_with_those_that_there_are(styles, tmp_path, capsys):
    styles("add", "Soft", "--prompt", "soft")
    code = main(["generate", "m", "--style", "nix"], str(tmp_path / "home"))
    assert code == 1
    assert "no style 'nix'. Known are: Soft" in capsys.readouterr().err
