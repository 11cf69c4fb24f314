"""Ways through latent space: straight lines, arcs, truncation, walks past several points."""

from __future__ import annotations

from typing import Literal

import numpy as np

Method = Literal["slerp", "lerp"]


def lerp(a: np.ndarray, b: np.ndarray, t: float | np.ndarray) -> np.ndarray:
    """The straight line from a (t = 0) to b (t = 1); shapes broadcast."""
    return ((1 - t) * a + t * b).astype(np.result_type(a, b), copy=False)


def slerp(a: np.ndarray, b: np.ndarray, t: float | np.ndarray) -> np.ndarray:
    """The arc from a to b over the last axis (White 2016, "Sampling generative networks").

    Gaussian vectors lie near a sphere; a straight line would cut through its empty inside.
    The weights come from the angle between a and b; nearly parallel or opposite vectors, and
    vectors of length zero, go the straight way.
    """
    a, b = np.asarray(a), np.asarray(b)
    wide_a, wide_b = a.astype(np.float64), b.astype(np.float64)
    lengths = np.linalg.norm(wide_a, axis=-1) * np.linalg.norm(wide_b, axis=-1)
    dots = (wide_a * wide_b).sum(axis=-1)
    cosine = np.clip(np.divide(dots, lengths, out=np.ones_like(dots), where=lengths > 0), -1, 1)
    angle = np.arccos(cosine)[..., None]  # (..., 1)
    sine = np.sin(angle)
    t = np.asarray(t, np.float64)
    straight = sine < 1e-4
    safe = np.where(straight, 1.0, sine)
    left = np.where(straight, 1 - t, np.sin((1 - t) * angle) / safe)
    right = np.where(straight, t, np.sin(t * angle) / safe)
    return (left * wide_a + right * wide_b).astype(np.result_type(a, b), copy=False)


def truncate(z: np.ndarray, psi: float, centre: np.ndarray | float = 0.0) -> np.ndarray:
    """Pull z towards the centre: psi = 1 leaves it, 0 gives the centre itself.

    The trick of StyleGAN (Karras et al. 2019, appendix B) in z: less variety, safer pictures.
    """
    return (centre + psi * (z - centre)).astype(z.dtype, copy=False)


def walk(
    points: np.ndarray, frames: int, loop: bool = False, method: Method = "slerp"
) -> np.ndarray:
    """`frames` vectors past all points (stops, *shape) at even pace: (frames, *shape).

    A loop returns to the first point and leaves its repetition out, so it plays without a hitch;
    otherwise the first and the last frame are the first and the last point.
    """
    stops = len(points)
    if stops < 1 or frames < 1:
        raise ValueError(f"a walk needs a point and a frame, not {stops} and {frames}")
    legs = stops if loop else max(1, stops - 1)
    ends = frames if loop else max(1, frames - 1)
    places = np.arange(frames) * (legs / ends)  # 0 .. legs
    leg = np.minimum(places.astype(np.int64), legs - 1)
    between = (places - leg).reshape(-1, *[1] * (points.ndim - 1))
    start, end = points[leg % stops], points[(leg + 1) % stops]
    return (slerp if method == "slerp" else lerp)(start, end, between)
