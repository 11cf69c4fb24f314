"""Intervals against what is known in closed form."""

import numpy as np
import pytest

from genstudio.evaluation import intervals


def test_wilson_against_the_published_example() -> None:
    # 50 of 100: 0.4038 to 0.5962 (Agresti, Coull 1998).
    low, high = intervals.wilson(50, 100)
    assert (round(low, 4), round(high, 4)) == (0.4038, 0.5962)


@pytest.mark.parametrize(("hits", "total"), [(0, 10), (10, 10), (0, 0), (1, 10_000)])
def test_wilson_stays_inside(hits: int, total: int) -> None:
    low, high = intervals.wilson(hits, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low <= hits / total <= high


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    values = np.random.default_rng(0).normal(3, 2, 4000)
    left_out = np.array([np.delete(values, part).mean() for part in intervals.groups(4000)])
    low, high = intervals.jackknife(float(values.mean()), left_out)
    half = 1.96 * 2 / 4000**0.5
    assert (high - low) / 2 == pytest.approx(half, rel=0.4)


def test_intervals_hold_the_truth_about_95_times_in_100() -> None:
    rng, hits = np.random.default_rng(1), 0
    for _ in range(200):
        values = rng.normal(0, 1, 200)
        left_out = np.array([np.delete(values, part).mean() for part in intervals.groups(200)])
        low, high = intervals.jackknife(float(values.mean()), left_out)
        hits += low <= 0 <= high
    assert 180 <= hits <= 200


def test_groups_deal_out_every_row_once() -> None:
    for count in (2, 7, 20, 103):
        rows = np.concatenate(intervals.groups(count))
        assert sorted(rows) == list(range(count))
        assert 2 <= len(intervals.groups(count)) <= intervals.GROUPS


def test_the_interval_of_a_mean() -> None:
    low, high = intervals.of_mean(np.array([1.0, 3.0]))
    assert low < 2 < high
    assert intervals.of_mean(np.array([4.0])) == (4.0, 4.0)
