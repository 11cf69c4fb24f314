"""The Fréchet distance against its closed form for Gaussians."""

import numpy as np
import pytest

from genstudio.evaluation.frechet import distance, frechet, moments, with_interval


def gaussian(n: int, mean: np.ndarray, deviation: np.ndarray, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).standard_normal((n, len(mean)))
    return (mean + noise * deviation).astype(np.float32)


def test_two_gaussians_with_known_distance() -> None:
    a = gaussian(40_000, np.zeros(4), np.array([1.0, 1.0, 2.0, 0.5]), 1)
    b = gaussian(40_000, np.array([1.0, 0, 0, 0]), np.array([1.0, 3.0, 2.0, 0.5]), 2)
    # |m1 - m2|^2 + sum (s1 - s2)^2 = 1 + 4
    assert distance(moments(a), moments(b)) == pytest.approx(5.0, rel=0.03)


def test_rotated_covariances() -> None:
    rng = np.random.default_rng(3)
    q, _ = np.linalg.qr(rng.standard_normal((5, 5)))
    a, b = rng.standard_normal((30_000, 5)) * [1, 2, 3, 1, 1], rng.standard_normal((30_000, 5))
    straight = distance(moments(a), moments(b))
    assert distance(moments(a @ q), moments(b @ q)) == pytest.approx(straight, rel=1e-6)
    assert straight == pytest.approx(1 + 4, rel=0.05)


def test_against_scipy_for_covariances_that_do_not_commute() -> None:
    from scipy.linalg import sqrtm

    rng = np.random.default_rng(4)
    a = rng.standard_normal((500, 6)) @ rng.standard_normal((6, 6))
    b = rng.standard_normal((500, 6)) @ rng.standard_normal((6, 6)) + 1
    root = np.trace(sqrtm(np.cov(a.T) @ np.cov(b.T)).real)
    gap = ((a.mean(0) - b.mean(0)) ** 2).sum()
    wanted = gap + np.trace(np.cov(a.T)) + np.trace(np.cov(b.T)) - 2 * root
    assert distance(moments(a), moments(b)) == pytest.approx(wanted, rel=1e-6)


def test_a_set_against_itself_is_zero_even_when_flat() -> None:
    a = gaussian(50, np.zeros(80), np.ones(80))  # fewer rows than columns: singular covariance
    assert distance(moments(a), moments(a)) == pytest.approx(0, abs=1e-4)
    flat = np.zeros((20, 3), np.float32)
    assert distance(moments(flat), moments(flat)) == 0


def test_moments_can_be_taken_apart() -> None:
    a = gaussian(100, np.ones(3), np.ones(3))
    whole = moments(a).without(moments(a[:30]))
    rest = moments(a[30:])
    np.testing.assert_allclose(whole.mean_and_covariance()[1], rest.mean_and_covariance()[1])


def test_the_interval_holds_the_value_and_shrinks() -> None:
    widths = []
    for n in (400, 6400):
        value, low, high = with_interval(
            gaussian(n, np.zeros(3), np.ones(3), 5), gaussian(n, np.ones(3), np.ones(3), 6)
        )
        assert low <= value <= high
        assert low < 3 < high + 0.3
        widths.append(high - low)
    assert widths[1] < 0.5 * widths[0]


def test_a_model_of_the_same_distribution_comes_near_the_floor(material_of) -> None:
    (good,) = frechet(material_of("gan"))
    (bad,) = frechet(material_of("collapsed"))
    assert good.value < 3 * good.floor
    assert bad.value > 10 * good.value
    assert good.low <= good.value <= good.high
    assert good.samples == 300
    assert good.settings["extractor"] == "hand-classifier"
    assert len(good.settings["extractor_sha256"]) == 64
    assert good.settings["seed"] == 5
