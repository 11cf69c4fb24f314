"""Captioned data on disk: what is gathered, what a model never saw, and a whole evaluation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.events import Done, Log
from genstudio.core.manifest import Score, TrainedOn
from genstudio.core.paths import Home
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.datasets import store
from genstudio.engine.device import choose
from genstudio.engine.loaded_model import LoadedModel
from genstudio.engine.package_folder import read_manifest
from genstudio.evaluation import captioned, evaluate, judges, splits
from genstudio.media import image
from genstudio.workers import inline
from tests.evaluation import worded
from tests.helpers import packages

HELD = ("Alpha + bright",)


def large(pixels: np.ndarray) -> bytes:
    """The picture twice as large, as PNG: smaller ones are not taken in."""
    return image.png(pixels.repeat(2, axis=0).repeat(2, axis=1))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A data folder with 120 pictures, the last twelve of them without a caption."""
    home = Home(tmp_path_factory.mktemp("home"))
    source = home.root / "pictures"
    source.mkdir()
    random = np.random.default_rng(0)
    for number in range(120):
        words = worded.caption(number)
        noisy = worded.draw(words) ^ random.integers(0, 4, (8, 8, 1), dtype=np.uint8)
        (source / f"{number:03d}.png").write_bytes(large(noisy))
        if number < 108:
            (source / f"{number:03d}.txt").write_text(f"{words}\nnumber {number}")
    body = {"path": str(source), "name": "worded", "copy": False}
    list(inline.run("files", "add_dataset", body, home))
    return home


