"""Material and the scores by class: edge sets, invariances, what is said of a score."""

from dataclasses import replace

import numpy as np
import pytest

from genstudio.core.errors import UsageError
from genstudio.evaluation import diversity, registry
from genstudio.evaluation.class_agreement import agreement, by_class, class_agreement
from genstudio.evaluation.material import Material, Seen, joined, picked, shrunk


def seen_as(classes: list[int], guesses: list[int], features: np.ndarray | None = None) -> Seen:
    n = len(classes)
    found = np.zeros((n, 2), np.float32) if features is None else features.astype(np.float32)
    return Seen(found, np.array(guesses, int), np.array(classes, int), np.zeros((n, 4), np.uint8))


def material(made: Material, tasks: dict, count: int) -> Material:
    """Another material over the same model, judge and pictures."""
    return Material(
        model=made.model, judge=made.judge, tasks=tasks, train=made.train, test=made.test,
        count=count, seed=0,
    )  # fmt: skip


def test_pictures_of_unknown_class_count_neither_way() -> None:
    seen = seen_as([0, 0, 1, -1, -1], [0, 1, 1, 0, 1])
    assert agreement(seen).tolist() == [True, False, True]
    assert by_class(seen, ("a", "b", "c")) == {"a": 0.5, "b": 1.0}
    assert by_class(seen, ()) == {}
    assert len(agreement(seen_as([-1], [0]))) == 0


def test_no_known_class_at_all_is_the_widest_interval(material_of) -> None:
    made = material_of("gan")
    found = material(made, {}, 4)
    found.fake = found.real = found.other = seen_as([-1] * 4, [0, 1, 2, 0])
    (score,) = class_agreement(found)
    assert (score.value, score.samples, score.low, score.high) == (0.0, 0, 0.0, 1.0)


def test_spread_does_not_see_shifts_and_turns_and_scales_with_size() -> None:
    rng = np.random.default_rng(0)
    points = rng.standard_normal((50, 4))
    turn, _ = np.linalg.qr(rng.standard_normal((4, 4)))
    wanted, error = diversity.spread(points)
    for moved in (points + 7, points @ turn, points[::-1]):
        assert diversity.spread(moved) == pytest.approx((wanted, error), rel=1e-2)
    assert diversity.spread(3 * points)[0] == pytest.approx(3 * wanted, rel=1e-3)


def test_classes_with_too_few_pictures_are_left_out(material_of) -> None:
    rng = np.random.default_rng(0)
    real = seen_as([0] * 9 + [1] * 2, [0] * 11, rng.standard_normal((11, 2)))
    made = seen_as([0] * 9 + [1] * 9, [0] * 18, rng.standard_normal((18, 2)))
    material = material_of("gan")
    assert set(diversity.ratios(material, made, real)) == {0}
    # Real pictures that are all alike leave nothing to divide by.
    assert diversity.ratios(material, made, seen_as([0] * 9, [0] * 9)) == {}


def test_training_pictures_too_few_for_a_floor_leave_it_open(material_of) -> None:
    made, rng = material_of("gan"), np.random.default_rng(0)
    found = material(made, {}, 20)
    found.fake = seen_as([0] * 20, [0] * 20, rng.standard_normal((20, 2)))
    found.real = seen_as([0] * 20, [0] * 20, rng.standard_normal((20, 2)))
    found.other = seen_as([0, 1], [0, 1])
    (score,) = diversity.diversity(found)
    assert score.floor is None
    assert score.value > 0
    found.real = seen_as([1] * 20, [1] * 20, rng.standard_normal((20, 2)))
    assert diversity.diversity(found) == []


def test_parts_joined_keep_their_order() -> None:
    parts = [seen_as([0, 1], [1, 1]), seen_as([2], [0])]
    whole = joined(parts)
    assert len(whole) == 3
    assert whole.classes.tolist() == [0, 1, 2]
    assert whole.guesses.tolist() == [1, 1, 0]


@pytest.mark.parametrize(("total", "count"), [(0, 5), (1, 1), (7, 0), (50, 49)])
def test_picked_rows_are_different_and_inside(total: int, count: int) -> None:
    found = picked(total, count, 3)
    assert len(set(found.tolist())) == len(found) == min(total, count)
    assert all(0 <= row < total for row in found)


def test_shrinking_keeps_the_mean_and_flat_colours() -> None:
    flat = np.full((2, 100, 60, 3), (10, 200, 77), np.uint8)
    assert set(map(tuple, shrunk(flat).reshape(-1, 3).tolist())) == {(10, 200, 77)}
    noisy = np.random.default_rng(0).integers(0, 256, (1, 112, 112, 1), dtype=np.uint8)
    assert shrunk(noisy).mean() == pytest.approx(noisy.mean(), abs=0.5)


def test_metrics_come_in_the_order_asked_for_and_say_what_is_missing(material_of) -> None:
    gan, vae = material_of("gan"), material_of("vae")
    assert [m.name for m in registry.chosen(("recall", "copies"), gan)] == ["recall", "copies"]
    everything = [m.name for m in registry.chosen((), gan)]
    assert everything == sorted(everything)
    assert "reconstruction" in [m.name for m in registry.chosen((), vae)]
    with pytest.raises(UsageError, match="accuracy cannot be computed here: there are no judge"):
        registry.chosen(("accuracy",), gan)
    alone = replace(material(gan, {}, 5), judge=None)
    with pytest.raises(UsageError, match="there are no samples and no judge"):
        registry.chosen(("frechet",), alone)


def test_scores_are_rounded_and_carry_their_circumstances(material_of) -> None:
    gan = material_of("gan")
    score = gan.score("x", 1.23456789, 5, low=0.123456789, better="lower", settings={"a": 1})
    assert (score.value, score.low, score.high) == (1.23457, 0.123457, None)
    assert score.settings["a"] == 1
    assert score.settings["extractor"] == gan.judge.manifest.id
    assert "extractor" not in gan.score("x", 1.0, 5, judged=False).settings
