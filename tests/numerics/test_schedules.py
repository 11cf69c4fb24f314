"""Schedules: what the papers say about them, and the grids made from them."""

import math

import numpy as np
import pytest

from genstudio.numerics import schedules
from genstudio.numerics.schedules import Grid


@pytest.mark.parametrize("name", ["linear", "cosine"])
@pytest.mark.parametrize("steps", [10, 1000])
def test_bars_fall_from_nearly_all_to_nearly_nothing(name: schedules.Name, steps: int) -> None:
    bars = schedules.alphas_cumprod(name, steps)
    assert bars.shape == (steps,)
    assert bars.dtype == np.float64
    assert np.all(np.diff(bars) < 0)
    assert bars[0] > 0.9 if steps > 10 else bars[0] > 0.5
    assert 0 < bars[-1] < 1e-3


def test_linear_is_that_of_ddpm() -> None:
    rates = schedules.betas("linear", 1000)
    assert (rates[0], rates[-1]) == (1e-4, 0.02)
    np.testing.assert_allclose(np.diff(rates), (0.02 - 1e-4) / 999)


def test_cosine_is_equation_17_until_its_limit() -> None:
    bars = schedules.alphas_cumprod("cosine", 1000)
    t = np.arange(1, 999)
    f = np.cos((t / 1000 + 0.008) / 1.008 * np.pi / 2) ** 2
    start = math.cos(0.008 / 1.008 * math.pi / 2) ** 2
    np.testing.assert_allclose(bars[:998], f / start, rtol=1e-9)
    assert schedules.betas("cosine", 1000)[-1] == 0.999


def test_fewer_steps_hold_the_same_noise() -> None:
    many, few = (schedules.alphas_cumprod("linear", n) for n in (1000, 100))
    assert np.log(few[-1]) == pytest.approx(np.log(many[-1]), rel=0.1)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="no schedule 'round'"):
        schedules.schedule("round")  # type: ignore[arg-type]


def test_shared_numbers_cannot_be_spoiled() -> None:
    with pytest.raises(ValueError, match="read-only"):
        schedules.alphas_cumprod("cosine")[0] = 0


def test_alpha_sigma_and_level_belong_together() -> None:
    known = schedules.schedule("cosine", 50)
    np.testing.assert_allclose(known.alphas**2 + known.sigmas**2, 1)
    np.testing.assert_allclose(known.levels, known.sigmas / known.alphas)
    assert known.steps == 50


def test_times_of_levels_are_their_inverse() -> None:
    known = schedules.schedule("linear")
    places = np.array([0, 3, 500, 999.0])
    np.testing.assert_allclose(known.times_of(known.levels_at(places)), places)
    between = known.times_of(known.levels_at(np.array([10.5])))
    assert 10 < between[0] < 11


@pytest.mark.parametrize("steps", [1, 3, 7, 20, 1000])
def test_trailing_times_begin_at_the_last(steps: int) -> None:
    found = schedules.times(1000, steps)
    assert len(found) == len(set(found)) == steps
    assert found[0] == 999
    assert np.all(np.diff(found) < 0)
    assert found[-1] >= 0


def test_too_many_steps_are_refused() -> None:
    with pytest.raises(ValueError, match="11 steps do not fit into 10"):
        schedules.times(10, 11)
    with pytest.raises(ValueError, match="0 steps"):
        schedules.times(10, 0)


def test_a_grid_ends_with_the_finished_picture() -> None:
    known = schedules.schedule("cosine")
    grid = schedules.grid(known, 4)
    assert grid.times == (999, 749, 499, 249)
    assert grid.steps == 4
    assert grid.levels[-1] == 0
    assert grid.pair(4) == (1, 0)
    alpha, sigma = grid.pair(2)
    assert alpha == pytest.approx(known.alphas[499])
    assert sigma == pytest.approx(known.sigmas[499])


def test_a_grid_can_leave_out_the_noisiest_times() -> None:
    known = schedules.schedule("cosine")
    grid = schedules.grid(known, 20, most=schedules.NOISIEST)
    assert known.levels[-1] > schedules.NOISIEST >= grid.levels[0] > 100


@pytest.mark.parametrize(("strength", "first"), [(1, 0), (0.5, 5), (0.26, 7), (0.0, 9), (2, 0)])
def test_strength_says_how_much_of_the_way_is_left(strength: float, first: int) -> None:
    grid = schedules.grid(schedules.schedule("linear"), 10)
    assert grid.start(strength) == first


def test_karras_levels_lie_closer_where_there_is_little_noise() -> None:
    known = schedules.schedule("cosine")
    grid = schedules.karras(known, 10)
    levels = np.array(grid.levels)
    assert levels[0] == pytest.approx(schedules.NOISIEST)
    assert levels[-2] == pytest.approx(known.levels[0])
    assert np.all(np.diff(np.abs(np.diff(levels))) < 0)
    np.testing.assert_allclose(known.levels_at(np.array(grid.times)), levels[:-1], rtol=0.02)
    assert isinstance(grid, Grid)
    roots = levels[:-1] ** (1 / schedules.RHO)
    np.testing.assert_allclose(np.diff(roots), np.diff(roots)[0])


def test_noised_pictures_are_float32_mixtures() -> None:
    picture, noise = np.full((2, 3), 0.5, np.float32), np.ones((2, 3), np.float32)
    found = schedules.noised(picture, noise, 0.8, 0.6)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, 1.0)
