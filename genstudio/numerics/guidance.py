"""Guidance: how far the network's answer moves from what nobody asked for to what was asked."""

from __future__ import annotations

import numpy as np


def guided(asked: np.ndarray, plain: np.ndarray, scale: float, rescale: float = 0.0) -> np.ndarray:
    """The answers (b, …) to what was asked, moved away from the plain ones.

    Ho, Salimans 2021, "Classifier-free diffusion guidance", equation 6 with scale = 1 + w; the
    plain answer may be that to a negative prompt. `rescale` (0 to 1) takes the spread of each
    answer back to that of `asked` (Lin et al. 2023, "Common diffusion noise schedules and sample
    steps are flawed", section 3.4, equations 14 to 16).
    """
    found: np.ndarray = plain + np.float32(scale) * (asked - plain)
    if rescale <= 0:
        return found
    axes = tuple(range(1, found.ndim))
    wanted = asked.std(axis=axes, keepdims=True, dtype=np.float64)
    spread = found.std(axis=axes, keepdims=True, dtype=np.float64)
    factor = np.divide(wanted, spread, out=np.ones_like(wanted), where=spread > 0)
    mixed: np.ndarray = found * (rescale * factor + (1 - rescale)).astype(found.dtype)
    return mixed
