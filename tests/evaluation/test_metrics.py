"""The other metrics, each against what is known."""

from dataclasses import replace

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.evaluation import diversity, nearest
from genstudio.evaluation.accuracy import accuracy
from genstudio.evaluation.class_agreement import class_agreement
from genstudio.evaluation.material import Seen, picked, shrunk
from genstudio.evaluation.reconstruction import reconstruction
from genstudio.evaluation.speed import BATCHES, FEWEST, first_result, per_result, speed
from tests.evaluation.conftest import Split, split


def seen(features: np.ndarray, classes: np.ndarray) -> Seen:
    return Seen(
        features.astype(np.float32), classes, classes, np.zeros((len(classes), 4), np.uint8)
    )


def test_samples_are_recognised_as_asked(material_of) -> None:
    (score,) = class_agreement(material_of("gan"))
    assert score.value > 0.95
    assert score.floor > 0.95
    assert set(score.settings["by_class"]) == {"Alpha", "Beta", "Gamma"}
    material = material_of("gan", 301)
    assert material.fake is not None
    material.fake.classes[:] = 0  # as if every sample had been asked to be an Alpha
    (wrong,) = class_agreement(material)
    assert wrong.value == pytest.approx(1 / 3, abs=0.12)


def test_spread_against_plain_loops() -> None:
    rows = np.random.default_rng(0).standard_normal((40, 3)).astype(np.float32)
    gaps = np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(-1))
    wanted = gaps.sum() / (40 * 39)
    found, error = diversity.spread(rows)
    assert found == pytest.approx(wanted, rel=1e-3)
    assert 0 < error < wanted


def test_spread_of_gaussians_is_known() -> None:
    # Mean distance of two points in one dimension is 2 / sqrt(pi).
    rows = np.random.default_rng(1).standard_normal((3000, 1))
    found, error = diversity.spread(rows)
    assert abs(found - 2 / np.pi**0.5) < 3 * error


def test_the_ratio_is_the_scale_and_collapse_is_seen(material_of) -> None:
    rng = np.random.default_rng(0)
    classes = np.arange(600) % 2
    real = rng.standard_normal((600, 4))
    made = rng.standard_normal((600, 4))
    made[classes == 0] *= 0.5
    made[classes == 1] *= 0
    found = diversity.ratios(material_of("gan"), seen(made, classes), seen(real, classes))
    assert found[0][0] == pytest.approx(0.5, rel=0.1)
    assert found[1][0] == pytest.approx(0, abs=1e-6)
    assert 2 not in found


def test_diversity_of_models(material_of) -> None:
    (good,) = diversity.diversity(material_of("gan"))
    (bad,) = diversity.diversity(material_of("collapsed"))
    assert good.value == pytest.approx(1, abs=0.1)
    assert good.floor == pytest.approx(1, abs=0.1)
    assert bad.value < 0.2
    assert good.low <= good.value <= good.high


def test_an_unconditional_model_is_judged_by_guesses(material_of) -> None:
    material = material_of("plain")
    assert not material.has("classes")
    assert diversity.diversity(material)[0].value > 0


def test_nearest_distances_against_plain_loops(monkeypatch) -> None:
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 256, (n, 9), dtype=np.uint8) for n in (20, 50))
    gaps = ((a[:, None] / 255 - b[None] / 255) ** 2).mean(-1) ** 0.5
    monkeypatch.setattr(nearest, "_BLOCK", 7)
    found, which = nearest.nearest_rows(a, b)
    np.testing.assert_allclose(found, gaps.min(axis=1), atol=1e-3)
    np.testing.assert_array_equal(which, gaps.argmin(axis=1))


def test_honest_samples_are_as_far_away_as_held_out_pictures(material_of) -> None:
    (ratio,) = nearest.nearest(material_of("gan"))
    (copies,) = nearest.copies(material_of("gan"))
    assert ratio.value == pytest.approx(1, abs=0.15)
    assert copies.value < 0.05
    assert copies.settings["identical"] == 0


def test_copies_of_validation_pictures_are_found_too(material_of) -> None:
    material = material_of("gan", 150)
    assert material.fake is not None
    extra = split(150, 77)
    material.more = (extra,)
    material.fake.small[:] = shrunk(extra.images)
    assert nearest.copies(material)[0].settings["identical"] == 150


def test_a_model_that_copies_is_found_out(material_of) -> None:
    material = material_of("gan", 200)
    assert material.fake is not None
    material.fake.small[:] = shrunk(material.train.images[:200])
    (ratio,) = nearest.nearest(material)
    (copies,) = nearest.copies(material)
    assert ratio.value < 0.05
    assert copies.value > 0.99
    assert copies.settings["identical"] == 200


