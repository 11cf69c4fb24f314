"""Adversarial losses as pure functions of scores, and the two gradient penalties.

- Goodfellow et al. 2014 (section 3): non-saturating logistic loss.
- Lim, Ye 2017 (geometric GAN) and Miyato et al. 2018 (equations 16 and 17): hinge loss.
- Arjovsky, Chintala, Bottou 2017 (algorithm 1) and Gulrajani et al. 2017 (equation 3): wgan-gp.
- Mescheder, Geiger, Nowozin 2018 (equation 9): the R1 penalty, gamma / 2 * E |grad D(real)|^2.
- Karras et al. 2020 (StyleGAN2, appendix B): R1 every k-th step, its weight multiplied by k.

Scores have shape (b,). Every function returns one number to minimise.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

LOSSES = ("non-saturating", "hinge", "wgan-gp")


def critic_loss(kind: str, real: Tensor, fake: Tensor) -> Tensor:
    """What the critic minimises, without its penalty."""
    if kind == "non-saturating":
        return F.softplus(-real).mean() + F.softplus(fake).mean()
    if kind == "hinge":
        return F.relu(1 - real).mean() + F.relu(1 + fake).mean()
    if kind == "wgan-gp":
        return fake.mean() - real.mean()
    raise ValueError(f"unknown loss {kind!r}, expected one of {LOSSES}")


def generator_loss(kind: str, fake: Tensor) -> Tensor:
    """What the generator minimises."""
    if kind == "non-saturating":
        return F.softplus(-fake).mean()
    if kind in ("hinge", "wgan-gp"):
        return -fake.mean()
    raise ValueError(f"unknown loss {kind!r}, expected one of {LOSSES}")


def class_loss(logits: Tensor, label: Tensor) -> Tensor:
    """Cross-entropy of the auxiliary class head; label is (b, classes), one-hot or soft."""
    return -(label * F.log_softmax(logits, dim=1)).sum(dim=1).mean()


def squared_gradient(score: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """|d score / d x|^2 of every picture, kept differentiable. Must not run under no_grad."""
    x = x.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(score(x).sum(), x, create_graph=True)  # (b, c, h, w)
    return gradient.square().flatten(1).sum(dim=1)  # (b,)


def r1_penalty(
    score: Callable[[Tensor], Tensor], real: Tensor, gamma: float = 1.0, interval: int = 1
) -> Tensor:
    """gamma / 2 * E |gradient at real|^2, scaled up when applied every interval-th step."""
    return 0.5 * gamma * interval * squared_gradient(score, real).mean()


def gradient_penalty(
    score: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, mix: Tensor, weight: float = 10.0
) -> Tensor:
    """weight * E (|gradient| - 1)^2 between real and fake; mix is (b,) uniform in [0, 1]."""
    share = mix.view(-1, 1, 1, 1)  # (b, 1, 1, 1)
    between = real.detach() * share + fake.detach() * (1 - share)  # (b, c, h, w)
    norm = (squared_gradient(score, between) + 1e-12).sqrt()  # (b,)
    return weight * (norm - 1).square().mean()
