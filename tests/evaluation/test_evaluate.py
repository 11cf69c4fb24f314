"""A whole evaluation, the choice of the judge and of the metrics."""

from pathlib import Path

import pytest

from genstudio.core.errors import BadInput, UsageError
from genstudio.core.events import Done, Log, Metric, Progress, Started
from genstudio.core.manifest import Score
from genstudio.engine.device import choose
from genstudio.engine.package_folder import read_manifest
from genstudio.evaluation import evaluate as evaluation
from genstudio.evaluation import judges, registry
from genstudio.families import part
from tests.evaluation.conftest import Split, split
from tests.helpers import packages


@pytest.fixture(autouse=True)
def pictures(monkeypatch: pytest.MonkeyPatch) -> dict[str, Split]:
    """The dataset of the world in place of a stored one."""
    found = {"train": split(240, 1), "valid": split(60, 3), "test": split(120, 2)}
    monkeypatch.setattr(
        evaluation.store, "open_pixels", lambda folder, size, channels, name: found[name]
    )
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
        "copies",
        "diversity",
        "frechet",
        "kernel",
        "nearest",
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
        unjudged = score.metric in ("copies", "nearest", "speed")
        assert ("extractor" in score.settings) is not unjudged
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
    assert set(scores(events)) == {"copies", "nearest", "speed"}
    assert any(isinstance(event, Log) and event.level == "warning" for event in events)


def test_without_a_test_part_the_held_out_one_serves(
    folders: dict[str, Path], pictures: dict[str, Split]
) -> None:
    pictures["test"] = Split(pictures["test"].images[:0], None)
    found = scores(run(folders["judge"], None))
    assert found["accuracy"].samples == 60
    assert found["accuracy"].settings["split"] == "valid"
    pictures["valid"] = pictures["test"]
    with pytest.raises(BadInput, match="kept apart for testing"):
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


def test_the_judge_that_fits_best_is_chosen(folders: dict[str, Path], tmp_path: Path) -> None:
    other = packages.judge(tmp_path / "other", names=("Alpha", "Shoe", "Hat"))
    stranger = packages.judge(tmp_path / "stranger", names=("Cat", "Dog", "Owl"))
    broken = tmp_path / "broken"
    broken.mkdir()
    manifest = read_manifest(folders["gan"])
    everything = [broken, folders["gan"], stranger, other, folders["judge"]]
    assert judges.choose(everything, manifest) == folders["judge"]
    assert judges.choose([broken, folders["gan"], stranger], manifest) is None
    plain = read_manifest(folders["plain"])
    assert judges.choose([stranger, other], plain, ("Alpha",)) == other
    assert judges.choose([stranger], plain) == stranger
