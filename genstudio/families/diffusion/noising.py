"""Noise on, and what the network's answer means (torch side).

x_t = alpha x_0 + sigma noise with alpha^2 = a_t, sigma^2 = 1 - a_t (Ho et al. 2020, equation 4).
The network answers the noise; or the velocity v = alpha noise - sigma x_0 (Salimans, Ho 2022,
section 4 and appendix D), whose error counts alike at all noise levels; or the picture x_0 itself
("sample"), for which it need not carry the noise to its end: a narrow network can (Li, He 2025,
"Back to basics: let denoising generative models denoise", section 3).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from genstudio.numerics.schedules import alphas_cumprod

MOST = 25.0
"""Largest weight of a picture's squared error: beyond it hardly any noise is left to be found."""


class Noising:
    """The schedule `kind` over `steps`; `kept` is a_t as float32 (steps,)."""

    def __init__(self, kind: str, steps: int, prediction: str) -> None:
        self.steps, self.prediction = steps, prediction
        self.kept = torch.from_numpy(alphas_cumprod(kind, steps).astype(np.float32))

    def parts(self, t: Tensor) -> tuple[Tensor, Tensor]:
        """(alpha, sigma), each (b, 1, 1, 1), at the steps t (b,) int64."""
        kept = self.kept.to(t.device)[t][:, None, None, None]
        return kept.sqrt(), (1 - kept).sqrt()

    def ratio(self, t: Tensor) -> Tensor:
        """Signal to noise, alpha^2 / sigma^2 (b,)."""
        kept = self.kept.to(t.device)[t]
        return kept / (1 - kept)

    def weight(self, t: Tensor, gamma: float) -> Tensor:
        """Min-SNR-gamma weights (b,) of the answer's squared error; 1 where gamma is 0.

        Hang et al. 2023, Efficient diffusion training via Min-SNR weighting, section 3.4: the
        error of x_0 counts min(SNR, gamma) times; that of noise and velocity as much per SNR
        and per SNR + 1. The error of x_0 without gamma counts as its velocity's would, up to MOST.
        """
        ratio = self.ratio(t)
        if self.prediction == "sample":
            return ratio.clamp(max=gamma) if gamma else (ratio + 1).clamp(max=MOST)
        if not gamma:
            return torch.ones(len(t), device=t.device)
        return ratio.clamp(max=gamma) / (ratio + (self.prediction == "v"))

    def target(self, x0: Tensor, noise: Tensor, t: Tensor) -> Tensor:
        """What the network should answer, of the shape of x0."""
        if self.prediction == "sample":
            return x0
        if self.prediction == "epsilon":
            return noise
        alpha, sigma = self.parts(t)
        return alpha * noise - sigma * x0

    def x0(self, x: Tensor, out: Tensor, t: Tensor) -> Tensor:
        """The picture that an answer `out` at x means."""
        if self.prediction == "sample":
            return out
        alpha, sigma = self.parts(t)
        if self.prediction == "epsilon":
            return (x - sigma * out) / alpha
        return alpha * x - sigma * out

    def step(self, x: Tensor, x0: Tensor, t: Tensor, to: Tensor) -> Tensor:
        """DDIM without new noise from t to `to`, -1 meaning none left (Song 2021, equation 12)."""
        alpha, sigma = self.parts(t)
        after, still = self.parts(to.clamp(min=0))
        after, still = (
            after.where(to[:, None, None, None] >= 0, 1.0),
            still.where(to[:, None, None, None] >= 0, 0.0),
        )
        return after * x0 + still * (x - alpha * x0) / sigma

    def grid(self, count: int) -> list[int]:
        """`count` steps from the last to the first, evenly ("trailing": Lin et al. 2023, 3.3)."""
        return [round(self.steps * (count - i) / count) - 1 for i in range(count)]
