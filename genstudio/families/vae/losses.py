"""The two halves of the evidence lower bound, and the ways to balance them.

- Kingma, Welling 2014 (appendix B): the closed-form KL divergence.
- Rybkin, Daniilidis, Levine 2021 (sigma-VAE, section 4.2): the scale of the likelihood set to its
  optimum for the batch, which replaces tuning beta. For a Gaussian that is the mean squared error,
  for a Laplace distribution the mean absolute error.
- Higgins et al. 2017 (beta-VAE, equation 4): the weight of the KL term.
- Bowman et al. 2016 (section 3.1): warming that weight up from zero.
- Kingma et al. 2016 (appendix C.8): free bits, a floor under the KL of each latent dimension.
- Vincent et al. 2008 (section 2.3), Im et al. 2017 (denoising VAE): corrupted input, clean target.

Pictures are in [-1, 1]. Losses are in nats per picture, averaged over the batch.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

LIKELIHOODS = ("laplace", "gaussian", "bernoulli")


def reconstruction(kind: str, decoded: Tensor, target: Tensor, floor: float = 0.01) -> Tensor:
    """Negative log-likelihood of target (b, c, h, w), in nats per picture.

    The scale is found in closed form from the batch (and differentiated through, as in the paper);
    floor keeps it from vanishing. Laplace ignores outliers, which leaves edges sharper.
    """
    numbers = target[0].numel()
    if kind == "laplace":
        scale = (decoded - target).abs().mean().clamp_min(floor)
        return numbers * (torch.log(2 * scale) + (decoded - target).abs().mean() / scale)
    if kind == "gaussian":
        variance = (decoded - target).square().mean().clamp_min(floor**2)
        error = (decoded - target).square().mean()
        return 0.5 * numbers * (torch.log(2 * math.pi * variance) + error / variance)
    if kind == "bernoulli":
        share = ((decoded + 1) / 2).clamp(1e-4, 1 - 1e-4)  # (b, c, h, w) in (0, 1)
        return numbers * F.binary_cross_entropy(share, (target + 1) / 2)
    raise ValueError(f"unknown likelihood {kind!r}, expected one of {LIKELIHOODS}")


def reparameterise(mean: Tensor, logvar: Tensor, noise: Tensor) -> Tensor:
    """A posterior sample from standard normal noise; all (b, latent)."""
    return mean + torch.exp(0.5 * logvar) * noise


def kl_per_dimension(mean: Tensor, logvar: Tensor) -> Tensor:
    """KL(q(z|x) || N(0, 1)) of each latent dimension, averaged over the batch: (latent,) nats."""
    return 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean(dim=0)  # (latent,)


def kl_loss(mean: Tensor, logvar: Tensor, free_bits: float = 0.0) -> Tensor:
    """Sum over dimensions; a dimension below free_bits (in bits) is charged exactly that much."""
    per_dimension = kl_per_dimension(mean, logvar)  # (latent,)
    return per_dimension.clamp_min(free_bits * math.log(2)).sum()


def beta_at(step: int, beta: float, warm_up: int) -> float:
    """The KL weight: linear from 0 to beta over the first warm_up steps, then constant."""
    return beta * min(1.0, step / warm_up) if warm_up > 0 else beta


def corrupt(
    x: Tensor, share: Tensor, noise: Tensor, boxes: Tensor, strength: float = 0.5
) -> Tensor:
    """Damage some of the pictures, for training with clean targets.

    share (b,) uniform in [0, 1] picks the damage: below 1/2 Gaussian noise of up to `strength`,
    else a box filled with mid-grey (0). noise (b, c, h, w) is standard normal; boxes (b, 4) holds
    top, left, height and width as uniform numbers. Which pictures come here is the caller's choice.
    """
    b, _, h, w = x.shape
    sigma = (2 * share).clamp(max=1).view(b, 1, 1, 1) * strength  # (b, 1, 1, 1)
    noisy = (x + sigma * noise).clamp(-1, 1)  # (b, c, h, w)
    rows = torch.arange(h, device=x.device).view(1, 1, h, 1) / h  # (1, 1, h, 1)
    columns = torch.arange(w, device=x.device).view(1, 1, 1, w) / w  # (1, 1, 1, w)
    top, left, height, width = boxes.view(b, 4, 1, 1, 1).unbind(dim=1)  # 4 x (b, 1, 1, 1)
    height, width = 0.2 + 0.5 * height, 0.2 + 0.5 * width
    top, left = top * (1 - height), left * (1 - width)
    inside = (rows >= top) & (rows < top + height) & (columns >= left) & (columns < left + width)
    boxed = torch.where(inside, torch.zeros_like(x), x)  # (b, c, h, w)
    return torch.where(share.view(b, 1, 1, 1) < 0.5, noisy, boxed)  # (b, c, h, w)
