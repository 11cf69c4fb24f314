"""Samplers on data whose perfect network is known, so that their end is known too."""

import numpy as np
import pytest

from genstudio.numerics import noise, samplers, schedules
from genstudio.numerics.samplers import SAMPLERS

KNOWN = schedules.schedule("cosine")
WIDTH = 0.5
"""Deviation of the data, a normal distribution around 0."""
CALM = [name for name, kind in SAMPLERS.items() if not kind.draws]


def best(x: np.ndarray, t: float, alpha: float, sigma: float) -> np.ndarray:
    """E[x0 | x]: what a perfect network says."""
    return (alpha * WIDTH**2 / (alpha**2 * WIDTH**2 + sigma**2)) * x


def walk(name: str, steps: int, count: int = 1, denoise=best, first: int = 0) -> np.ndarray:
    """The last state (count, 400) of a sampler."""
    most = schedules.NOISIEST
    grid = schedules.grid(KNOWN, steps, most=most)
    x = noise.normals(1, first, count, (400,))

    def fresh(place: int) -> np.ndarray:
        return noise.normals(1, first, count, (400,), stream=1 + place)

    sampler = SAMPLERS[name](grid, denoise, fresh)
    for place in range(steps):
        x, _ = sampler.step(x, place)
    return x


@pytest.mark.parametrize("name", SAMPLERS)
def test_noise_becomes_data(name: str) -> None:
    """The exact answer of the probability flow is the noise times the deviation of the data."""
    start = noise.normals(1, 0, 2, (400,))
    found = walk(name, 100, 2)
    assert found.dtype == np.float32
    assert found.std() == pytest.approx(WIDTH * start.std(), rel=0.06)
    if not SAMPLERS[name].draws:
        np.testing.assert_allclose(found, WIDTH * start, atol=0.04)


@pytest.mark.parametrize(("name", "order"), [("ddim", 1), ("euler", 1), ("heun", 2), ("dpm", 2)])
def test_errors_shrink_as_the_order_says(name: str, order: int) -> None:
    """The mean of the slope of log error over log steps; the clean end is left out of it."""
    start = noise.normals(1, 0, 1, (400,))
    most = schedules.NOISIEST
    errors = []
    for steps in (40, 160):
        grid = schedules.grid(KNOWN, steps, most=most)
        sampler, x = SAMPLERS[name](grid, best, lambda place: start), start
        for place in range(steps // 2):
            x, _ = sampler.step(x, place)
        alpha, sigma = grid.pair(steps // 2)
        first_alpha, first_sigma = grid.pair(0)
        scale = np.hypot(alpha * WIDTH, sigma) / np.hypot(first_alpha * WIDTH, first_sigma)
        errors.append(np.abs(x - scale * start).max())
    assert np.log(errors[0] / errors[1]) / np.log(4) == pytest.approx(order, abs=0.45)


@pytest.mark.parametrize("name", SAMPLERS)
def test_one_step_gives_the_first_opinion(name: str) -> None:
    """A network that always sees the same picture is believed at once."""
    picture = np.linspace(-1, 1, 400, dtype=np.float32)[None]
    found = walk(name, 1, denoise=lambda x, t, alpha, sigma: picture)
    np.testing.assert_allclose(found, picture, atol=1e-6)


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_row_does_not_depend_on_its_neighbours(name: str) -> None:
    many, alone = walk(name, 8, 3), walk(name, 8, 1, first=2)
    np.testing.assert_allclose(many[2:], alone, atol=1e-6)


def test_only_those_that_say_so_draw_noise() -> None:
    def refuse(place: int) -> np.ndarray:
        raise AssertionError("drew noise")

    grid = schedules.grid(KNOWN, 5)
    x = noise.normals(1, 0, 1, (4,))
    for name in CALM:
        SAMPLERS[name](grid, best, refuse).step(x, 0)
    assert set(SAMPLERS) - set(CALM) == {"ddpm", "euler_ancestral"}
    for kind in [*(SAMPLERS[name] for name in SAMPLERS if name not in CALM), samplers.DdimNoisy]:
        with pytest.raises(AssertionError, match="drew"):
            kind(grid, best, refuse).step(x, 0)


def test_nothing_is_drawn_for_the_finished_picture() -> None:
    grid = schedules.grid(KNOWN, 3)
    x = noise.normals(1, 0, 1, (4,))
    for kind in (*SAMPLERS.values(), samplers.DdimNoisy):
        last, x0 = kind(grid, best, lambda place: np.full_like(x, np.nan)).step(x, 2)
        np.testing.assert_allclose(last, x0, atol=1e-6)


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_network_is_asked_at_the_times_of_the_grid(name: str) -> None:
    asked = []

    def denoise(x: np.ndarray, t: float, alpha: float, sigma: float) -> np.ndarray:
        asked.append(t)
        assert alpha**2 + sigma**2 == pytest.approx(1)
        return best(x, t, alpha, sigma)

    grid = schedules.grid(KNOWN, 4, most=schedules.NOISIEST)
    walk(name, 4, denoise=denoise)
    wanted = list(grid.times)
    if name == "heun":
        wanted = [wanted[0], *np.repeat(wanted[1:], 2)]
    assert asked == wanted


def test_dpm_forgets_its_last_opinion_after_a_jump() -> None:
    """An inpainting that goes back a step must not use the slope of another place."""
    grid = schedules.grid(KNOWN, 10)
    x = noise.normals(1, 0, 1, (40,))
    sampler = SAMPLERS["dpm"](grid, best, lambda place: x)
    sampler.step(x, 2)
    jumped, _ = sampler.step(x, 5)
    fresh, _ = SAMPLERS["dpm"](grid, best, lambda place: x).step(x, 5)
    np.testing.assert_array_equal(jumped, fresh)
    followed, _ = sampler.step(jumped, 6)
    alone, _ = SAMPLERS["dpm"](grid, best, lambda place: x).step(jumped, 6)
    assert not np.array_equal(followed, alone)


def test_predictions_give_the_picture_back() -> None:
    picture, dirt = noise.normals(2, 0, 2, (9,))
    alpha, sigma = 0.6, 0.8
    x = schedules.noised(picture, dirt, alpha, sigma)
    v = alpha * dirt - sigma * picture
    for out, prediction in ((dirt, "epsilon"), (v, "v"), (picture, "sample")):
        found = samplers.to_x0(out, x, alpha, sigma, prediction)
        np.testing.assert_allclose(found, picture, atol=1e-6)
        assert found.dtype == np.float32


def test_euler_ancestral_goes_the_way_of_ddpm() -> None:
    np.testing.assert_allclose(walk("euler_ancestral", 12), walk("ddpm", 12), atol=1e-5)
