"""From noise to pictures: the update rules of samplers, in numpy on a function `denoise`.

The state x (b, …) float32 is always α x0 + σ ε ("variance preserving"); formulas of papers that
use y = x / α (Karras et al.) are written for x here, where they stay small at every noise level.
A step needs x̂0, the network's opinion of the finished picture, and ε̂ = (x − α x̂0) / σ, which
follows it also where x̂0 was clipped.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Literal

import numpy as np

from genstudio.numerics.schedules import Grid

Prediction = Literal["epsilon", "v", "sample"]
Denoise = Callable[[np.ndarray, float, float, float], np.ndarray]
"""(x, t, α, σ) -> x̂0 of the same shape."""
Noise = Callable[[int], np.ndarray]
"""Step -> fresh standard normal noise of x's shape."""


def to_x0(
    out: np.ndarray, x: np.ndarray, alpha: float, sigma: float, prediction: Prediction
) -> np.ndarray:
    """x̂0 of what the network says about x.

    ε: Ho et al. 2020, equation 15. v = α ε − σ x0: Salimans, Ho 2022, "Progressive distillation
    for fast sampling of diffusion models", section 4 and appendix D. "sample": x̂0 itself.
    """
    if prediction == "sample":
        return out
    if prediction == "v":
        return alpha * x - sigma * out
    return (x - sigma * out) / alpha


class Sampler(ABC):
    """One way from noise to a picture."""

    draws = False
    """Whether steps add fresh noise."""

    def __init__(self, grid: Grid, denoise: Denoise, noise: Noise) -> None:
        self.grid = grid
        self.denoise = denoise
        self.noise = noise

    @abstractmethod
    def step(self, x: np.ndarray, place: int) -> tuple[np.ndarray, np.ndarray]:
        """From `place` to place + 1 of the grid: (x after the step, the x̂0 it went towards)."""

    def _look(self, x: np.ndarray, place: int) -> np.ndarray:
        alpha, sigma = self.grid.pair(place)
        return self.denoise(x, self.grid.times[place], alpha, sigma)

    def _ends(self, place: int) -> tuple[float, float, float, float]:
        """(α, σ) before the step, (α, σ) after it."""
        return *self.grid.pair(place), *self.grid.pair(place + 1)


class OneLook(Sampler):
    """A sampler that asks the network once a step."""

    def step(self, x: np.ndarray, place: int) -> tuple[np.ndarray, np.ndarray]:
        """See Sampler."""
        x0 = self._look(x, place)
        return self._towards(x, x0, place), x0

    @abstractmethod
    def _towards(self, x: np.ndarray, x0: np.ndarray, place: int) -> np.ndarray:
        """x after the step towards x̂0."""


class Ddim(OneLook):
    """Song, Meng, Ermon 2021, "Denoising diffusion implicit models", equations 12 and 16.

    `eta` 0 adds no noise, 1 as much as DDPM.
    """

    eta = 0.0

    def _towards(self, x: np.ndarray, x0: np.ndarray, place: int) -> np.ndarray:
        alpha, sigma, next_alpha, next_sigma = self._ends(place)
        ratio = alpha / next_alpha
        fresh = self.eta * (next_sigma / sigma) * math.sqrt(max(0.0, 1 - ratio * ratio))
        kept = math.sqrt(max(0.0, next_sigma * next_sigma - fresh * fresh)) / sigma
        # next_alpha x̂0 + kept (x − α x̂0), with ε̂ put in
        moved = (next_alpha - kept * alpha) * x0 + kept * x
        return moved + fresh * self.noise(place) if fresh else moved


class DdimNoisy(Ddim):
    """DDIM with η = 1."""

    draws, eta = True, 1.0