@pytest.fixture(scope="module")
def models(home: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A model of words and its judges, all trained on these data without bright Alphas."""
    place = tmp_path_factory.mktemp("models")
    made = {
        "model": packages.gan(place / "model"),
        "reader": packages.reader(place / "reader"),
        "matcher": packages.matcher(place / "matcher"),
        "judge": packages.judge(place / "judge"),
    }
    for name in ("model", "reader", "matcher"):
        trained(made[name], store.load(home, "worded").sha256)
    return made


def trained(folder: Path, sha256: str) -> None:
    manifest = read_manifest(folder)
    on = (TrainedOn(name="worded", sha256=sha256),)
    (folder / "model.json").write_bytes(manifest.model_copy(update={"trained_on": on}).to_bytes())
    recipe = Recipe(
        family=manifest.family, model="m", data="worded", hold_out=HELD,
        settings=TrainerSettings(holdout=0.2),
    )  # fmt: skip
    (folder / "recipe.json").write_bytes(recipe.to_bytes())


def opened(folder: Path) -> LoadedModel:
    return LoadedModel.open(folder, choose("cpu", 1))


def test_every_captioned_picture_is_gathered_with_its_words(home, models) -> None:
    found = captioned.gather(home.datasets / "worded", 8, 1)
    assert len(found) == 108
    assert all(said[0] == caption for said, caption in zip(found.said, found.captions))
    assert all(said[1].startswith("number") for said in found.said)
    some = np.array([100, 3])
    for pixels, place in zip(found.pixels(some), some.tolist(), strict=True):
        drawn = worded.draw(found.captions[place])
        assert np.corrcoef(pixels.ravel(), drawn.ravel())[0, 1] > 0.9, (
            "the picture that the caption speaks of"
        )


def test_what_a_model_never_saw(home, models) -> None:
    found = captioned.gather(home.datasets / "worded", 8, 1)
    unseen = found.unseen_by(opened(models["model"]))
    bright_alphas = found.holding(HELD)
    assert bright_alphas.sum() == 18
    assert unseen[bright_alphas].all()
    assert (unseen & ~bright_alphas).sum() == ((found.rows < 24) & ~bright_alphas).sum()
    assert found.unseen_by(opened(models["judge"])).all()


def test_held_out_combinations_are_no_training_pictures(home, models) -> None:
    found = splits.open_splits(opened(models["model"]), home.datasets / "worded")
    assert not any("Alpha, bright" in "".join(said) for said in found.train.captions)
    assert len(found.train.captions) == len(found.train.images) == len(found.train.rows)
    whole = splits.open_splits(opened(models["judge"]), home.datasets / "worded")
    assert any("Alpha, bright" in "".join(said) for said in whole.train.captions)


def test_data_without_captions_gather_nothing(home, tmp_path: Path) -> None:
    source = tmp_path / "bare"
    source.mkdir()
    for number in range(8):
        (source / f"{number}.png").write_bytes(large(worded.draw(worded.caption(number))))
    body = {"path": str(source), "name": "bare", "copy": False}
    list(inline.run("files", "add_dataset", body, home))
    assert captioned.gather(home.datasets / "bare", 8, 1) is None


def test_judges_are_appointed_by_the_data(home, models) -> None:
    data = store.load(home, "worded")
    found = judges.appoint(models.values(), data)
    assert found == judges.Judges(models["reader"], models["reader"], models["matcher"])
    # A judge that is asked for does what it can; the others stay.
    asked = judges.appoint(models.values(), data, models["matcher"])
    assert asked == found
    asked = judges.appoint([models["judge"]], data, models["reader"])
    assert asked == judges.Judges(models["reader"], models["reader"], None)
    asked = judges.appoint(models.values(), data, models["judge"])
    assert asked == judges.Judges(models["judge"], models["reader"], models["matcher"])
    other = data.model_copy(update={"sha256": "e" * 64})
    assert judges.appoint(models.values(), other) == judges.Judges()


def scores(home: Home, folder: Path, sampler: worded.Draws, *metrics: str, **more) -> list[Score]:
    *_, done = evaluate.evaluate(
        folder,
        None,
        home.datasets / "worded",
        metrics,
        samples=40,
        tasks=lambda family: {"sample": sampler} if family == "gan" else {},
        device=choose("cpu", 1),
        **more,
    )
    assert isinstance(done, Done)
    return [Score.model_validate(score) for score in done.data["scores"]]


def test_a_whole_evaluation_of_a_model_of_words(home, models) -> None:
    sampler = worded.Draws()
    found = scores(
        home, models["model"], sampler, "prompt_following", "matching",
        prompt="prompt", reader=models["reader"], pairer=models["matcher"],
    )  # fmt: skip
    named = {score.metric: score for score in found}
    assert set(named) == {"prompt_following", "prompt_following_new", "matching"}
    assert named["prompt_following"].value == named["prompt_following_new"].value == 1.0
    assert named["prompt_following_new"].settings["captions"] == 1
    assert named["matching"].settings["extractor"] == "hand-matcher"
    asked = [text for _, text in sampler.asked]
    assert len(asked) == 40 + 10, "one caption of a held-out combination, ten times"


def test_samples_of_other_scores_are_asked_for_by_captions_of_training(home, models) -> None:
    sampler = worded.Draws()
    events = list(
        evaluate.evaluate(
            models["model"],
            models["judge"],
            home.datasets / "worded",
            ("precision",),
            samples=20,
            tasks=lambda family: {"sample": sampler},
            prompt="prompt",
            device=choose("cpu", 1),
        )
    )
    assert isinstance(events[-1], Done)
    asked = [text for _, text in sampler.asked]
    assert len(asked) == 20
    assert "one Alpha, bright" not in asked
    assert len(set(asked)) == 5


def test_judges_of_captions_have_scores_of_their_own(home, models) -> None:
    for name, metric in (("reader", "reading"), ("matcher", "pairing")):
        found = scores(home, models[name], worded.Draws())
        assert [score.metric for score in found] == [metric]
        assert found[0].settings["split"] == "unseen"


def test_a_reader_as_extractor_is_not_said_to_know_nothing(home, models) -> None:
    said = [
        event.text
        for event in evaluate.evaluate(
            models["model"], models["reader"], home.datasets / "worded", ("precision",),
            samples=16, tasks=lambda family: {"sample": worded.Draws()}, prompt="prompt",
            device=choose("cpu", 1),
        )
        if isinstance(event, Log)
    ]  # fmt: skip
    assert not any("does not know what" in text for text in said)
