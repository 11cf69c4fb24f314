"""Parts of pictures: what is known and stays, soft edges, and windows over a larger canvas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from genstudio.numerics.samplers import Denoise
from genstudio.numerics.schedules import noised


@dataclass(frozen=True)
class Known:
    """Pictures x0 (b or 1, c, h, w) that stay outside of `hole`, bool (h, w).

    The known part of the state is the original with its own noise at every step (Lugmayr et al.
    2022, "RePaint: inpainting using denoising diffusion probabilistic models", equation 8).
    """

    pictures: np.ndarray
    hole: np.ndarray

    def state(self, x: np.ndarray, noise: np.ndarray, pair: tuple[float, float]) -> np.ndarray:
        """x (b, c, h, w) with the known part put back, at the noise (α, σ)."""
        return np.where(self.hole, x, noised(self.pictures, noise, *pair))

    def wrap(self, denoise: Denoise) -> Denoise:
        """The same denoiser, which does not doubt the known part."""

        def believing(x: np.ndarray, t: float, alpha: float, sigma: float) -> np.ndarray:
            return np.where(self.hole, denoise(x, t, alpha, sigma), self.pictures)

        return believing


def softened(hole: np.ndarray, feather: int) -> np.ndarray:
    """How much of the new picture to show, float32 (h, w): 0 outside of the hole, rising inside.

    It reaches 1 `feather` pixels from the edge; the borders of the picture are no edge.
    """
    total, left = hole.astype(np.float32), hole
    for _ in range(feather):
        padded = np.pad(left, 1, constant_values=True)
        rows = padded[:-2] & padded[1:-1] & padded[2:]
        left = rows[:, :-2] & rows[:, 1:-1] & rows[:, 2:]
        total += left
    return total / (feather + 1)


def pasted(new: np.ndarray, old: np.ndarray, share: np.ndarray) -> np.ndarray:
    """uint8 (h, w, c): the old picture exactly where `share` (h, w) is 0, the new one where 1."""
    mixed = old + share[..., None] * (new.astype(np.float32) - old)
    return np.rint(mixed).astype(np.uint8)


@dataclass(frozen=True)
class Windows:
    """Squares of `size` over a canvas, overlapping by half, whose opinions are averaged.

    Bar-Tal et al. 2023, "MultiDiffusion: fusing diffusion paths for controlled image
    generation", equation 5. `corners` are (top, left).
    """

    size: int
    corners: tuple[tuple[int, int], ...]

    @classmethod
    def over(cls, shape: tuple[int, int], size: int, hole: np.ndarray) -> Windows:
        """Windows that cover the hole (h, w) of a canvas of `shape`, both sides >= size."""
        rows, columns = (_starts(length, size) for length in shape)
        corners = [(top, left) for top in rows for left in columns]
        needed = tuple(
            (top, left) for top, left in corners if hole[top : top + size, left : left + size].any()
        )
        return cls(size, needed)

    def wrap(self, denoise: Denoise) -> Denoise:
        """A denoiser of the canvas (b, c, h, w) from one of single windows; 0 where none lies."""
        weight = _weights(self.size)

        def everywhere(x: np.ndarray, t: float, alpha: float, sigma: float) -> np.ndarray:
            s = self.size
            parts = [x[:, :, top : top + s, left : left + s] for top, left in self.corners]
            found = denoise(np.concatenate(parts), t, alpha, sigma)
            total, weights = np.zeros_like(x), np.zeros(x.shape[2:], np.float32)
            for number, (top, left) in enumerate(self.corners):
                mine = found[number * len(x) : (number + 1) * len(x)]
                total[:, :, top : top + s, left : left + s] += weight * mine
                weights[top : top + s, left : left + s] += weight
            return total / np.maximum(weights, weight.min())

        return everywhere


def _starts(length: int, size: int) -> list[int]:
    """Where windows begin: evenly, about half a window apart, to both ends."""
    gaps = -(-(length - size) // max(1, size // 2))
    return sorted({round(i * (length - size) / max(1, gaps)) for i in range(gaps + 1)})


def _weights(size: int) -> np.ndarray:
    """float32 (size, size), highest in the middle: seams fade out."""
    near = np.minimum(np.arange(size), np.arange(size)[::-1]) + 1.0
    return np.outer(near, near).astype(np.float32)
