"""How much noise is in a picture at which time, and which times a sampler visits.

A picture x0 at time t (0 … T − 1) is x_t = α x0 + σ ε with α² = ᾱ_t, σ² = 1 − ᾱ_t and standard
normal ε. "linear": Ho, Jain, Abbeel 2020, "Denoising diffusion probabilistic models", section 4.
"cosine": Nichol, Dhariwal 2021, "Improved denoising diffusion probabilistic models", equation 17.
Times: Lin et al. 2023, "Common diffusion noise schedules and sample steps are flawed", table 2.
Levels: Karras et al. 2022, "Elucidating the design space of diffusion-based generative models".
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

Name = Literal["linear", "cosine"]
Spacing = Literal["trailing", "leading", "linspace"]
FIRST, LAST = 1e-4, 0.02
"""β of the first and of the last step of the linear schedule, for 1000 steps."""
OFFSET, MOST = 0.008, 0.999
"""s of equation 17, and the largest β of the cosine schedule."""
RHO = 7.0
NOISIEST = 160.0
"""σ/α from which on a picture is noise for every purpose (λ = −5.1 of DPM-Solver++)."""


def betas(name: Name, steps: int) -> np.ndarray:
    """β_t (steps,) float64: the share of noise that each step adds."""
    if name == "linear":
        # The same total noise whatever the number of steps (section 4 has 1000).
        return np.clip(np.linspace(FIRST, LAST, steps) * (1000 / steps), 0, MOST)
    if name != "cosine":
        raise ValueError(f"there is no schedule {name!r}; there are linear and cosine")
    places = np.arange(steps + 1) / steps
    bars = np.cos((places + OFFSET) / (1 + OFFSET) * math.pi / 2) ** 2
    return np.minimum(1 - bars[1:] / bars[:-1], MOST)


@functools.lru_cache(maxsize=16)
def alphas_cumprod(name: Name, steps: int = 1000) -> np.ndarray:
    """ᾱ_t (steps,) float64, falling; shared, so it must not be written into."""
    bars = np.cumprod(1 - betas(name, steps))
    bars.setflags(write=False)
    return bars


@dataclass(frozen=True)
class Schedule:
    """ᾱ_t (T,) float64, falling, and what follows from it."""

    bars: np.ndarray

    @property
    def steps(self) -> int:
        """T: how many times there are."""
        return len(self.bars)

    @property
    def alphas(self) -> np.ndarray:
        """α_t (T,): what is left of the picture."""
        return np.sqrt(self.bars)

    @property
    def sigmas(self) -> np.ndarray:
        """σ_t (T,): the standard deviation of the noise in it."""
        return np.sqrt(1 - self.bars)

    @property
    def levels(self) -> np.ndarray:
        """σ_t / α_t (T,), rising: the σ of Karras et al."""
        return np.sqrt((1 - self.bars) / self.bars)

    def levels_at(self, times: np.ndarray) -> np.ndarray:
        """Levels at times that may lie between whole ones (a straight line between them)."""
        return np.interp(times, np.arange(self.steps), self.levels)

    def times_of(self, levels: np.ndarray) -> np.ndarray:
        """Times (float) of levels, between whole ones on a line in log σ."""
        return np.interp(np.log(levels), np.log(self.levels), np.arange(self.steps))


def schedule(name: Name, steps: int = 1000) -> Schedule:
    """The schedule called `name` with `steps` times; raises ValueError for an unknown name."""
    return Schedule(alphas_cumprod(name, steps))


def times(total: int, steps: int, spacing: Spacing = "trailing") -> np.ndarray:
    """`steps` falling times out of 0 … total − 1, float64.

    "trailing" begins with the noisiest time and is the only one that shows the network pure
    noise as pure noise at few steps; "leading" is that of DDPM's code, "linspace" has both ends.
    """
    if not 1 <= steps <= total:
        raise ValueError(f"{steps} steps do not fit into {total} times")
    if spacing == "trailing":
        return np.round(total - np.arange(steps) * (total / steps)) - 1
    if spacing == "leading":
        return np.arange(steps, dtype=np.float64)[::-1] * (total // steps)
    return np.linspace(0, total - 1, steps)[::-1]


@dataclass(frozen=True)
class Grid:
    """The way of a sampler: `times` (n) for the network, `levels` (n + 1) falling to 0."""

    times: tuple[float, ...]
    levels: tuple[float, ...]

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return len(self.times)

    def pair(self, place: int) -> tuple[float, float]:
        """(α, σ) before step `place`; of `steps` itself (1, 0), the finished picture."""
        level = self.levels[place]
        alpha = 1 / math.sqrt(1 + level * level)
        return alpha, level * alpha

    def start(self, strength: float) -> int:
        """The step to begin with so that `strength` (0 … 1) of the way is left, at least one."""
        left = min(self.steps, max(1, math.floor(self.steps * strength + 0.5)))
        return self.steps - left


def grid(
    known: Schedule, steps: int, spacing: Spacing = "trailing", most: float = math.inf
) -> Grid:
    """Evenly spaced times with the noise they have; those of a level above `most` are left out."""
    usable = int(np.searchsorted(known.levels, most, side="right"))
    found = times(usable, steps, spacing)
    return _grid(found, known.levels_at(found))


def karras(known: Schedule, steps: int, low: float = 0.0, high: float = 0.0) -> Grid:
    """Levels of equation 5 (ρ = 7): closer together where there is little noise left.

    `low` and `high` are the first and the last level; 0 takes those of the schedule, `NOISIEST`
    at most.
    """
    low = low or float(known.levels[0])
    high = high or min(float(known.levels[-1]), NOISIEST)
    ramp = np.linspace(0, 1, steps)
    levels = (high ** (1 / RHO) + ramp * (low ** (1 / RHO) - high ** (1 / RHO))) ** RHO
    return _grid(known.times_of(levels), levels)


def _grid(found: np.ndarray, levels: np.ndarray) -> Grid:
    return Grid(tuple(found.tolist()), (*levels.tolist(), 0.0))


def noised(pictures: np.ndarray, noise: np.ndarray, alpha: float, sigma: float) -> np.ndarray:
    """x_t of pictures x0 and noise ε of the same shape, float32."""
    return np.float32(alpha) * pictures + np.float32(sigma) * noise
