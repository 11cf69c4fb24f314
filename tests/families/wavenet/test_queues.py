"""Rings of numbers: what is due is what was put in so many samples ago."""

import numpy as np
import pytest

from genstudio.families.wavenet.queues import Queues

DILATIONS, KERNEL, WIDTH = (1, 3, 9), 3, 2


def numbers(time: int, count: int = 2) -> np.ndarray:
    """(count, layers, width) that say where they come from: row, layer, time."""
    rows, layers, _ = np.indices((count, len(DILATIONS), WIDTH))
    return (rows * 10_000 + layers * 1000 + time).astype(np.float32)


def due(time: int, row: int = 0) -> list[float]:
    """What the taps at `time` must be, of width 0."""
    found = []
    for layer, dilation in enumerate(DILATIONS):
        for age in (2 * dilation, dilation):
            at = time - age
            found.append(row * 10_000 + layer * 1000 + at if at >= 0 else 0)
    return list(map(float, found))


def test_taps_are_old_entries_the_oldest_first():
    queues = Queues(2, DILATIONS, KERNEL, WIDTH)
    for time in range(60):
        taps = queues.taps()
        assert taps.shape == (2, 6, WIDTH)
        for row in (0, 1):
            expected = due(time, row)
            if time >= 18:
                assert taps[row, :, 0].tolist() == expected
            else:
                filled = [value for value in taps[row, :, 0].tolist() if value]
                assert set(filled) <= set(expected)
        queues.push(numbers(time))


@pytest.mark.parametrize("time", [1, 5, 18, 40])
def test_filling_at_once_is_the_same_as_one_after_the_other(time):
    slow, fast = (Queues(2, DILATIONS, KERNEL, WIDTH) for _ in range(2))
    for at in range(time):
        slow.push(numbers(at))
    seen = np.stack([numbers(at) for at in range(time)], axis=2)  # (2, layers, t, width)
    for row in (0, 1):
        fast.fill(np.array([row]), seen[row])
    fast.skip(time)
    for at in range(time, time + 30):
        assert np.array_equal(slow.taps(), fast.taps()), at
        slow.push(numbers(at))
        fast.push(numbers(at))


def test_several_rows_may_be_filled_alike():
    queues = Queues(3, DILATIONS, KERNEL, WIDTH)
    seen = np.stack([numbers(at, 1)[0] for at in range(20)], axis=1)
    queues.fill(np.array([0, 2]), seen)
    queues.skip(20)
    taps = queues.taps()
    assert np.array_equal(taps[0], taps[2])
    assert taps[0, :, 0].tolist() == due(20)
    assert not taps[1].any()
