"""The fitted prior: where the encoder really puts pictures, to draw new ones from.

A trained encoder never fills the standard Gaussian exactly, so vectors drawn from that decode to
pictures between the kinds it knows. A Gaussian per class (or per cluster, where there are no
classes) fitted to the codes afterwards mends it without touching the networks: ex-post density
estimation, Ghosh et al. 2020 (From Variational to Deterministic Autoencoders, section 4).
Cluster centres start as in k-means++ (Arthur, Vassilvitskii 2007).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

JITTER = 1e-4
ROUNDS = 25


class Prior(nn.Module):
    """Standard noise -> latent vectors; a mixture of Gaussians that starts as the standard one."""

    means: Tensor
    factors: Tensor
    shares: Tensor

    def __init__(self, parts: int, latent: int) -> None:
        super().__init__()
        eye = torch.eye(latent).repeat(parts, 1, 1)
        self.register_buffer("means", torch.zeros(parts, latent))
        self.register_buffer("factors", eye)  # (k, latent, latent), lower triangular
        self.register_buffer("shares", torch.arange(1, parts + 1) / parts)  # (k,), running sum

    def blend(self, noise: Tensor, weights: Tensor) -> Tensor:
        """Vectors (b, latent) of noise (b, latent) in parts blended by `weights` (b, k)."""
        factors = torch.einsum("bk,kij->bij", weights, self.factors)  # (b, latent, latent)
        return weights @ self.means + torch.einsum("bij,bj->bi", factors, noise)  # (b, latent)

    def pick(self, choice: Tensor) -> Tensor:
        """One-hot parts (b, k) of numbers (b, 1) in [0, 1), by the size of the parts."""
        below = (choice >= self.shares[:-1]).sum(dim=1, keepdim=True)  # (b, 1)
        return (below == torch.arange(len(self.shares), device=choice.device)).to(choice.dtype)


class ByClass(nn.Module):
    """The graph of a conditional model: (noise, label) -> z; labels may blend classes."""

    def __init__(self, prior: Prior) -> None:
        super().__init__()
        self.prior = prior

    def forward(self, noise: Tensor, label: Tensor) -> Tensor:
        return self.prior.blend(noise, label)


class ByChoice(nn.Module):
    """The graph of an unconditional model: (noise, choice in [0, 1)) -> z."""

    def __init__(self, prior: Prior) -> None:
        super().__init__()
        self.prior = prior

    def forward(self, noise: Tensor, choice: Tensor) -> Tensor:
        return self.prior.blend(noise, self.prior.pick(choice))


@torch.no_grad()
def fit(prior: Prior, means: Tensor, variances: Tensor, groups: Tensor) -> None:
    """Give each part mean and covariance of its codes: posterior `means` and `variances` (n,
    latent), `groups` (n,) part numbers. A part with few codes for its dimensions leans on the
    covariance that the parts share (shrinkage), an empty one takes it whole.
    """
    means, variances = means.double().cpu(), variances.double().cpu()
    groups = groups.cpu()
    counts = torch.bincount(groups, minlength=len(prior.means)).double()
    centres = torch.zeros(len(counts), means.shape[1], dtype=means.dtype)
    centres = centres.index_add(0, groups, means) / counts.clamp(min=1)[:, None]  # (k, latent)
    common = _covariance(means - centres[groups], variances)
    for part, count in enumerate(counts.tolist()):
        own = groups == part
        trust = count / (count + means.shape[1])
        covariance = (1 - trust) * common
        if count > 1:
            covariance = covariance + trust * _covariance(means[own], variances[own])
        prior.means[part].copy_(centres[part] if count else means.mean(dim=0))
        prior.factors[part].copy_(torch.linalg.cholesky(covariance))
    shares = counts.clamp(min=1).cumsum(dim=0)
    prior.shares.copy_(shares / shares[-1])


@torch.no_grad()
def clusters(codes: Tensor, parts: int, seed: int) -> Tensor:
    """Cluster numbers (n,) of codes (n, latent) by k-means."""
    draw = torch.Generator().manual_seed(seed)
    codes = codes.float().cpu()
    centres = codes[torch.randint(len(codes), (1,), generator=draw)]  # (1, latent)
    while len(centres) < parts:
        near = torch.cdist(codes, centres).min(dim=1).values.square()  # (n,)
        chance = near if float(near.sum()) > 0 else torch.ones_like(near)
        centres = torch.cat([centres, codes[torch.multinomial(chance, 1, generator=draw)]])
    for _ in range(ROUNDS):
        groups = torch.cdist(codes, centres).argmin(dim=1)  # (n,)
        for part in groups.unique().tolist():
            centres[part] = codes[groups == part].mean(dim=0)
    return groups


def _covariance(means: Tensor, variances: Tensor) -> Tensor:
    """Covariance (latent, latent) of vectors drawn from all these posteriors (total variance)."""
    away = means - means.mean(dim=0)
    spread = away.T @ away / len(means)
    return spread + torch.diag(variances.mean(dim=0) + JITTER)
