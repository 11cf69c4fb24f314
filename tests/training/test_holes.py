"""Cells that are taken out: each pattern as it is used, never none, the same by chance."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.training import holes
from genstudio.training.holes import choose


def chances(pattern: int, *more: float, seed: int = 0) -> np.ndarray:
    found = np.random.default_rng(seed).random(2000)
    found[: 1 + len(more)] = [(pattern + 0.5) / len(holes.PATTERNS), *more]
    return found


@pytest.mark.parametrize("seed", range(40))
def test_at_least_one_and_within(seed: int) -> None:
    random = np.random.default_rng(seed)
    bars, voices = int(random.integers(1, 12)), int(random.integers(1, 6))
    found = choose(bars, voices, random.random(2000))
    assert found.shape == (bars, voices)
    assert found.dtype == bool
    assert found.any()


def test_all_voices_but_one() -> None:
    found = choose(6, 4, chances(0, 0.6, 0.2))
    assert found.all(axis=0).tolist() == [True, True, False, True]
    assert not found[:, 2].any()


def test_some_voices_leave_one() -> None:
    for seed in range(20):
        found = choose(5, 3, chances(0, 0.1, 0.9, seed=seed))
        whole = found.all(axis=0)
        assert whole[0]
        assert not whole.all()
        assert np.array_equal(found, np.tile(whole, (5, 1)))


def test_a_single_voice_may_go_whole() -> None:
    assert choose(4, 1, chances(0, 0.5, 0.9)).all()


def test_bars_of_all_voices_in_a_row() -> None:
    found = choose(8, 3, chances(1, 0.5, 0.6))
    bars = np.flatnonzero(found.all(axis=1))
    assert len(bars) == 1 + int(0.36 * 8)
    assert np.all(np.diff(bars) == 1)
    assert found.sum() == len(bars) * 3
    assert choose(8, 3, chances(1, 0.999, 0.999)).all()
    assert choose(8, 3, chances(1, 0.999, 0.0))[-1].all()


def test_a_selection_is_a_box() -> None:
    for seed in range(20):
        found = choose(8, 4, chances(2, seed=seed))
        rows, columns = found.any(axis=1), found.any(axis=0)
        assert np.array_equal(found, rows[:, None] & columns[None, :])


def test_cells_anywhere_by_their_share() -> None:
    few, many = choose(20, 4, chances(3, 0.1)), choose(20, 4, chances(3, 0.9))
    assert few.sum() < many.sum()
    assert not (few & ~many).any()
    assert few.sum() / few.size == pytest.approx(0.1, abs=0.08)


def test_fewer_bars_with_the_same_chances_give_the_same_pattern() -> None:
    long, short = choose(9, 4, chances(0, 0.3, 0.1)), choose(5, 4, chances(0, 0.3, 0.1))
    assert np.array_equal(long[:5], short)