def test_speed_is_a_rate_and_says_where(material_of) -> None:
    material = material_of("gan")
    (score,) = speed(material)
    (alone,) = per_result(material)
    (first,) = first_result(material)
    assert (score.unit, score.better) == ("images/s", "higher")
    assert {alone.unit, first.unit} == {"ms"}
    assert {alone.better, first.better} == {"lower"}
    for found in (score, alone, first):
        assert 0 <= found.low <= found.value <= found.high
        assert found.settings["device"] == "CPU"
        assert "extractor" not in found.settings
    rates = alone.settings["by_batch"]
    assert list(rates) == ["1", "4", "16", "64"]
    assert rates["64"] == pytest.approx(score.value, rel=1e-2)
    for count, (low, high) in alone.settings["by_batch_interval"].items():
        assert low <= rates[count] <= high


def test_slow_models_are_not_asked_again_and_again(material_of, monkeypatch) -> None:
    asked: list[int] = []

    def slow(material, model, count):
        asked.append(count)
        return 1.0, 60.0

    monkeypatch.setattr("genstudio.evaluation.speed.seconds", slow)
    fresh = replace(material_of("gan"), _cache={})
    (score,) = speed(fresh)
    assert asked == [1] + [count for count in BATCHES for _ in range(FEWEST)]
    assert score.samples == 64 * FEWEST
    # Every repeat took as long as the others: the interval is a point.
    assert score.low == score.high == score.value


def test_reconstruction_error_is_known(material_of) -> None:
    material = material_of("vae")
    (score,) = reconstruction(material)
    assert score.samples == 300
    # The encoder sees the patterns not at all: what is lost is about their share of the pixels.
    flat = material.test.images.reshape(300, -1) / 127.5 - 1
    from tests.helpers import packages

    basis = packages.basis()
    back = np.clip(flat @ basis.T @ basis, -1, 1)
    wanted = (((flat - back) / 2) ** 2).mean()
    assert score.value == pytest.approx(wanted, rel=0.05)
    assert score.settings["psnr_db"] == pytest.approx(-10 * np.log10(wanted), abs=0.3)
    marks = material.facts["anomaly_quantiles"]
    assert len(marks) == 101
    assert marks == sorted(marks)


def test_accuracy_of_a_judge(material_of) -> None:
    material = material_of("judge")
    assert material.has("judgement")
    assert not material.has("samples")
    (score,) = accuracy(material)
    assert score.value > 0.95
    assert score.samples == 300
    names = material.test.class_names
    material.test.class_names = ("x", "y", "z")
    with pytest.raises(BadInput, match="not those"):
        accuracy(material)
    material.test.class_names = names


def test_accuracy_of_many_classes_is_told_by_set(material_of, monkeypatch) -> None:
    monkeypatch.setattr("genstudio.evaluation.accuracy.MOST_CLASSES", 2)
    material = material_of("judge", 299)
    old, new = material.test.class_names, ("one: Alpha", "one: Beta", "two: Gamma")
    material.model.class_names = material.test.class_names = new
    (score,) = accuracy(material)
    material.model.class_names = material.test.class_names = old
    assert set(score.settings["by_set"]) == {"one", "two"}
    assert score.settings["by_set_samples"] == {"one": 200, "two": 100}
    parts = score.settings["by_set"]
    assert score.value == pytest.approx((200 * parts["one"] + 100 * parts["two"]) / 300, abs=1e-3)
    assert "by_class" not in score.settings


def test_small_pictures_keep_their_pixels_and_large_ones_shrink() -> None:
    tiny = np.arange(2 * 8 * 8, dtype=np.uint8).reshape(2, 8, 8, 1)
    np.testing.assert_array_equal(shrunk(tiny), tiny.reshape(2, -1))
    large = np.repeat(np.repeat(tiny[:, :7, :7], 16, axis=1), 16, axis=2)  # 112 x 112
    small = shrunk(large)
    assert small.shape == (2, 28 * 28)
    assert set(small[0]) <= set(tiny[0].ravel())
    assert shrunk(np.zeros((1, 128, 128, 3), np.uint8)).shape[1] <= 3 * 32 * 32


def test_rows_are_picked_by_seed() -> None:
    np.testing.assert_array_equal(picked(5, 9, 0), np.arange(5))
    a, b, c = picked(100, 10, 1), picked(100, 10, 1), picked(100, 10, 2)
    np.testing.assert_array_equal(a, b)
    assert len(set(a)) == 10
    assert list(a) == sorted(a)
    assert list(a) != list(c)


def test_splits_of_the_world_differ() -> None:
    assert isinstance(split(3, 0), Split)
    assert not np.array_equal(split(9, 1).images, split(9, 2).images)