class Ddpm(OneLook):
    """Ho et al. 2020, equations 6 and 7 (algorithm 2), with the smaller of the two variances.

    Between times that lie further apart β is 1 − ᾱ_t / ᾱ_s (Nichol, Dhariwal 2021, section 4).
    """

    draws = True

    def _towards(self, x: np.ndarray, x0: np.ndarray, place: int) -> np.ndarray:
        alpha, sigma, next_alpha, next_sigma = self._ends(place)
        rate = (alpha / next_alpha) ** 2
        beta, was, now = 1 - rate, sigma * sigma, next_sigma * next_sigma
        mean = (next_alpha * beta / was) * x0 + (math.sqrt(rate) * now / was) * x
        deviation = math.sqrt(now / was * beta)
        return mean + deviation * self.noise(place) if deviation else mean


class Euler(Ddim):
    """Euler's method on the probability flow (Karras et al. 2022, algorithm 1 without its
    correction, no churn). On one grid it is DDIM: Song et al. 2021, equations 13 and 14.
    """


class EulerAncestral(OneLook):
    """Euler down to less noise than wanted, then fresh noise up to it.

    Katherine Crowson's k-diffusion (`sample_euler_ancestral`); σ_up² = σ′² (σ² − σ′²) / σ². On
    one grid its numbers are those of DDPM with the smaller variance.
    """

    draws = True

    def _towards(self, x: np.ndarray, x0: np.ndarray, place: int) -> np.ndarray:
        alpha, sigma, next_alpha, _ = self._ends(place)
        level, after = self.grid.levels[place], self.grid.levels[place + 1]
        up = after * math.sqrt(max(0.0, level * level - after * after)) / level
        down = after * after / level
        kept = next_alpha * down / sigma
        moved = (next_alpha - kept * alpha) * x0 + kept * x
        return moved + (next_alpha * up) * self.noise(place) if up else moved


class Heun(Sampler):
    """Karras et al. 2022, algorithm 1: an Euler step, then the mean of both slopes.

    It asks the network twice a step, except in the last. The change of the slope counts as often
    as the level is high, so the grid must not begin above `schedules.NOISIEST`.
    """

    def step(self, x: np.ndarray, place: int) -> tuple[np.ndarray, np.ndarray]:
        """(x after the step, the x̂0 of its first half)."""
        alpha, sigma, next_alpha, next_sigma = self._ends(place)
        first = self._look(x, place)
        kept = next_sigma / sigma
        guess = (next_alpha - kept * alpha) * first + kept * x
        if place + 1 == self.grid.steps:
            return guess, first
        second = self._look(guess, place + 1)
        # y + (σ′ − σ) (ε̂1 + ε̂2) / 2 is the Euler step plus half the change of the slope
        change = (guess - next_alpha * second) / next_sigma - (x - alpha * first) / sigma
        reach = next_alpha * (self.grid.levels[place + 1] - self.grid.levels[place]) / 2
        return guess + reach * change, first


class DpmSolver(OneLook):
    """DPM-Solver++(2M): Lu et al. 2022, "DPM-Solver++: fast solver for guided sampling of
    diffusion probabilistic models", algorithm 2. First and last step are of first order.
    """

    def __init__(self, grid: Grid, denoise: Denoise, noise: Noise) -> None:
        super().__init__(grid, denoise, noise)
        self._last: tuple[int, np.ndarray] | None = None

    def _towards(self, x: np.ndarray, x0: np.ndarray, place: int) -> np.ndarray:
        _, sigma, next_alpha, next_sigma = self._ends(place)
        last, self._last = self._last, (place, x0)
        if place + 1 == self.grid.steps:
            return x0
        levels = self.grid.levels
        width = math.log(levels[place] / levels[place + 1])  # h = λ′ − λ, λ = −log σ/α
        aim = x0
        if last is not None and last[0] == place - 1:
            before = math.log(levels[place - 1] / levels[place])
            aim = x0 + (width / (2 * before)) * (x0 - last[1])
        return (next_sigma / sigma) * x - (next_alpha * math.expm1(-width)) * aim


SAMPLERS: dict[str, type[Sampler]] = {
    "dpm": DpmSolver,
    "ddim": Ddim,
    "euler": Euler,
    "euler_ancestral": EulerAncestral,
    "heun": Heun,
    "ddpm": Ddpm,
}
"""Samplers by the name that requests use."""
