"""Generated sounds to train on: two kinds that even a tiny model can tell apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from genstudio.media import sound_picture

KINDS = ("beep", "knock")
RATE = 2000
SOUNDS = 12


def sound(kind: str, number: int) -> np.ndarray:
    """float32 (n,): a tone that dies away, or a few knocks; what it is follows from `number`."""
    random = np.random.default_rng([KINDS.index(kind), number])
    time = np.arange(int(random.integers(150, 260))) / RATE
    if kind == "beep":
        wave = np.sin(2 * np.pi * random.uniform(180, 260) * time)
    else:
        wave = np.sign(np.sin(2 * np.pi * 40 * time)) * random.uniform(0.6, 1.0)
    return (wave * np.exp(-time / 0.04) * 0.8).astype(np.float32)


def wav(samples: np.ndarray, rate: int = RATE) -> bytes:
    """A WAV file of samples (n,)."""
    return sound_picture.wav(samples, rate)


def write(folder: Path) -> Path:
    """A folder for each kind with a file for each sound; returns `folder`."""
    for kind in KINDS:
        for number in range(SOUNDS):
            path = folder / kind / f"{kind}-{number}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wav(sound(kind, number)))
    return folder
