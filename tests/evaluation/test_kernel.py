"""The kernel distance against the definition, pair by pair."""

import numpy as np
import pytest

from genstudio.evaluation.kernel import kernel, with_interval


def plainly(a: np.ndarray, b: np.ndarray) -> float:
    """Unbiased squared maximum mean discrepancy, written as in the paper."""

    def k(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (x.astype(np.float64) @ y.T / x.shape[1] + 1) ** 3

    n, m = len(a), len(b)
    aa, bb = k(a, a), k(b, b)
    within = (aa.sum() - np.trace(aa)) / (n * (n - 1)) + (bb.sum() - np.trace(bb)) / (m * (m - 1))
    return float(within - 2 * k(a, b).mean())


def drawn(n: int, shift: float, seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal((n, 6)) + shift).astype(np.float32)


@pytest.mark.parametrize(("n", "m"), [(60, 60), (61, 47), (5, 200)])
def test_it_is_what_the_paper_says(n: int, m: int) -> None:
    a, b = drawn(n, 0.3, 1), drawn(m, 0, 2)
    assert with_interval(a, b)[0] == pytest.approx(plainly(a, b), rel=1e-4, abs=1e-5)


def test_leaving_groups_out_is_what_the_paper_says() -> None:
    from genstudio.evaluation import intervals
    from genstudio.evaluation.kernel import _Sums

    a, b = drawn(80, 0.5, 1), drawn(80, 0, 2)
    rows = intervals.groups(80)
    sums = _Sums(a, b, rows, rows)
    keep = np.ones(len(rows))
    keep[3] = 0
    wanted = plainly(np.delete(a, rows[3], axis=0), np.delete(b, rows[3], axis=0))
    assert sums.distance(keep) == pytest.approx(wanted, rel=1e-4)


def test_equal_distributions_are_about_zero() -> None:
    value, low, high = with_interval(drawn(2000, 0, 1), drawn(2000, 0, 2))
    assert low < 0 < high
    assert abs(value) < 0.01


def test_it_grows_with_the_gap() -> None:
    values = [with_interval(drawn(500, shift, 1), drawn(500, 0, 2))[0] for shift in (0.1, 0.5, 1)]
    assert values[0] < values[1] < values[2]


def test_on_models(material_of) -> None:
    (good,) = kernel(material_of("gan"))
    (bad,) = kernel(material_of("collapsed"))
    assert good.low < 0 < good.high
    assert good.value < bad.low
    assert good.better == "lower"
