"""A whole evaluation of a model of text on a dataset in its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Done, Log, Metric, Started
from genstudio.core.manifest import Score
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.datasets import ingest, store
from genstudio.engine.loaded_model import LoadedModel
from genstudio.evaluation import evaluate as evaluation
from genstudio.evaluation import text_splits
from genstudio.media import tokens
from tests.evaluation import lettered

QUICK = ("bits_per_character", "perplexity", "repetition", "verbatim")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def data_of(home: Home, kinds: dict[str, list[str]], name: str = "letters") -> Path:
    """A dataset of texts, a folder for each kind."""
    source = home.root.parent / f"source {name}"
    for kind, written in kinds.items():
        (source / kind).mkdir(parents=True)
        for number, text in enumerate(written):
            (source / kind / f"{kind} {number}.txt").write_text(text, "utf-8")
    list(ingest.add(home, source, name))
    return home.datasets / name


def two_kinds(count: int = 3) -> dict[str, list[str]]:
    return {
        kind: [one.text for one in lettered.passages(kind, count, 5)]
        for kind in ("storms", "tales")
    }


def model_for(data: Path, folder: Path, trained: bool = True) -> LoadedModel:
    everything = lettered.TALE + lettered.STORM + "\n"
    tokenizer = tokens.train("chars", [everything], 200, ("storms", "tales"))
    sha256 = store.open_dataset(data).sha256 if trained else ""
    return lettered.model(tokenizer, folder, sha256)


def write_recipe(folder: Path, holdout: float) -> None:
    folder.mkdir(exist_ok=True)
    recipe = Recipe(
        family="gan", model="letters", data="letters", settings=TrainerSettings(holdout=holdout)
    )
    (folder / "recipe.json").write_bytes(recipe.to_bytes())


def stepper(model: LoadedModel) -> lettered.Letters:
    return lettered.Letters(model.tokenizer, lettered.TALE + lettered.STORM)


def material(model: LoadedModel, data: Path, samples: int = 8):
    return text_splits.material_of(model, data, samples, 0, stepper, {"temperature": 0.7})


def test_a_whole_evaluation(home: Home) -> None:
    data = data_of(home, two_kinds())
    write_recipe(home.root, 0.25)
    model = model_for(data, home.root)
    events = list(
        evaluation.evaluate(
            home.root,
            None,
            data,
            QUICK,
            samples=8,
            tasks=lambda family: {},
            steppers=lambda family: stepper,
            values={"temperature": 0.7},
            opening=lambda folder: model,
        )
    )
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Done)
    found = [Score.model_validate(value) for value in events[-1].data["scores"]]
    assert [score.metric for score in found] == list(QUICK)
    assert [name for e in events if isinstance(e, Metric) for name in e.values] == list(QUICK)
    for score in found:
        assert score.settings["data"] == "letters"
        assert score.settings["data_sha256"] == store.open_dataset(data).sha256
        assert score.settings["split"] == "valid"
        assert score.settings["kind"] == "text"
    assert events[-1].data["pairs"] == []


def test_a_family_that_cannot_be_asked_is_refused_in_words(home: Home) -> None:
    data = data_of(home, two_kinds(1))
    model = model_for(data, home.root)
    with pytest.raises(UsageError, match="nothing of Letters can be measured on letters"):
        list(
            evaluation.evaluate(
                home.root, None, data, tasks=lambda family: {}, opening=lambda folder: model
            )
        )


def test_the_share_that_the_recipe_kept_is_what_is_unseen(home: Home) -> None:
    data = data_of(home, two_kinds())
    folder = home.root / "package"
    write_recipe(folder, 0.25)
    whole = sum(len(text) for texts in two_kinds().values() for text in texts)
    quarter = material(model_for(data, folder), data)
    unseen = sum(len(one.text) for one in quarter.test)
    assert unseen == pytest.approx(whole / 4, rel=0.05)
    assert quarter.held_out
    # Another model never saw any of it: the usual share stands for all.
    other = material(model_for(data, folder, trained=False), data)
    assert sum(len(one.text) for one in other.test) < unseen


def test_where_nothing_was_kept_apart_it_is_said(home: Home) -> None:
    data = data_of(home, two_kinds())
    folder = home.root / "package"
    write_recipe(folder, 0.0)
    found = material(model_for(data, folder), data)
    assert not found.held_out
    assert found.data["split"] == "train"
    warning = next(e for e in found.remarks(1) if isinstance(e, Log))
    assert warning.level == "warning"
    assert "No text was kept from training" in warning.text


def test_remarks_on_little_text_and_few_beginnings(home: Home) -> None:
    data, folder = data_of(home, two_kinds(2)), home.root / "package"
    found = material(model_for(data, folder), data)
    said = [event.text for event in found.remarks(500)]
    assert any("characters were kept from training" in text for text in said)
    assert any("No text is written" in text for text in said)
    write_recipe(folder, 0.25)
    found = material(model_for(data, folder), data)
    assert any("4 texts are written" in event.text for event in found.remarks(500))
    assert not any("are written" in event.text for event in found.remarks(4))


def test_too_little_text_is_refused(home: Home) -> None:
    data = data_of(home, {"tales": ["hi"]}, "tiny")
    with pytest.raises(BadInput, match="too few to measure anything"):
        material(model_for(data, home.root), data)


def test_kinds_and_names_come_with_the_texts(home: Home) -> None:
    found = material(model_for(data_of(home, two_kinds()), home.root), home.datasets / "letters")
    assert {one.label for one in found.train} == {"storms", "tales"}
    assert all(one.label in one.name for one in found.train)
    assert found.length >= 80
