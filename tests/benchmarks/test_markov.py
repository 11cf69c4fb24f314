"""The Markov reference: chances by hand, back-off, what unseen contexts fall back on."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.markov import Markov


def chances(rows: list[list[int]], size: int, behind: list[int], order: int = 5) -> np.ndarray:
    return np.exp(Markov(rows, size, order).begin(np.array([behind]))[0, -1])


@pytest.mark.parametrize("order", [0, 1, 3, 5])
@pytest.mark.parametrize("seed", range(3))
def test_chances_sum_to_one_and_none_is_nothing(order: int, seed: int):
    rng = np.random.default_rng(seed)
    rows = [rng.integers(0, 6, rng.integers(1, 30)).tolist() for _ in range(5)]
    found = np.exp(Markov(rows, 8, order).begin(rng.integers(0, 8, (2, 12))))
    assert found.shape == (2, 12, 8)
    np.testing.assert_allclose(found.sum(axis=-1), 1, rtol=1e-5)
    assert found.min() > 0


def test_without_context_it_counts_as_witten_and_bell():
    # 4 tokens of 2 kinds: (count + kinds / size) / (total + kinds)
    found = chances([[0, 0, 0, 1]], 4, [3], order=0)
    np.testing.assert_allclose(found, [3.5 / 6, 1.5 / 6, 0.5 / 6, 0.5 / 6], rtol=1e-6)


def test_one_token_before_is_mixed_with_none():
    rows = [[0, 1, 0, 2]]
    none = chances(rows, 3, [0], order=0)
    # Behind 0 came 1 and 2, once each.
    np.testing.assert_allclose(
        chances(rows, 3, [0], order=1), [none[0] / 2, none[1] / 2 + 0.25, none[2] / 2 + 0.25],
        rtol=1e-6,
    )  # fmt: skip


def test_an_unseen_context_leaves_it_to_the_shorter_one():
    rows = [[0, 1, 2, 3, 0, 1, 2, 3]]
    long, short = chances(rows, 5, [4, 4, 4, 2]), chances(rows, 5, [2])
    np.testing.assert_allclose(long, short, rtol=1e-6)
    assert long[3] > 0.5


def test_longer_contexts_know_better():
    rows = [[0, 1, 2, 9, 3, 1, 4] * 8]
    assert chances(rows, 10, [0, 1], order=5)[2] > chances(rows, 10, [0, 1], order=1)[2]
    assert chances(rows, 10, [3, 1], order=5)[4] > 0.8


def test_rows_do_not_run_into_each_other():
    apart, joined = chances([[0, 1], [2, 3]], 4, [1]), chances([[0, 1, 2, 3]], 4, [1])
    assert apart[2] == pytest.approx(apart[3])  # nothing came behind 1
    assert joined[2] > apart[2]


def test_nothing_counted_says_the_same_of_all():
    np.testing.assert_allclose(chances([], 4, [1, 2]), 0.25, rtol=1e-6)


def test_every_place_is_told_from_what_stands_before_it():
    rows = [np.random.default_rng(1).integers(0, 5, 60).tolist()]
    row = rows[0][10:22]
    whole = Markov(rows, 5).begin(np.array([row]))[0]
    for place in range(len(row)):
        part = Markov(rows, 5).begin(np.array([row[: place + 1]]))[0, -1]
        np.testing.assert_allclose(whole[place], part, rtol=1e-5)
