"""Live samples of models that sound: a WAV file each, and a sheet with their outlines."""

from __future__ import annotations

import numpy as np

from genstudio.media import companding, sound_picture
from genstudio.training.feeding import Feed
from genstudio.training.objective import Networks, Objective

COUNT = 8
"""Sounds made at each look."""


def makes(objective: Objective) -> bool:
    """True for models that sound."""
    return hasattr(objective, "sounds")


def samples(
    objective: Objective, networks: Networks, batches: Feed, seed: int
) -> tuple[bytes, dict[str, bytes], list[str]]:
    """(a PNG of sounds from fixed noise, each as a WAV file "-1.wav" …, what each was asked
    for)."""
    made, rate = objective.sounds(networks, batches.shown(1), COUNT, seed)  # type: ignore[attr-defined]
    files = {
        f"-{number}.wav": sound_picture.wav(trimmed(sound), rate)
        for number, sound in enumerate(made, start=1)
    }
    return sound_picture.sheet(made), files, objective.asked(batches.shown(1), COUNT)


def cover(objective: Objective, networks: Networks, batches: Feed, seed: int) -> bytes:
    """A PNG with the waveforms of such sounds."""
    made, _ = objective.sounds(networks, batches.shown(1), COUNT, seed)  # type: ignore[attr-defined]
    return sound_picture.sheet(made)


def trimmed(sound: np.ndarray) -> np.ndarray:
    """A sound (n,) without the silence at its end."""
    loud = np.flatnonzero(np.abs(sound) > companding.LEVELS[companding.SILENCE + 1])
    return sound[: loud[-1] + 1] if len(loud) else sound[:1]
