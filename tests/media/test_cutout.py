"""A transparent background by flooding from the border."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio.core.errors import BadInput
from genstudio.media.cutout import border_colour, cut_out, flooded

BLUE, RED = (40, 80, 160), (200, 30, 20)


def ring(side: int = 12) -> np.ndarray:
    """A red ring on blue: blue outside and enclosed."""
    made = np.full((side, side, 3), BLUE, np.uint8)
    made[3:9, 3:9] = RED
    made[5:7, 5:7] = BLUE
    return made


def test_the_background_goes_and_what_is_enclosed_stays() -> None:
    cut = cut_out(ring())
    assert cut.shape == (12, 12, 4)
    alpha = cut[..., 3]
    assert not alpha[:3].any()
    assert not alpha[:, 9:].any()
    assert (alpha[3:9, 3:9] == 255).all()
    assert tuple(cut[5, 5, :3]) == BLUE
    assert (cut[3:5, 3:9, :3] == RED).all(), "what is kept is kept bit for bit"
    assert not cut[0, 0].any(), "nothing hides under what is clear"


@pytest.mark.parametrize(("tolerance", "gone"), [(0, 1), (8, 72), (100, 144)])
def test_tolerance_is_how_far_colours_may_differ(tolerance: int, gone: int) -> None:
    made = np.full((12, 12, 3), BLUE, np.uint8)
    made[:6] = np.add(BLUE, 20)  # 7.8 hundredths
    made[0, 0] = BLUE
    made[6:] = RED
    made[-1, :] = np.add(BLUE, 20)
    made[-1, 0] = RED
    cut = cut_out(made, tolerance)
    kept = int((cut[..., 3] == 0).sum())
    assert kept >= gone if tolerance else kept <= 83
    assert cut_out(ring(), 100)[..., 3].sum() == 0
    with pytest.raises(BadInput, match="0 to 100"):
        cut_out(made, 101)


def test_noise_does_not_hide_the_colour_of_the_border() -> None:
    random = np.random.default_rng(3)
    made = ring(64).astype(np.int16)
    made = np.clip(made + random.integers(-6, 7, made.shape), 0, 255).astype(np.uint8)
    rgba = np.concatenate([made, np.full((64, 64, 1), 255, np.uint8)], axis=2)
    found = border_colour(rgba)
    assert found is not None
    assert np.abs(found - np.array(BLUE)).max() <= 2
    assert (cut_out(made)[..., 3] == 0).sum() == 64 * 64 - 36


def test_the_most_frequent_colour_of_the_border_counts() -> None:
    made = ring()
    made[0, :5] = RED
    assert not cut_out(made)[1, 1, 3]
    assert cut_out(made)[0, 0, 3] == 255


def test_grey_and_transparent_pictures() -> None:
    grey = np.zeros((6, 6, 1), np.uint8)
    grey[2:4, 2:4] = 200
    assert (cut_out(grey)[..., 3] > 0).sum() == 4
    clear = np.concatenate([ring(), np.full((12, 12, 1), 255, np.uint8)], axis=2)
    clear[:3, :, 3] = 0
    cut = cut_out(clear)
    assert not cut[:3].any()
    assert (cut[3:9, 3:9, 3] == 255).all()
    nothing = np.zeros((4, 4, 4), np.uint8)
    assert not cut_out(nothing).any()


def test_a_maze_is_flooded_to_its_end() -> None:
    maze = np.ones((41, 41), bool)
    for row in range(1, 40, 2):  # walls with a gap at alternating ends
        maze[row] = False
        maze[row, 39 if row % 4 == 1 else 1] = True
    maze[:, [0, 40]] = False
    maze[40] = False
    found = flooded(maze)
    assert (found == maze).all()
    maze[39, :] = False
    assert not flooded(maze)[40].any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2)])
def test_the_smallest_pictures(shape: tuple[int, int]) -> None:
    assert not cut_out(np.full((*shape, 3), 7, np.uint8)).any()


def test_soft_edges_give_the_mixed_pixels_back_their_colour() -> None:
    made = np.full((16, 16, 3), BLUE, np.uint8)
    made[4:12, 4:12] = RED
    half = ((np.array(BLUE) + RED) / 2).astype(np.uint8)
    made[4, 4:12] = half
    hard, soft = cut_out(made), cut_out(made, edge="soft")
    assert tuple(hard[4, 6]) == (*half, 255)
    assert np.abs(soft[4, 6, :3].astype(int) - RED).max() <= 2, "no blue is left in it"
    assert abs(int(soft[4, 6, 3]) - 128) <= 3
    assert (soft[5:11, 5:11] == hard[5:11, 5:11]).all(), "only the edge changes"
    assert soft[11, 6, 3] == 255, "a sharp edge stays sharp"
    assert (cut_out(ring(), 100, "soft") == 0).all()
