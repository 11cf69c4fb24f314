"""The train role hands messages to the training package and its events back."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.errors import UsageError
from genstudio.core.events import Done, Log
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe
from genstudio.core.settings import Settings
from genstudio.workers import inline

RECIPE = Recipe(family="gan", model="toy", data="shapes", seed=5)


@pytest.fixture
def called(monkeypatch):
    """What the jobs of the training package were called with."""
    calls: list[tuple] = []

    def fake(name):
        def job(home, what, part, *, base=None, device="auto", copy_of=""):
            calls.append((name, home.root, what, base, device, *filter(None, [copy_of])))
            yield Log(text="Run 0001-toy")
            yield Done(data={"run": "0001-toy"})

        return job

    from genstudio.training import jobs

    for name in ("run_training", "resume", "plan"):
        monkeypatch.setattr(jobs, name, fake(name))
    return calls


def test_a_recipe_starts_a_run(called, tmp_path):
    body = {"recipe": RECIPE.model_dump(mode="json"), "base": str(tmp_path)}
    events = list(inline.run("train", "train", body, Home(tmp_path)))
    assert [event.kind for event in events] == ["log", "done"]
    assert called == [("run_training", tmp_path, RECIPE, Path(tmp_path), "auto")]


def test_a_run_goes_on(called, tmp_path):
    home = Home(tmp_path)
    home.settings_file.write_bytes(Settings(device="cpu").to_bytes())
    list(inline.run("train", "train", {"run": "0001-toy"}, home))
    assert called == [("resume", tmp_path, "0001-toy", None, "cpu")]


def test_a_plan_is_measured(called, tmp_path):
    list(inline.run("train", "plan", {"recipe": RECIPE.model_dump(mode="json")}, Home(tmp_path)))
    assert called == [("plan", tmp_path, RECIPE, None, "auto")]


def test_neither_recipe_nor_run_is_a_mistake(called, tmp_path):
    for body in ({}, {"recipe": "x"}):
        with pytest.raises(UsageError, match="needs a recipe"):
            list(inline.run("train", "train", body, Home(tmp_path)))
    assert called == []
