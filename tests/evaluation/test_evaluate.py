"""A whole evaluation, the choice of the judge and of the metrics."""

from pathlib import Path

import numpy as np
import pytest

from genstudio.core.dataset import DataFacts, Dataset
from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Done, Log, Metric, Progress, Started
from genstudio.core.manifest import Score, TrainedOn
from genstudio.core.recipe import Recipe, TrainerSettings
from genstudio.datasets.store import Pixels
from genstudio.engine.device import choose
from genstudio.engine.package_folder import read_manifest
from genstudio.evaluation import evaluate as evaluation
from genstudio.evaluation import judges, registry, splits
from genstudio.families import part
from tests.evaluation.conftest import Split, split
from tests.helpers import packages

FAST = {"first_result", "per_result", "speed"}
UNJUDGED = FAST | {"copies", "nearest"}


@pytest.fixture(autouse=True)
def pictures(monkeypatch: pytest.MonkeyPatch) -> dict[str, Split]:
    """The dataset of the world in place of a stored one."""
    found = {"train": split(240, 1), "valid": split(60, 3), "test": split(120, 2)}
    monkeypatch.setattr(
        splits.store, "open_pixels", lambda folder, size, channels, name, holdout: found[name]
    )
    facts = Dataset(name="world", title="World", facts=DataFacts(count=300), valid_count=60)
    monkeypatch.setattr(splits.store, "open_dataset", lambda folder: facts)
    return found


def run(folder: Path, judge: Path | None, *metrics: str, **more) -> list:
    return list(
        evaluation.evaluate(
            folder,
            judge,
            Path("world"),
            metrics,
            samples=100,
            tasks=lambda family: part(family, "sample").TASKS,
            device=choose("cpu", 1),
            **more,
        )
    )


def scores(events: list) -> dict[str, Score]:
    found = [Score.model_validate(value) for value in events[-1].data["scores"]]
    return {score.metric: score for score in found}


def test_a_gan_gets_every_score_that_suits_it(folders: dict[str, Path]) -> None:
    events = run(folders["gan"], folders["judge"])
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Done)
    found = scores(events)
    assert set(found) == {
        "class_agreement",
        "classifier_accuracy",
        "copies",
        "coverage",
        "density",
        "diversity",
        "first_result",
        "frechet",
        "kernel",
        "nearest",
        "per_result",
        "precision",
        "recall",
        "speed",
    }
    for score in found.values():
        assert score.samples > 0
        assert score.low is not None
        assert score.low <= score.value <= score.high
        assert score.help
        assert score.settings["seed"] == 0
        assert score.settings["data"] == "world"
        assert score.settings.get("real") == (None if score.metric in FAST else 100)
        assert ("extractor" in score.settings) is not (score.metric in UNJUDGED)
        assert (score.floor is None) is (score.metric in FAST)
    told = {name for event in events if isinstance(event, Metric) for name in event.values}
    assert told == set(found)
    assert any(
        isinstance(event, Progress) and event.text.startswith("sampling") for event in events
    )


def test_the_same_seed_gives_the_same_scores(folders: dict[str, Path]) -> None:
    names = ("frechet", "precision", "nearest")
    first, second = (scores(run(folders["gan"], folders["judge"], *names)) for _ in range(2))
    assert first == second
    other = scores(run(folders["gan"], folders["judge"], *names, seed=9))
    assert other["frechet"].value != first["frechet"].value


def test_a_vae_also_gets_its_reconstruction(folders: dict[str, Path]) -> None:
    events = run(folders["vae"], folders["judge"], "reconstruction")
    assert set(scores(events)) == {"reconstruction"}
    assert len(events[-1].data["config"]["anomaly_quantiles"]) == 101
    # Nothing was sampled for it.
    assert not any(isinstance(e, Progress) and "sampling" in e.text for e in events)


def test_a_judge_gets_its_accuracy(folders: dict[str, Path]) -> None:
    assert set(scores(run(folders["judge"], None))) == {"accuracy"}
    (found,) = scores(run(folders["judge"], folders["judge"])).values()
    assert "extractor" not in found.settings


def test_without_a_judge_only_what_needs_none(folders: dict[str, Path]) -> None:
    events = run(folders["gan"], None)
    assert set(scores(events)) == UNJUDGED
    assert any(isinstance(event, Log) and event.level == "warning" for event in events)


def test_without_a_test_part_the_held_out_one_serves(
    folders: dict[str, Path], pictures: dict[str, Split]
) -> None:
    pictures["test"] = Split(pictures["test"].images[:0], None)
    found = scores(run(folders["judge"], None))
    assert found["accuracy"].samples == 60
    assert found["accuracy"].settings["split"] == "valid"
    pictures["valid"] = pictures["test"]
    pictures["train"] = split(7, 1)
    with pytest.raises(BadInput, match="holds 7 pictures: too few to measure"):
        run(folders["judge"], None)


