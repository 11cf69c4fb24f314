"""Precision and recall on sets whose answer is known."""

import numpy as np

from genstudio.evaluation import precision_recall as pr


def drawn(n: int, seed: int, shift: float = 0.0, scale: float = 1.0) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal((n, 5))
    return (noise * scale + shift).astype(np.float32)


def mean(fake: np.ndarray, real: np.ndarray) -> tuple[float, float]:
    precision, recall = pr.shares(fake, real)
    return float(precision.mean()), float(recall.mean())


def test_the_same_set_is_perfect() -> None:
    a = drawn(300, 1)
    assert mean(a, a) == (1.0, 1.0)


def test_sets_far_apart_share_nothing() -> None:
    assert mean(drawn(300, 1, shift=50), drawn(300, 2)) == (0.0, 0.0)


def test_a_narrow_model_is_precise_and_forgets() -> None:
    precision, recall = mean(drawn(400, 1, scale=0.1), drawn(400, 2))
    assert precision > 0.95
    assert recall < 0.1


def test_a_wide_model_is_imprecise_and_forgets_nothing() -> None:
    precision, recall = mean(drawn(400, 1, scale=4), drawn(400, 2))
    assert precision < 0.3
    assert recall > 0.9


def test_a_shift_far_from_zero_changes_nothing() -> None:
    a, b = drawn(300, 1), drawn(300, 2)
    moved = mean(a + 1000, b + 1000)
    assert np.abs(np.subtract(moved, mean(a, b))).max() < 0.02


def test_radii_and_cover_against_plain_loops() -> None:
    a, b = drawn(40, 1), drawn(30, 2)
    gaps = np.sqrt(((a[:, None] - a[None]) ** 2).sum(-1))
    wanted = np.sort(gaps, axis=1)[:, pr.NEIGHBOURS]
    np.testing.assert_allclose(np.sqrt(pr.radii(a)), wanted, rtol=1e-4)
    across = ((b[:, None] - a[None]) ** 2).sum(-1)
    found = pr.covered(b, a, pr.radii(a))
    np.testing.assert_array_equal(found, (across <= wanted[None] ** 2 + 1e-6).any(axis=1))


def test_blocks_do_not_change_the_answer(monkeypatch) -> None:
    a, b = drawn(300, 1), drawn(300, 2)
    whole = mean(a, b)
    monkeypatch.setattr(pr, "_BLOCK", 37)
    assert mean(a, b) == whole


def test_few_pictures_still_work() -> None:
    assert len(pr.radii(drawn(2, 1))) == 2


def test_on_models(material_of) -> None:
    (good,), (recall,) = pr.precision(material_of("gan")), pr.recall(material_of("gan"))
    (narrow,) = pr.recall(material_of("collapsed"))
    assert good.value > 0.7
    assert recall.value > 0.7
    assert narrow.value < 0.1
    assert good.low <= good.value <= good.high
    assert recall.floor > 0.7
