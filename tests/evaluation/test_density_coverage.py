"""Density and coverage: against plain loops, the paper's known value, outliers and collapse."""

import numpy as np
import pytest

from genstudio.evaluation import density_coverage
from genstudio.evaluation.density_coverage import NEIGHBOURS, counts, coverage, density


def points(n: int, seed: int, width: int = 6) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, width)).astype(np.float32)


def test_against_plain_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    fake, real = points(30, 1), points(25, 2)
    monkeypatch.setattr(density_coverage, "_BLOCK", 7)
    around, covered = counts(fake, real)
    gaps = np.linalg.norm(real[:, None] - real[None], axis=-1)
    reach = np.sort(gaps, axis=1)[:, NEIGHBOURS]  # place 0 is the picture itself
    inside = np.linalg.norm(fake[:, None] - real[None], axis=-1) <= reach[None]
    np.testing.assert_allclose(around, inside.sum(axis=1) / NEIGHBOURS)
    np.testing.assert_array_equal(covered, inside.any(axis=0))


def test_the_same_distribution_covers_as_much_as_the_paper_says() -> None:
    # Lemma 2: 1 - (N-1)…(N-k) / ((M+N-1)…(M+N-k)) with N = M = 600 and k = 5.
    n = 600
    places = np.arange(1, NEIGHBOURS + 1)
    wanted = 1 - np.prod((n - places) / (2 * n - places))
    around, covered = counts(points(n, 1), points(n, 2))
    assert covered.mean() == pytest.approx(wanted, abs=0.03)
    assert around.mean() == pytest.approx(1, abs=0.12)


def test_one_odd_real_picture_does_not_lift_the_density_of_odd_samples() -> None:
    real = np.concatenate([points(200, 1), np.full((1, 6), 40, np.float32)])
    odd = points(100, 3) + 30
    around, covered = counts(odd, real)
    # Only the wide ball of the odd picture holds them: a fifth each at most.
    assert around.max() <= 1 / NEIGHBOURS + 1e-9
    assert covered.sum() <= 1


def test_collapse_covers_little_and_shifts_change_nothing() -> None:
    real = points(300, 1)
    collapsed = np.repeat(points(1, 2) * 0.1, 300, axis=0)
    assert counts(collapsed, real)[1].mean() < 0.3
    fake = points(120, 5)
    for a, b in ((fake, real), (fake + 1000, real + 1000)):
        assert counts(a, b)[1].sum() == pytest.approx(counts(fake, real)[1].sum(), abs=2)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_fewer_pictures_than_neighbours_are_no_error(n: int) -> None:
    around, covered = counts(points(4, 1), points(n, 2))
    assert (len(around), len(covered)) == (4, n)
    assert np.isfinite(around).all()


def test_scores_of_models(material_of) -> None:
    for measure in (density, coverage):
        (good,) = measure(material_of("gan"))
        (bad,) = measure(material_of("collapsed"))
        assert good.low <= good.value <= good.high
        assert good.better == "higher"
        assert good.settings["neighbours"] == NEIGHBOURS
        assert good.floor == pytest.approx(1, abs=0.2)
    assert bad.value < good.value
