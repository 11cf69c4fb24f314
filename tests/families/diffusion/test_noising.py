"""Noise on and off: the identities that training and sampling rest on."""

from itertools import pairwise

import pytest
import torch

from genstudio.families.diffusion.noising import MOST, Noising

T = torch.tensor([0, 10, 500, 990])


@pytest.fixture(params=["v", "epsilon", "sample"])
def noising(request):
    return Noising("cosine", 1000, request.param)


def example():
    generator = torch.Generator().manual_seed(0)
    return (torch.randn(4, 1, 4, 4, generator=generator) for _ in range(2))


def test_the_right_answer_gives_the_picture_back(noising):
    x0, noise = example()
    alpha, sigma = noising.parts(T)
    x = alpha * x0 + sigma * noise
    assert torch.allclose(noising.x0(x, noising.target(x0, noise, T), T), x0, atol=2e-2)


def test_a_step_with_the_right_picture_lands_on_the_same_noise(noising):
    x0, noise = example()
    alpha, sigma = noising.parts(T)
    to = torch.tensor([-1, 3, 250, 400])
    found = noising.step(alpha * x0 + sigma * noise, x0, T, to)
    after, still = noising.parts(to.clamp(min=0))
    wanted = after * x0 + still * noise
    wanted[0] = x0[0]
    assert torch.allclose(found, wanted, atol=1e-3)


@pytest.mark.parametrize("steps", [1, 4, 12, 1000])
def test_the_grid_starts_at_the_last_step_and_falls(steps):
    grid = Noising("cosine", 1000, "v").grid(steps)
    assert len(grid) == steps
    assert grid[0] == 999
    assert all(a > b >= 0 for a, b in pairwise(grid))


def test_min_snr_weights_follow_the_paper():
    t = torch.arange(1, 999)
    v, e, x = (Noising("cosine", 1000, kind) for kind in ("v", "epsilon", "sample"))
    snr = v.ratio(t)
    assert torch.allclose(v.weight(t, 5.0), snr.clamp(max=5) / (snr + 1))
    assert torch.allclose(e.weight(t, 5.0), snr.clamp(max=5) / snr)
    assert torch.allclose(x.weight(t, 5.0), snr.clamp(max=5))
    assert (v.weight(t, 0.0) == 1).all()


def test_the_error_of_a_picture_counts_as_that_of_its_velocity_up_to_a_bound():
    v, x = (Noising("cosine", 1000, kind) for kind in ("v", "sample"))
    t = torch.tensor([100, 400, 600, 900])
    generator = torch.Generator().manual_seed(1)
    x0, noise, off = (torch.randn(4, 1, 4, 4, generator=generator) for _ in range(3))
    alpha, sigma = v.parts(t)
    noisy, guess = alpha * x0 + sigma * noise, x0 + 0.1 * off
    said = (alpha * noisy - guess) / sigma  # the velocity that means this guess
    assert torch.allclose(v.x0(noisy, said, t), guess, atol=1e-5)
    as_v = (said - v.target(x0, noise, t)).square().mean(dim=(1, 2, 3))
    as_x = (guess - x.target(x0, noise, t)).square().mean(dim=(1, 2, 3)) * x.weight(t, 0.0)
    assert torch.allclose(as_v[1:], as_x[1:], rtol=1e-3)
    assert as_x[0] < as_v[0]
    assert x.weight(torch.tensor([0]), 0.0).item() == MOST


def test_signal_falls_from_almost_all_to_almost_nothing():
    for kind in ("cosine", "linear"):
        kept = Noising(kind, 1000, "v").kept
        assert (kept[1:] < kept[:-1]).all()
        assert kept[0] > 0.999
        assert kept[-1] < 1e-4
