"""The halves of the bound against their formulas, and the damage done to pictures."""

import math

import pytest
import torch
from torch import distributions

from genstudio.families.vae import losses

TARGET = torch.rand(6, 1, 5, 5) * 2 - 1


@pytest.mark.parametrize("kind", losses.LIKELIHOODS)
def test_nearer_pictures_cost_less(kind: str):
    near = losses.reconstruction(kind, TARGET * 0.95, TARGET)
    far = losses.reconstruction(kind, -TARGET, TARGET)
    assert torch.isfinite(near)
    assert near < far


def test_gaussian_with_its_best_width():
    decoded = TARGET + 0.3 * torch.randn_like(TARGET)
    sigma = (decoded - TARGET).square().mean().sqrt()
    wanted = -distributions.Normal(decoded, sigma).log_prob(TARGET).flatten(1).sum(1).mean()
    assert torch.allclose(losses.reconstruction("gaussian", decoded, TARGET), wanted, rtol=1e-4)


def test_laplace_with_its_best_width():
    decoded = TARGET + 0.3 * torch.randn_like(TARGET)
    scale = (decoded - TARGET).abs().mean()
    wanted = -distributions.Laplace(decoded, scale).log_prob(TARGET).flatten(1).sum(1).mean()
    assert torch.allclose(losses.reconstruction("laplace", decoded, TARGET), wanted, rtol=1e-4)


def test_the_width_has_a_floor():
    perfect = losses.reconstruction("gaussian", TARGET, TARGET)
    assert torch.isfinite(perfect)
    assert float(perfect) == pytest.approx(0.5 * 25 * math.log(2 * math.pi * 0.01**2), rel=1e-4)
    assert torch.isfinite(losses.reconstruction("laplace", TARGET, TARGET))


def test_bernoulli_stays_finite_at_black_and_white():
    black = -torch.ones(1, 1, 2, 2)
    assert torch.isfinite(losses.reconstruction("bernoulli", -black, black))


def test_an_unknown_likelihood_is_named():
    with pytest.raises(ValueError, match="'other'"):
        losses.reconstruction("other", TARGET, TARGET)


def test_kl_is_torchs():
    mean, logvar = torch.randn(200, 3), torch.randn(200, 3)
    posterior = distributions.Normal(mean, (0.5 * logvar).exp())
    wanted = distributions.kl_divergence(posterior, distributions.Normal(0.0, 1.0)).mean(dim=0)
    assert torch.allclose(losses.kl_per_dimension(mean, logvar), wanted, rtol=1e-4)
    assert torch.allclose(losses.kl_loss(mean, logvar), wanted.sum(), rtol=1e-4)


def test_free_bits_are_a_floor_for_each_dimension():
    mean = torch.zeros(10, 2)
    mean[:, 1] = 3.0
    logvar = torch.zeros(10, 2)
    used = 0.5 * 9.0
    assert float(losses.kl_loss(mean, logvar)) == pytest.approx(used)
    assert float(losses.kl_loss(mean, logvar, 1.0)) == pytest.approx(used + math.log(2))


def test_reparameterised_samples_have_mean_and_spread():
    torch.manual_seed(0)
    mean, logvar = torch.full((40_000, 1), 2.0), torch.full((40_000, 1), math.log(9.0))
    z = losses.reparameterise(mean, logvar, torch.randn(40_000, 1))
    assert float(z.mean()) == pytest.approx(2.0, abs=0.1)
    assert float(z.std()) == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize(
    ("step", "warm_up", "wanted"),
    [(0, 10, 0.0), (5, 10, 2.0), (10, 10, 4.0), (99, 10, 4.0), (0, 0, 4.0)],
)
def test_beta_rises_and_stays(step: int, warm_up: int, wanted: float):
    assert losses.beta_at(step, 4.0, warm_up) == wanted


def test_a_low_share_adds_noise_a_high_one_cuts_a_box():
    white = torch.ones(2, 1, 20, 20)
    boxes = torch.tensor([[0.0, 0.0, 0.0, 0.0], [1.0, 0.5, 1.0, 0.0]])
    damaged = losses.corrupt(white, torch.tensor([0.4, 0.9]), torch.randn_like(white), boxes)
    assert damaged[0].unique().numel() > 10
    assert damaged.abs().max() <= 1
    assert damaged[1].unique().tolist() == [0.0, 1.0]
    # height 0.2 + 0.5 of 20 rows, at the lower edge; width 0.2 of 20 columns
    hole = damaged[1, 0] == 0
    assert hole.sum() == 14 * 4
    assert hole[-1].any()
    assert not hole[0].any()


def test_no_share_leaves_the_picture():
    images = torch.rand(3, 1, 8, 8)
    same = losses.corrupt(images, torch.zeros(3), torch.randn_like(images), torch.rand(3, 4))
    assert torch.equal(same, images)
