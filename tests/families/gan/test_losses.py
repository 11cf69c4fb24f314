"""The losses against their formulas, computed by hand."""

import math

import pytest
import torch
from torch import nn

from genstudio.families.gan import losses

REAL = torch.tensor([2.0, -0.5, 0.0])
FAKE = torch.tensor([-3.0, 0.5, 1.5])


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


def test_non_saturating():
    wanted = sum(map(softplus, (-2.0, 0.5, 0.0))) / 3 + sum(map(softplus, (-3.0, 0.5, 1.5))) / 3
    assert float(losses.critic_loss("non-saturating", REAL, FAKE)) == pytest.approx(wanted)
    wanted = sum(map(softplus, (3.0, -0.5, -1.5))) / 3
    assert float(losses.generator_loss("non-saturating", FAKE)) == pytest.approx(wanted)


def test_hinge_lets_go_beyond_the_margin():
    # real: 1 - 2 < 0 -> 0, 1.5, 1; made: 1 - 3 < 0 -> 0, 1.5, 2.5
    assert float(losses.critic_loss("hinge", REAL, FAKE)) == pytest.approx(2.5 / 3 + 4 / 3)
    assert float(losses.generator_loss("hinge", FAKE)) == pytest.approx(1 / 3)
    sure = losses.critic_loss("hinge", torch.full((4,), 1.5), torch.full((4,), -1.5))
    assert float(sure) == 0


def test_wasserstein_is_a_difference_of_means():
    assert float(losses.critic_loss("wgan-gp", REAL, FAKE)) == pytest.approx(-1 / 3 - 0.5)
    assert float(losses.generator_loss("wgan-gp", FAKE)) == pytest.approx(1 / 3)


@pytest.mark.parametrize("kind", losses.LOSSES)
def test_better_critics_and_better_generators_lose_less(kind: str):
    well = losses.critic_loss(kind, torch.full((2,), 0.9), torch.full((2,), -0.9))
    badly = losses.critic_loss(kind, torch.full((2,), -0.9), torch.full((2,), 0.9))
    assert well < badly
    assert losses.generator_loss(kind, REAL + 5) < losses.generator_loss(kind, REAL)


def test_an_unknown_loss_is_named():
    with pytest.raises(ValueError, match="'other'"):
        losses.critic_loss("other", REAL, FAKE)
    with pytest.raises(ValueError, match="'other'"):
        losses.generator_loss("other", FAKE)


def test_class_loss_is_the_cross_entropy_also_for_blends():
    logits = torch.tensor([[2.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
    hard = losses.class_loss(logits, torch.eye(3)[[0, 1]])
    wanted = nn.functional.cross_entropy(logits, torch.tensor([0, 1]))
    assert float(hard) == pytest.approx(float(wanted))
    blend = losses.class_loss(logits[:1], torch.tensor([[0.5, 0.5, 0.0]]))
    parts = [losses.class_loss(logits[:1], torch.eye(3)[[i]]) for i in (0, 1)]
    assert float(blend) == pytest.approx(float(sum(parts)) / 2)


def straight(slope: float):  # type: ignore[no-untyped-def]
    """A critic whose slope is `slope` in each of 4 pixels, everywhere: |gradient|^2 = 4 slope^2."""
    return lambda x: slope * x.flatten(1).sum(dim=1)


PICTURES = torch.rand(5, 1, 2, 2)


def test_squared_gradient_and_r1():
    assert torch.allclose(losses.squared_gradient(straight(0.5), PICTURES), torch.ones(5))
    assert float(losses.r1_penalty(straight(0.5), PICTURES, gamma=3.0)) == pytest.approx(1.5)
    lazily = losses.r1_penalty(straight(0.5), PICTURES, gamma=3.0, interval=16)
    assert float(lazily) == pytest.approx(24.0)


def test_the_gradient_penalty_wants_a_slope_of_one():
    mix = torch.rand(5)
    right = losses.gradient_penalty(straight(0.5), PICTURES, PICTURES + 1, mix)
    assert float(right) == pytest.approx(0, abs=1e-9)
    steep = losses.gradient_penalty(straight(1.0), PICTURES, PICTURES + 1, mix, weight=7.0)
    assert float(steep) == pytest.approx(7.0, rel=1e-5)


def test_the_gradient_penalty_looks_between_real_and_made():
    seen: list[torch.Tensor] = []

    def critic(x: torch.Tensor) -> torch.Tensor:
        seen.append(x.detach())
        return x.flatten(1).sum(dim=1)

    real, made = torch.ones(3, 1, 2, 2), torch.zeros(3, 1, 2, 2)
    losses.gradient_penalty(critic, real, made, torch.tensor([0.0, 0.25, 1.0]))
    assert seen[0][:, 0, 0, 0].tolist() == [0.0, 0.25, 1.0]


def test_penalties_reach_the_critics_weights():
    critic = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1))
    losses.r1_penalty(lambda x: critic(x)[:, 0], PICTURES).backward()
    assert critic[1].weight.grad.abs().sum() > 0