def test_a_judge_of_other_classes_has_nothing_to_say(
    folders: dict[str, Path], pictures: dict[str, Split]
) -> None:
    pictures["test"].labels = None
    with pytest.raises(UsageError, match=r"nothing of Hand-made .* can be measured on world"):
        run(folders["judge"], None)


def test_values_of_controls_are_used_and_recorded(folders: dict[str, Path]) -> None:
    calm = scores(run(folders["gan"], folders["judge"], "diversity", values={"truncation": 0.3}))[
        "diversity"
    ]
    assert calm.value < 0.7
    assert calm.settings["values"] == {"truncation": 0.3}


def test_unknown_and_unsuitable_metrics_are_sentences(folders: dict[str, Path]) -> None:
    with pytest.raises(UsageError, match="no metric 'beauty'; known are: accuracy"):
        run(folders["gan"], folders["judge"], "beauty")
    with pytest.raises(UsageError, match="reconstruction cannot be computed here"):
        run(folders["gan"], folders["judge"], "reconstruction")
    with pytest.raises(UsageError, match="class_agreement cannot"):
        run(folders["plain"], folders["judge"], "class_agreement")


def test_a_generator_is_no_judge(folders: dict[str, Path]) -> None:
    with pytest.raises(BadInput, match="is no judge"):
        run(folders["gan"], folders["vae"])


def test_it_stops_when_nobody_asks_for_more(folders: dict[str, Path]) -> None:
    steps = evaluation.evaluate(
        folders["gan"],
        folders["judge"],
        Path("world"),
        samples=100,
        tasks=lambda family: part(family, "sample").TASKS,
    )
    assert isinstance(next(steps), Started)
    next(steps)
    steps.close()


def test_metrics_explain_themselves() -> None:
    for name, metric in registry.metrics().items():
        assert name == metric.name
        assert metric.help.endswith(".")
        assert metric.title[0].isupper()


def data_of(*classes: str, sha256: str = "f" * 64, **facts) -> Dataset:
    return Dataset(
        name="d", title="D", sha256=sha256, facts=DataFacts(count=9, classes=classes, **facts)
    )


def test_the_judge_that_fits_best_is_chosen(folders: dict[str, Path], tmp_path: Path) -> None:
    other = packages.judge(tmp_path / "other", names=("Alpha", "Shoe", "Hat"))
    stranger = packages.judge(tmp_path / "stranger", names=("Cat", "Dog", "Owl"))
    broken = tmp_path / "broken"
    broken.mkdir()
    everything = [broken, folders["gan"], stranger, other, folders["judge"]]
    own = data_of(*packages.NAMES)
    assert judges.choose(everything, own) == folders["judge"]
    # Knowing one of three classes is not enough, and one common word proves nothing.
    assert judges.choose([broken, folders["gan"], stranger, other], own) is None
    assert judges.choose([stranger, other], data_of("Alpha", "Hat")) == other
    assert judges.choose([stranger, other], data_of("Alpha")) is None
    assert judges.choose([stranger, other], data_of()) is None
    its_own = trained_on(packages.judge(tmp_path / "its-own", names=("a", "b", "c")), "a" * 64)
    everything = [stranger, its_own, folders["judge"]]
    assert judges.choose(everything, data_of("Cat", "Dog", sha256="a" * 64)) == its_own
    assert judges.choose(everything, data_of("Cat", "Dog")) == stranger
    # Data and judges that do not say what they are have nothing in common.
    assert judges.choose([trained_on(its_own, "")], data_of(sha256="")) is None


def trained_on(folder: Path, sha256: str) -> Path:
    manifest = read_manifest(folder)
    renewed = manifest.model_copy(update={"trained_on": (TrainedOn(name="d", sha256=sha256),)})
    (folder / "model.json").write_bytes(renewed.to_bytes())
    return folder


