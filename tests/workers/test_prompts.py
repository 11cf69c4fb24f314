"""The generate role on a model that reads prompts: words it does not know, previews of steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.events import Log, Preview, Progress, Result
from genstudio.core.paths import Home
from genstudio.core.request import Request
from genstudio.workers import inline
from tests.helpers import noisy


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A data folder with a model of few steps."""
    made = Home(tmp_path_factory.mktemp("prompts"))
    noisy.package(made.models / "hand-diffusion", "text", distilled=4)
    return made


def made(home: Home, spool: Path, prompt: str, live: bool = False, count: int = 2) -> list:
    """All events of a generation."""
    request = Request(
        model="hand-diffusion",
        task="sample",
        seed=3,
        values={"prompt": prompt, "count": count},
        live=live,
    )
    body = {"request": request.model_dump(mode="json")}
    return list(inline.run("generate", "generate", body, home, spool))


def test_unknown_words_are_told_once_for_all_pictures(home: Home, tmp_path: Path) -> None:
    events = made(home, tmp_path, "alpha {in tartan|with a hat}")
    said = [event for event in events if isinstance(event, Log)]
    assert [log.level for log in said] == ["info"]
    for word in ("in", "tartan", "with", "a", "hat"):
        assert word in said[0].text.rpartition(": ")[2].split(", ")
    results = [event for event in events if isinstance(event, Result)]
    assert {r.data["prompt"] for r in results} == {"alpha in tartan", "alpha with a hat"}
    facts = results[0].data["provenance"]["facts"]
    assert facts["ignored"] in ("in, tartan", "with, a, hat")


def test_nothing_is_said_where_every_word_is_known(home: Home, tmp_path: Path) -> None:
    assert not [e for e in made(home, tmp_path, "alpha, beta") if isinstance(e, Log)]


def test_steps_are_counted_and_shown(home: Home, tmp_path: Path) -> None:
    events = made(home, tmp_path, "gamma")
    said = [event for event in events if isinstance(event, Progress)]
    assert [(p.done, p.total) for p in said] == [(i, 4) for i in range(5)]
    assert said[-1].text == "step 4 of 4"
    assert {e.index for e in events if isinstance(e, Preview)} == {0, 1}


def test_a_model_of_few_steps_answers_while_something_is_dragged(
    home: Home, tmp_path: Path
) -> None:
    events = made(home, tmp_path, "gamma", live=True)
    assert [e for e in events if isinstance(e, Preview)][-1].index == 1
    assert not list(tmp_path.iterdir())
