"""Known parts, soft edges, windows."""

import numpy as np
import pytest

from genstudio.families.diffusion.regions import Known, Windows, pasted, softened
from genstudio.numerics import noise


def test_the_known_part_has_its_own_noise() -> None:
    picture = np.full((1, 1, 4, 4), 0.5, np.float32)
    hole = np.zeros((4, 4), bool)
    hole[:2] = True
    x, dirt = noise.normals(1, 0, 3, (1, 4, 4)), noise.normals(2, 0, 3, (1, 4, 4))
    found = Known(picture, hole).state(x, dirt, (0.8, 0.6))
    np.testing.assert_array_equal(found[:, :, :2], x[:, :, :2])
    np.testing.assert_allclose(found[:, :, 2:], 0.4 + 0.6 * dirt[:, :, 2:], atol=1e-6)
    assert found.dtype == np.float32


def test_the_known_part_is_not_doubted() -> None:
    picture = np.full((1, 1, 2, 2), 0.5, np.float32)
    hole = np.array([[True, False], [False, False]])
    believing = Known(picture, hole).wrap(lambda x, t, alpha, sigma: x)
    found = believing(np.full((2, 1, 2, 2), -1, np.float32), 0, 1, 0)
    assert found.tolist() == [[[[-1, 0.5], [0.5, 0.5]]]] * 2


def test_edges_soften_inside_the_hole_alone() -> None:
    hole = np.zeros((7, 9), bool)
    hole[:, 4:] = True  # to the border, which is no edge
    found = softened(hole, 2)
    np.testing.assert_allclose(found[3], [0, 0, 0, 0, 1 / 3, 2 / 3, 1, 1, 1])
    np.testing.assert_array_equal(found, np.tile(found[3], (7, 1)))
    np.testing.assert_array_equal(softened(hole, 0), hole)


def test_what_is_pasted_keeps_the_old_picture_to_the_bit() -> None:
    random = np.random.default_rng(0)
    old, new = random.integers(0, 256, (2, 6, 6, 3), dtype=np.uint8)
    share = np.zeros((6, 6), np.float32)
    share[2:4], share[4:] = 0.5, 1
    found = pasted(new, old, share)
    np.testing.assert_array_equal(found[:2], old[:2])
    np.testing.assert_array_equal(found[4:], new[4:])
    middle = (old[2:4].astype(float) + new[2:4]) / 2
    assert np.abs(found[2:4] - middle).max() <= 0.5


@pytest.mark.parametrize(("height", "width"), [(8, 8), (8, 20), (9, 13), (30, 11)])
def test_windows_cover_the_hole_and_nothing_else(height: int, width: int) -> None:
    hole = np.zeros((height, width), bool)
    hole[:, -1] = hole[-1] = True
    windows = Windows.over((height, width), 8, hole)
    covered = np.zeros_like(hole)
    for top, left in windows.corners:
        assert hole[top : top + 8, left : left + 8].any()
        covered[top : top + 8, left : left + 8] = True
    assert covered[hole].all()
    assert all(top + 8 <= height and left + 8 <= width for top, left in windows.corners)


def test_windows_overlap_by_half() -> None:
    hole = np.ones((8, 16), bool)
    assert Windows.over((8, 16), 8, hole).corners == ((0, 0), (0, 4), (0, 8))
    hole[:, :12] = False
    assert Windows.over((8, 16), 8, hole).corners == ((0, 8),)


def test_opinions_of_windows_are_averaged() -> None:
    hole = np.ones((4, 6), bool)
    windows = Windows(4, ((0, 0), (0, 2)))
    values = iter([1.0, 3.0])

    def opinions(x: np.ndarray, t: float, alpha: float, sigma: float) -> np.ndarray:
        assert x.shape == (4, 1, 4, 4)  # two pictures, window by window
        assert (t, alpha, sigma) == (5, 0.8, 0.6)
        return np.repeat([next(values), next(values)], 2).reshape(4, 1, 1, 1) * np.ones_like(x)

    x = np.zeros((2, 1, 4, 6), np.float32)
    found = windows.wrap(opinions)(x, 5, 0.8, 0.6)
    assert found.shape == x.shape
    np.testing.assert_allclose(found[:, :, :, :2], 1)
    np.testing.assert_allclose(found[:, :, :, 4:], 3)
    assert ((found[:, :, :, 2:4] > 1) & (found[:, :, :, 2:4] < 3)).all()
    assert hole.all()


def test_windows_that_agree_leave_no_seam() -> None:
    x = noise.normals(1, 0, 2, (3, 8, 20))
    windows = Windows.over((8, 20), 8, np.ones((8, 20), bool))
    found = windows.wrap(lambda part, t, alpha, sigma: part)(x, 0, 1, 0)
    np.testing.assert_allclose(found, x, atol=1e-6)