def test_among_several_judges_the_size_of_the_pictures_decides(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    large = packages.judge(tmp_path / "large")
    manifest = read_manifest(large)
    config = {**manifest.config, "size": 64}
    (large / "model.json").write_bytes(manifest.model_copy(update={"config": config}).to_bytes())
    for some in ([large, folders["judge"]], [folders["judge"], large]):
        small_data = data_of(*packages.NAMES, size=packages.SIZE, channels=1)
        assert judges.choose(some, small_data) == folders["judge"]
        assert judges.choose(some, data_of(*packages.NAMES, size=64, channels=1)) == large


def test_the_general_judge_steps_in_where_there_is_no_judge_of_the_sets_own(
    folders: dict[str, Path], general: Path
) -> None:
    assert judges.choose([general, folders["judge"]], data_of(*packages.NAMES)) == folders["judge"]
    assert judges.choose([general], data_of(*packages.NAMES)) == general
    assert judges.choose([general, folders["judge"]], data_of()) == general


def test_the_general_judge_measures_without_knowing_classes(
    folders: dict[str, Path], general: Path, pictures: dict[str, Split]
) -> None:
    events = run(folders["gan"], general)
    found = scores(events)
    assert "class_agreement" not in found
    assert {s.settings.get("extractor") for s in found.values()} == {"general-judge", None}
    # Classes are those of the model, so the classifier and the variety are measured by class.
    assert found["classifier_accuracy"].value > 0.9
    assert set(found["diversity"].settings["by_class"]) == set(packages.NAMES)
    assert found["precision"].value > 0.5
    said = [event.text for event in events if isinstance(event, Log)]
    assert any("measures likeness" in text for text in said)
    pictures["test"].labels = None  # as in data that have no classes
    bare = scores(run(folders["gan"], general, "diversity"))["diversity"]
    assert "by_class" not in bare.settings
    assert bare.value == pytest.approx(1, abs=0.3)
    plain = scores(run(folders["plain"], general, "diversity", "coverage"))
    assert "by_class" not in plain["diversity"].settings
    assert plain["coverage"].floor > 0.9


def test_a_small_dataset_gives_fewer_samples_and_says_so(
    folders: dict[str, Path], pictures: dict[str, Split]
) -> None:
    pictures |= {"train": split(40, 1), "valid": split(6, 3), "test": split(0, 2)}
    events = run(folders["gan"], folders["judge"])
    found = scores(events)
    assert {"precision", "coverage", "frechet", "copies"} <= set(found)
    for name, score in found.items():
        assert score.low <= score.value <= score.high
        if name not in FAST:
            assert score.samples in (40, 6)
            assert score.settings["real"] == 6
            assert score.settings["split"] == "valid"
    said = [event.text for event in events if isinstance(event, Log)]
    assert any(text.startswith("40 samples") for text in said)
    assert any("Only 6 pictures" in text for text in said)


@pytest.mark.parametrize("held", [0, 3])
def test_where_next_to_nothing_was_kept_apart_one_half_is_compared_with_the_other(
    folders: dict[str, Path], pictures: dict[str, Split], held: int
) -> None:
    nothing = split(held, 2)
    whole = split(41, 1)
    pictures |= {
        "train": Pixels(whole.images, whole.labels, whole.class_names, "0" * 64),
        "valid": nothing,
        "test": split(0, 2),
    }
    events = run(folders["gan"], folders["judge"])
    found = scores(events)
    assert not {"copies", "nearest"} & set(found)
    assert found["precision"].settings["split"] == "train"
    assert found["precision"].settings["real"] == 20
    assert events[-1].data["pairs"] == []
    assert any("Too few pictures were kept" in e.text for e in events if isinstance(e, Log))


def test_a_recipe_that_held_out_less_is_measured_on_what_it_did_not_see(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = packages.gan(tmp_path / "mine")
    manifest = read_manifest(folder)
    asked: list[float | None] = []

    def look(place, size, channels, name, holdout):
        asked.append(holdout)
        return split(60, 1)

    def share(trained_on: str, holdout: float) -> float | None:
        asked.clear()
        trained = TrainedOn(name="world", sha256=trained_on)
        renewed = manifest.model_copy(update={"trained_on": (trained,)})
        (folder / "model.json").write_bytes(renewed.to_bytes())
        settings = TrainerSettings(holdout=holdout)
        recipe = Recipe(family="gan", model="mine", data="world", settings=settings)
        (folder / "recipe.json").write_bytes(recipe.to_bytes())
        run(folder, folders["judge"], "copies")
        return asked[0]

    monkeypatch.setattr(splits.store, "open_pixels", look)
    known = Dataset(
        name="world", title="W", sha256="a" * 64, facts=DataFacts(count=100), valid_count=5
    )
    monkeypatch.setattr(splits.store, "open_dataset", lambda folder: known)
    assert share("a" * 64, 0.02) == 0.02
    assert share("a" * 64, 0.0) == 0.0
    # As much or more was kept, or it learned from something else: the usual pictures serve.
    assert share("a" * 64, 0.2) is None
    assert share("b" * 64, 0.0) is None


def test_the_closest_pairs_are_shown_and_named(folders: dict[str, Path]) -> None:
    shown: list[np.ndarray] = []
    events = run(folders["gan"], folders["judge"], "copies", show=shown.append)
    found = events[-1].data["pairs"]
    assert len(found) == 10
    assert [pair["distance"] for pair in found] == sorted(pair["distance"] for pair in found)
    assert len(shown) == 1
    assert shown[0].shape[2] == 3
    assert run(folders["gan"], folders["judge"], "speed", show=shown.append)[-1].data["pairs"] == []
    assert len(shown) == 1
