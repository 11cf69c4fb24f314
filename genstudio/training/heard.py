"""Live samples of models that sound: a WAV file with one after the other, and its picture."""

from __future__ import annotations

import numpy as np

from genstudio.media import companding, sound_picture
from genstudio.training.feeding import Feed
from genstudio.training.objective import Networks, Objective

SUFFIX = ".wav"
COUNT = 8
"""Sounds made at each look."""
PAUSE = 0.15  # seconds between them


def makes(objective: Objective) -> bool:
    """True for models that sound."""
    return hasattr(objective, "sounds")


def samples(
    objective: Objective, networks: Networks, batches: Feed, seed: int
) -> tuple[bytes, list[str]]:
    """A WAV file with sounds from fixed noise, and what each was asked for."""
    made, rate = objective.sounds(networks, batches.shown(1), COUNT, seed)  # type: ignore[attr-defined]
    pause = np.zeros(round(PAUSE * rate), np.float32)
    joined = np.concatenate([part for sound in made for part in (trimmed(sound), pause)])
    return sound_picture.wav(joined, rate), objective.asked(batches.shown(1), COUNT)


def cover(objective: Objective, networks: Networks, batches: Feed, seed: int) -> bytes:
    """A PNG with the waveforms of such sounds."""
    made, _ = objective.sounds(networks, batches.shown(1), COUNT, seed)  # type: ignore[attr-defined]
    return sound_picture.sheet(made)


def trimmed(sound: np.ndarray) -> np.ndarray:
    """A sound (n,) without the silence at its end."""
    loud = np.flatnonzero(np.abs(sound) > companding.LEVELS[companding.SILENCE + 1])
    return sound[: loud[-1] + 1] if len(loud) else sound[:1]
