"""Which thing is drawn when follows from seed and number alone."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.training.shuffled import Shuffled


class Numbers(Shuffled[list[int]]):
    """Things that are their own numbers."""

    def _training(self, first: int, count: int) -> list[int]:
        return self._items(np.arange(first, first + count)).tolist()

    def starts(self, first: int, count: int, context: int) -> np.ndarray:
        return self._starts(np.arange(first, first + count), context)


def test_an_epoch_has_everything_once_and_the_next_another_order():
    drawn = Numbers(seed=4, batch=10, shards=1, count=10)
    first, second = drawn.draw(0), drawn.draw(1)
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second


def test_batches_over_the_end_of_an_epoch_go_on_with_the_next():
    drawn, whole = Numbers(1, 4, 1, 6), Numbers(1, 6, 1, 6)
    row = whole.draw(0) + whole.draw(1)
    assert drawn.draw(0) + drawn.draw(1) + drawn.draw(2) == row


@pytest.mark.parametrize("shards", [1, 2, 3])
def test_shards_together_are_the_batch(shards):
    drawn = Numbers(2, 6, shards, 7)
    parts = [drawn.shard(3, shard) for shard in range(shards)]
    assert [n for part in parts for n in part] == drawn.draw(3)
    assert all(len(part) == drawn.size for part in parts)


def test_what_was_drawn_before_does_not_matter():
    asked, fresh = Numbers(3, 5, 1, 9), Numbers(3, 5, 1, 9)
    for number in (0, 40, 7):
        asked.draw(number)
    assert asked.draw(12) == fresh.draw(12)
    assert len(asked._epochs) <= 2, "old orders are forgotten"


def test_seeds_and_orders_are_their_own():
    rows = [Numbers(seed, 50, 1, 50, order).draw(0) for seed, order in ((0, 11), (1, 11), (0, 51))]
    assert rows[0] != rows[1]
    assert rows[0] != rows[2]


def test_windows_begin_at_another_place_in_each_epoch_and_never_overlap():
    drawn = Numbers(5, 1, 1, 8)
    first, second = drawn.starts(0, 8, 16), drawn.starts(8, 8, 16)
    for starts in (first, second):
        assert np.diff(np.sort(starts)).tolist() == [16] * 7
        assert 0 <= starts.min() < 16
    assert first.min() != second.min()
    assert np.concatenate([first, second]).tolist() == drawn.starts(0, 16, 16).tolist()
