"""The part of a sound that stays, and its loudness: what `core.sound_edit` asks for."""

from __future__ import annotations

import numpy as np

from genstudio.core.sound_edit import SoundEdit

PEAK = 0.98
"""The loudest sample of a sound that is normalised."""
FADE = 0.002
"""Seconds over which a cut end dies away, so that it does not click."""


def edited(samples: np.ndarray, rate: int, edit: SoundEdit) -> np.ndarray:
    """float32 (n,) or (n, channels) after the edit; at least one sample stays."""
    first = min(round(edit.first * rate), max(0, len(samples) - 1))
    last = min(len(samples), round(edit.last * rate)) if edit.last else len(samples)
    found = samples[first : max(last, first + 1)].astype(np.float32)
    fade = np.linspace(0, 1, min(len(found), max(1, round(FADE * rate))), dtype=np.float32)
    shape = (-1,) + (1,) * (samples.ndim - 1)
    if first:
        found[: len(fade)] *= fade.reshape(shape)
    if first + len(found) < len(samples):
        found[len(found) - len(fade) :] *= fade[::-1].reshape(shape)
    loudest = float(np.abs(found).max(initial=0.0))
    return found * np.float32(PEAK / loudest) if edit.normalise and loudest > 0 else found
